//! Rows of the Retention intelligence page.

use chrono::NaiveDate;

use super::shares::Share;
use super::{Columns, DecodeError, Row};

/// How many of a cohort came back in a period; without a cohort, of all cohorts together.
#[derive(Debug, Clone, PartialEq)]
pub struct CohortCell {
    /// First day of the cohort's week or month of signup; `None` for all of them together.
    pub cohort: Option<NaiveDate>,
    /// Weeks of 7 or months of 30 days since the signup, from 0.
    pub period: i64,
    /// People who signed up.
    pub cohort_size: i64,
    /// Those who have been observed through the period.
    pub eligible: i64,
    /// Those of them who came back.
    pub retained: i64,
    /// Retained over eligible; `None` before anyone has been observed.
    pub rate: Option<f64>,
    /// Whether the cohort is over, and everyone of it has been observed through the period.
    pub is_complete: bool,
}

impl Row for CohortCell {
    fn read(columns: &Columns<'_>) -> Result<Vec<Self>, DecodeError> {
        let cohorts = columns.dates("cohort_date")?;
        let integers = |name: &str| Columns::required(name, columns.integers(name)?);
        let (periods, sizes) = (integers("period")?, integers("cohort_size")?);
        let (eligible, retained) = (integers("eligible")?, integers("retained")?);
        let rates = columns.numbers("retention_rate")?;
        let complete = Columns::required("is_complete", columns.booleans("is_complete")?)?;
        Ok((0..cohorts.len())
            .map(|row| Self {
                is_complete: complete[row],
                cohort: cohorts[row],
                period: periods[row],
                cohort_size: sizes[row],
                eligible: eligible[row],
                retained: retained[row],
                rate: rates[row],
            })
            .collect())
    }
}

/// How many people of a segment came back in a period.
#[derive(Debug, Clone, PartialEq)]
pub struct SegmentPeriod {
    /// The value of the dimension, as spelled in the data.
    pub segment: String,
    /// Weeks of 7 or months of 30 days since the signup, from 0.
    pub period: i64,
    /// People observed through the period.
    pub eligible: i64,
    /// Those of them who came back.
    pub retained: i64,
    /// Retained over eligible.
    pub rate: Option<f64>,
}

impl SegmentPeriod {
    /// Retained of eligible people.
    #[must_use]
    pub fn retention(&self) -> Share {
        Share::new(self.retained, self.eligible)
    }
}

impl Row for SegmentPeriod {
    fn read(columns: &Columns<'_>) -> Result<Vec<Self>, DecodeError> {
        let segments = Columns::required("segment_value", columns.texts("segment_value")?)?;
        let integers = |name: &str| Columns::required(name, columns.integers(name)?);
        let periods = integers("period")?;
        let (eligible, retained) = (integers("eligible")?, integers("retained")?);
        let rates = columns.numbers("retention_rate")?;
        Ok(segments
            .into_iter()
            .enumerate()
            .map(|(row, segment)| Self {
                segment,
                period: periods[row],
                eligible: eligible[row],
                retained: retained[row],
                rate: rates[row],
            })
            .collect())
    }
}

/// A step of a Kaplan–Meier curve.
#[derive(Debug, Clone, PartialEq)]
pub struct SurvivalMonth {
    /// The plan a run of paid periods began on, as spelled in the data.
    pub plan: String,
    /// Whole months of 30 days since the run began.
    pub month: i64,
    /// Runs still observed when the month began.
    pub at_risk: i64,
    /// Runs that ended with the customer leaving.
    pub churned: i64,
    /// Runs whose observation ended.
    pub censored: i64,
    /// Estimated share that lasts longer.
    pub survival: f64,
    /// Lower end of its 95% interval (docs/decisions/0118).
    pub lower: f64,
    /// Upper end of the same.
    pub upper: f64,
}

