//! Rows of the Revenue deep-dive page.

use chrono::NaiveDate;

use super::{Columns, DecodeError, Row};

/// Revenue kept from the customers of twelve months before.
#[derive(Debug, Clone, PartialEq)]
pub struct RetentionMonth {
    /// First day of the month.
    pub month: NaiveDate,
    /// What they pay now over what they paid then; `None` when nobody paid.
    pub nrr: Option<f64>,
    /// The same with nobody counted for more than they paid then.
    pub grr: Option<f64>,
    /// What they paid then.
    pub base_cents: i64,
    /// What they pay now.
    pub retained_cents: i64,
    /// How many they were.
    pub base_customers: i64,
}

impl Row for RetentionMonth {
    fn read(columns: &Columns<'_>) -> Result<Vec<Self>, DecodeError> {
        let months = Columns::required("date_month", columns.dates("date_month")?)?;
        let nrr = columns.numbers("nrr")?;
        let grr = columns.numbers("grr")?;
        let whole = |name: &str| Columns::required(name, columns.integers(name)?);
        let base = whole("base_mrr_cents")?;
        let retained = whole("retained_mrr_cents")?;
        let customers = whole("base_customers")?;
        Ok((0..months.len())
            .map(|row| Self {
                month: months[row],
                nrr: nrr[row],
                grr: grr[row],
                base_cents: base[row],
                retained_cents: retained[row],
                base_customers: customers[row],
            })
            .collect())
    }
}

/// How the charges ended that failed at first for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DunningFlow {
    /// Why the first attempt failed; `None` when it did not.
    pub reason: Option<String>,
    /// How the charge ended: `paid_at_once`, `recovered`, `lost` or `in_dunning`.
    pub outcome: String,
    /// Number of charges.
    pub charges: i64,
    /// What they came to.
    pub amount_cents: i64,
}

impl Row for DunningFlow {
    fn read(columns: &Columns<'_>) -> Result<Vec<Self>, DecodeError> {
        let reasons = columns.texts("failure_code")?;
        let outcomes = Columns::required("dunning_outcome", columns.texts("dunning_outcome")?)?;
        let charges = Columns::required("charges", columns.integers("charges")?)?;
        let amounts = Columns::required("amount_cents", columns.integers("amount_cents")?)?;
        let rows = reasons.into_iter().zip(outcomes).zip(charges).zip(amounts);
        Ok(rows
            .map(|(((reason, outcome), charges), amount_cents)| Self {
                reason,
                outcome,
                charges,
                amount_cents,
            })
            .collect())
    }
}

/// What was paid back and what was lost to disputes in a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundMonth {
    /// First day of the month.
    pub month: NaiveDate,
    /// Number of refunds.
    pub refunds: i64,
    /// What was paid back.
    pub refunded_cents: i64,
    /// Number of disputes that were opened.
    pub disputes: i64,
    /// What disputes took, less what came back of disputes that were won.
    pub disputed_cents: i64,
    /// What was charged.
    pub gross_cents: i64,
}

impl Row for RefundMonth {
    fn read(columns: &Columns<'_>) -> Result<Vec<Self>, DecodeError> {
        let months = Columns::required("date_month", columns.dates("date_month")?)?;
        let whole = |name: &str| Columns::required(name, columns.integers(name)?);
        let refunds = whole("refunds")?;
        let refunded = whole("refunded_cents")?;
        let disputes = whole("disputes")?;
        let disputed = whole("disputed_cents")?;
        let gross = whole("gross_cents")?;
        Ok((0..months.len())
            .map(|row| Self {
                month: months[row],
                refunds: refunds[row],
                refunded_cents: refunded[row],
                disputes: disputes[row],
                disputed_cents: disputed[row],
                gross_cents: gross[row],
            })
            .collect())
    }
}

/// A day's revenue, and who takes it for unusual.
#[derive(Debug, Clone, PartialEq)]
pub struct RevenueDay {
    /// The day.
    pub date: NaiveDate,
    /// What was charged on it.
    pub revenue_cents: i64,
    /// What is usual for it; `None` without history.
    pub usual_cents: Option<f64>,
    /// Whether `advanced.anomaly_flags` takes it for unusual.
    pub is_flagged: bool,
    /// How unusual the Isolation Forest finds it, from 0 to 1; `None` until it is learned.
    pub score: Option<f64>,
    /// Whether the forest takes it for unusual.
    pub is_called: bool,
    /// Customers charged on it.
    pub charges: i64,
    /// What was planted on it; `None` on other days, or while truth is hidden.
    pub planted: Option<PlantedDay>,
    /// Whether truth is shown and billing was down the day before, so that its bills are collected now.
    pub is_after_outage: bool,
}

/// What was planted on a day.
#[derive(Debug, Clone, PartialEq)]
pub struct PlantedDay {
    /// What befell its bills, as `truth.anomaly_days` has it.
    pub kind: String,
    /// What they were charged, times what was agreed.
    pub factor: f64,
}

impl Row for RevenueDay {
    fn read(columns: &Columns<'_>) -> Result<Vec<Self>, DecodeError> {
        let dates = Columns::required("date_day", columns.dates("date_day")?)?;
        let whole = |name: &str| Columns::required(name, columns.integers(name)?);
        let revenue = whole("revenue_cents")?;
        let usual = columns.numbers("usual_revenue_cents")?;
        let whether = |name: &str| Columns::required(name, columns.booleans(name)?);
        let flagged = whether("is_flagged")?;
        let scores = columns.numbers("forest_score")?;
        let called = whether("is_called")?;
        let charges = whole("charges")?;
        let kinds = columns.texts("planted_kind")?;
        let factors = columns.numbers("planted_factor")?;
        let after_outages = whether("is_after_outage")?;
        Ok((0..dates.len())
            .map(|row| Self {
                date: dates[row],
                revenue_cents: revenue[row],
                usual_cents: usual[row],
                is_flagged: flagged[row],
                score: scores[row],
                is_called: called[row],
                charges: charges[row],
                planted: (kinds[row].clone().zip(factors[row]))
                    .map(|(kind, factor)| PlantedDay { kind, factor }),
                is_after_outage: after_outages[row],
            })
            .collect())
    }
}

/// Users whose value the model predicted alike, and what they then paid.
#[derive(Debug, Clone, PartialEq)]
pub struct LtvDecile {
    /// Which tenth, from 1, the lowest predictions first.
    pub decile: i64,
    /// Users in it.
    pub users: i64,
    /// What they were expected to pay, on average.
    pub mean_predicted_cents: f64,
    /// What they paid, on average.
    pub mean_actual_cents: f64,
    /// What they paid together.
    pub actual_cents: i64,
}

impl Row for LtvDecile {
    fn read(columns: &Columns<'_>) -> Result<Vec<Self>, DecodeError> {
        let whole = |name: &str| Columns::required(name, columns.integers(name)?);
        let number = |name: &str| Columns::required(name, columns.numbers(name)?);
        let deciles = whole("decile")?;
        let users = whole("users")?;
        let predicted = number("mean_predicted_cents")?;
        let means = number("mean_actual_cents")?;
        let actual = whole("actual_cents")?;
        Ok((0..deciles.len())
            .map(|row| Self {
                decile: deciles[row],
                users: users[row],
                mean_predicted_cents: predicted[row],
                mean_actual_cents: means[row],
                actual_cents: actual[row],
            })
            .collect())
    }
}
