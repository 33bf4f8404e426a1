//! Rows of the Retention intelligence page.

use chrono::NaiveDate;

use super::row;
use super::shares::Share;

row! {
    /// How many of a cohort came back in a period; without a cohort, of all cohorts together.
    pub struct CohortCell {
        /// First day of the cohort's week or month of signup; `None` for all of them together.
        pub cohort: Option<NaiveDate> = "cohort_date",
        /// Weeks of 7 or months of 30 days since the signup, from 0.
        pub period: i64,
        /// People who signed up.
        pub cohort_size: i64,
        /// Those who have been observed through the period.
        pub eligible: i64,
        /// Those of them who came back.
        pub retained: i64,
        /// Retained over eligible; `None` before anyone has been observed.
        pub rate: Option<f64> = "retention_rate",
        /// Whether the cohort is over, and everyone of it has been observed through the period.
        pub is_complete: bool,
    }

    /// How many people of a segment came back in a period.
    pub struct SegmentPeriod {
        /// The value of the dimension, as spelled in the data.
        pub segment: String = "segment_value",
        /// Weeks of 7 or months of 30 days since the signup, from 0.
        pub period: i64,
        /// People observed through the period.
        pub eligible: i64,
        /// Those of them who came back.
        pub retained: i64,
        /// Retained over eligible.
        pub rate: Option<f64> = "retention_rate",
    }
}

impl SegmentPeriod {
    /// Retained of eligible people.
    #[must_use]
    pub fn retention(&self) -> Share {
        Share::new(self.retained, self.eligible)
    }
}

row! {
    /// A step of a Kaplan–Meier curve.
    pub struct SurvivalMonth {
        /// The plan a run of paid periods began on, as spelled in the data.
        pub plan: String = "first_plan",
        /// Whole months of 30 days since the run began.
        pub month: i64 = "month_number",
        /// Runs still observed when the month began.
        pub at_risk: i64,
        /// Runs that ended with the customer leaving.
        pub churned: i64,
        /// Runs whose observation ended.
        pub censored: i64,
        /// Estimated share that lasts longer.
        pub survival: f64 = "survival_rate",
        /// Lower end of its 95% interval (docs/decisions/0118).
        pub lower: f64 = "survival_lower",
        /// Upper end of the same.
        pub upper: f64 = "survival_upper",
    }

    /// How many people were in each state at a month's end.
    pub struct LifecycleMonth {
        /// First day of the month.
        pub month: NaiveDate = "date_month",
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

row! {
    /// What the customers of a cohort still pay; without a cohort, of all cohorts together.
    pub struct RevenueCell {
        /// First day of the quarter of the first payment; `None` for all of them together.
        pub cohort: Option<NaiveDate> = "cohort_date",
        /// Months since the month of the first payment, from 0.
        pub month: i64 = "month_number",
        /// Customers who have been observed that long.
        pub customers: i64,
        /// What they paid at the end of their first month.
        pub base_cents: i64 = "base_mrr_cents",
        /// What they pay now.
        pub retained_cents: i64 = "retained_mrr_cents",
        /// The same without expansion.
        pub kept_cents: i64 = "kept_mrr_cents",
        /// Net revenue retention.
        pub nrr: Option<f64>,
        /// Gross revenue retention.
        pub grr: Option<f64>,
        /// Whether the cohort and its month are over, and everyone has been observed that long.
        pub is_complete: bool,
    }
}