impl Row for SurvivalMonth {
    fn read(columns: &Columns<'_>) -> Result<Vec<Self>, DecodeError> {
        let plans = Columns::required("first_plan", columns.texts("first_plan")?)?;
        let integers = |name: &str| Columns::required(name, columns.integers(name)?);
        let numbers = |name: &str| Columns::required(name, columns.numbers(name)?);
        let (months, at_risk) = (integers("month_number")?, integers("at_risk")?);
        let (churned, censored) = (integers("churned")?, integers("censored")?);
        let survival = numbers("survival_rate")?;
        let (lower, upper) = (numbers("survival_lower")?, numbers("survival_upper")?);
        Ok(plans
            .into_iter()
            .enumerate()
            .map(|(row, plan)| Self {
                plan,
                month: months[row],
                at_risk: at_risk[row],
                churned: churned[row],
                censored: censored[row],
                survival: survival[row],
                lower: lower[row],
                upper: upper[row],
            })
            .collect())
    }
}

/// How many people were in each state at a month's end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LifecycleMonth {
    /// First day of the month.
    pub month: NaiveDate,
    /// Signed up within the last 14 days.
    pub new: i64,
    /// Active within the last 14 days.
    pub active: i64,
    /// Last active 14 to 29 days before.
    pub at_risk: i64,
    /// Not active for 30 days.
    pub dormant: i64,
    /// Paid once, and no longer do.
    pub churned: i64,
    /// People who left the state dormant or churned in the month.
    pub returned: i64,
}

impl LifecycleMonth {
    /// The states by name, the liveliest first.
    #[must_use]
    pub const fn states(&self) -> [(&'static str, i64); 5] {
        [
            ("new", self.new),
            ("active", self.active),
            ("at_risk", self.at_risk),
            ("dormant", self.dormant),
            ("churned", self.churned),
        ]
    }

    /// Everyone who has signed up.
    #[must_use]
    pub const fn people(&self) -> i64 {
        self.new + self.active + self.at_risk + self.dormant + self.churned
    }
}

impl Row for LifecycleMonth {
    fn read(columns: &Columns<'_>) -> Result<Vec<Self>, DecodeError> {
        let months = Columns::required("date_month", columns.dates("date_month")?)?;
        let integers = |name: &str| Columns::required(name, columns.integers(name)?);
        let (new, active) = (integers("new")?, integers("active")?);
        let (at_risk, dormant) = (integers("at_risk")?, integers("dormant")?);
        let (churned, returned) = (integers("churned")?, integers("returned")?);
        Ok(months
            .into_iter()
            .enumerate()
            .map(|(row, month)| Self {
                month,
                new: new[row],
                active: active[row],
                at_risk: at_risk[row],
                dormant: dormant[row],
                churned: churned[row],
                returned: returned[row],
            })
            .collect())
    }
}

/// What the customers of a cohort still pay; without a cohort, of all cohorts together.
#[derive(Debug, Clone, PartialEq)]
pub struct RevenueCell {
    /// First day of the quarter of the first payment; `None` for all of them together.
    pub cohort: Option<NaiveDate>,
    /// Months since the month of the first payment, from 0.
    pub month: i64,
    /// Customers who have been observed that long.
    pub customers: i64,
    /// What they paid at the end of their first month.
    pub base_cents: i64,
    /// What they pay now.
    pub retained_cents: i64,
    /// The same without expansion.
    pub kept_cents: i64,
    /// Net revenue retention.
    pub nrr: Option<f64>,
    /// Gross revenue retention.
    pub grr: Option<f64>,
    /// Whether the cohort and its month are over, and everyone has been observed that long.
    pub is_complete: bool,
}

impl Row for RevenueCell {
    fn read(columns: &Columns<'_>) -> Result<Vec<Self>, DecodeError> {
        let cohorts = columns.dates("cohort_date")?;
        let integers = |name: &str| Columns::required(name, columns.integers(name)?);
        let (months, customers) = (integers("month_number")?, integers("customers")?);
        let complete = Columns::required("is_complete", columns.booleans("is_complete")?)?;
        let base = integers("base_mrr_cents")?;
        let (retained, kept) = (integers("retained_mrr_cents")?, integers("kept_mrr_cents")?);
        let (nrr, grr) = (columns.numbers("nrr")?, columns.numbers("grr")?);
        Ok((0..cohorts.len())
            .map(|row| Self {
                cohort: cohorts[row],
                month: months[row],
                customers: customers[row],
                base_cents: base[row],
                retained_cents: retained[row],
                kept_cents: kept[row],
                nrr: nrr[row],
                grr: grr[row],
                is_complete: complete[row],
            })
            .collect())
    }
}
