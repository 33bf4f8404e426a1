//! Rows of the Executive growth page.

use chrono::NaiveDate;

use super::typed::rows;
use super::{Columns, DecodeError, Row};

/// A month's headline figures.
#[derive(Debug, Clone, PartialEq)]
pub struct HeadlineMonth {
    /// First day of the month.
    pub month: NaiveDate,
    /// Monthly recurring revenue at its end.
    pub mrr_cents: i64,
    /// Twelve times that.
    pub arr_cents: i64,
    /// Revenue kept and grown from customers of a year before.
    pub nrr: Option<f64>,
    /// Users active in its last 30 days.
    pub active_users: Option<i64>,
    /// People who signed up in it.
    pub signups: i64,
    /// MRR gained over MRR lost.
    pub quick_ratio: Option<f64>,
    /// Lifetime value over acquisition cost.
    pub ltv_to_cac: Option<f64>,
}

impl Row for HeadlineMonth {
    fn read(columns: &Columns<'_>) -> Result<Vec<Self>, DecodeError> {
        let months = Columns::required("date_month", columns.dates("date_month")?)?;
        let mrr = Columns::required("mrr_cents", columns.integers("mrr_cents")?)?;
        let arr = Columns::required("arr_cents", columns.integers("arr_cents")?)?;
        let nrr = columns.numbers("nrr")?;
        let active_users = columns.integers("active_users")?;
        let signups = columns.integers("signups")?;
        let quick_ratios = columns.numbers("quick_ratio")?;
        let ltv_to_cac = columns.numbers("ltv_to_cac")?;
        Ok((0..months.len())
            .map(|row| Self {
                month: months[row],
                mrr_cents: mrr[row],
                arr_cents: arr[row],
                nrr: nrr[row],
                active_users: active_users[row],
                signups: signups[row].unwrap_or(0),
                quick_ratio: quick_ratios[row],
                ltv_to_cac: ltv_to_cac[row],
            })
            .collect())
    }
}

/// The MRR of a plan in a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanMonth {
    /// First day of the month.
    pub month: NaiveDate,
    /// The plan, as spelled in the data.
    pub plan: String,
    /// Its MRR at the month's end.
    pub mrr_cents: i64,
}

impl Row for PlanMonth {
    fn read(columns: &Columns<'_>) -> Result<Vec<Self>, DecodeError> {
        let months = Columns::required("date_month", columns.dates("date_month")?)?;
        let plans = Columns::required("plan", columns.texts("plan")?)?;
        let mrr = Columns::required("mrr_cents", columns.integers("mrr_cents")?)?;
        let rows = months.into_iter().zip(plans).zip(mrr);
        Ok(rows
            .map(|((month, plan), mrr_cents)| Self {
                month,
                plan,
                mrr_cents,
            })
            .collect())
    }
}

/// What moved MRR in a month; losses are negative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovementMonth {
    /// First day of the month.
    pub month: NaiveDate,
    /// MRR at its beginning.
    pub opening_cents: i64,
    /// From new customers.
    pub new_cents: i64,
    /// From customers who added seats or moved up.
    pub expansion_cents: i64,
    /// From customers who came back.
    pub reactivation_cents: i64,
    /// From customers who dropped seats or moved down; at most 0.
    pub contraction_cents: i64,
    /// From customers who left; at most 0.
    pub churn_cents: i64,
    /// What came from other plans less what went to them; 0 unless some plans are chosen.
    pub transfer_cents: i64,
    /// MRR at its end.
    pub closing_cents: i64,
    /// Customers behind each movement, in the order of [`Self::movements`].
    pub customers: [i64; 5],
}

impl MovementMonth {
    /// The movements, gains first.
    pub const NAMES: [&'static str; 5] =
        ["new", "expansion", "reactivation", "contraction", "churn"];

    /// The movements by name, gains first.
    #[must_use]
    pub const fn movements(&self) -> [(&'static str, i64); 5] {
        [
            ("new", self.new_cents),
            ("expansion", self.expansion_cents),
            ("reactivation", self.reactivation_cents),
            ("contraction", self.contraction_cents),
            ("churn", self.churn_cents),
        ]
    }
}

impl Row for MovementMonth {
    fn read(columns: &Columns<'_>) -> Result<Vec<Self>, DecodeError> {
        let months = Columns::required("date_month", columns.dates("date_month")?)?;
        let cents = |name: &str| Columns::required(name, columns.integers(name)?);
        let opening = cents("opening_mrr_cents")?;
        let new = cents("new_mrr_cents")?;
        let expansion = cents("expansion_mrr_cents")?;
        let reactivation = cents("reactivation_mrr_cents")?;
        let contraction = cents("contraction_mrr_cents")?;
        let churn = cents("churn_mrr_cents")?;
        let transfer = cents("transfer_mrr_cents")?;
        let closing = cents("closing_mrr_cents")?;
        let mut customers = Vec::new();
        for name in MovementMonth::NAMES {
            customers.push(cents(&format!("{name}_customers"))?);
        }
        Ok((0..months.len())
            .map(|row| Self {
                month: months[row],
                opening_cents: opening[row],
                new_cents: new[row],
                expansion_cents: expansion[row],
                reactivation_cents: reactivation[row],
                // Losses count downwards, however the mart signs them.
                contraction_cents: -contraction[row].abs(),
                churn_cents: -churn[row].abs(),
                transfer_cents: transfer[row],
                closing_cents: closing[row],
                customers: std::array::from_fn(|movement| customers[movement][row]),
            })
            .collect())
    }
}

rows! {
    /// A day of the audience: counted, or expected.
    AudienceDay {
        /// The day.
        date: date = "date_day",
        /// Users active on it; none of a day that lies ahead.
        dau: maybe_integer = "dau",
        /// Users active in the 7 days to it.
        wau: maybe_integer = "wau",
        /// Users active in the 30 days to it.
        mau: maybe_integer = "mau",
        /// Daily active users, as expected; only of a day that lies ahead.
        expected: maybe_number = "expected_dau",
        /// Lower end of the 80% band.
        lower: maybe_number = "lower_dau",
        /// Upper end of it.
        upper: maybe_number = "upper_dau",
    }
}

impl super::periods::Periodic for AudienceDay {
    const GRAIN: super::periods::Grain = super::periods::Grain::Day;

    fn starts_on(&self) -> NaiveDate {
        self.date
    }
}

/// A day that a model takes for unusual.
#[derive(Debug, Clone, PartialEq)]
pub struct UnusualDay {
    /// The day.
    pub date: NaiveDate,
    /// How unusual, from 0 to 1.
    pub score: f64,
}

impl Row for UnusualDay {
    fn read(columns: &Columns<'_>) -> Result<Vec<Self>, DecodeError> {
        let dates = Columns::required("date", columns.dates("date")?)?;
        let scores = Columns::required("score", columns.numbers("score")?)?;
        let days = dates.into_iter().zip(scores);
        Ok(days.map(|(date, score)| Self { date, score }).collect())
    }
}

/// Signups of a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelSignups {
    /// The channel, as spelled in the data.
    pub channel: String,
    /// Signups in the range.
    pub signups: i64,
    /// Signups in the period of the same length before; `None` when the history is too short.
    pub before: Option<i64>,
}

impl Row for ChannelSignups {
    fn read(columns: &Columns<'_>) -> Result<Vec<Self>, DecodeError> {
        let channels = Columns::required("channel", columns.texts("channel")?)?;
        let signups = Columns::required("signups", columns.integers("signups")?)?;
        let before = columns.integers("previous_signups")?;
        Ok((0..channels.len())
            .map(|row| Self {
                channel: channels[row].clone(),
                signups: signups[row],
                before: before[row],
            })
            .collect())
    }
}

/// The driver tree's figures on a day; counts of movements cover the 28 days to it.
#[derive(Debug, Clone, PartialEq)]
pub struct NorthStarDay {
    /// The day.
    pub date: NaiveDate,
    /// Paying customers with a core action in the last 7 days.
    pub weekly_active_customers: i64,
    /// Paying customers.
    pub paying_customers: i64,
    /// The first over the second.
    pub customer_activity_rate: Option<f64>,
    /// Who paid for the first time.
    pub new_customers: i64,
    /// Who came back.
    pub reactivated_customers: i64,
    /// Who left.
    pub churned_customers: i64,
    /// Who moved to the plans chosen from others, less who moved the other way; 0 over all plans.
    pub transferred_customers: i64,
    /// Who signed up.
    pub signups: i64,
    /// New customers over signups.
    pub new_customers_per_signup: Option<f64>,
    /// Share of signups that activated within a week, among those who had one.
    pub activation_rate: Option<f64>,
}

impl Row for NorthStarDay {
    fn read(columns: &Columns<'_>) -> Result<Vec<Self>, DecodeError> {
        let dates = Columns::required("date_day", columns.dates("date_day")?)?;
        // Before the first window is full, a count is null: nothing was counted.
        let counts = |name: &str| columns.integers(name);
        let active = counts("weekly_active_customers")?;
        let paying = counts("paying_customers")?;
        let activity_rates = columns.numbers("customer_activity_rate")?;
        let new = counts("new_customers_28d")?;
        let reactivated = counts("reactivated_customers_28d")?;
        let churned = counts("churned_customers_28d")?;
        let transferred = counts("transferred_customers_28d")?;
        let signups = counts("signups_28d")?;
        let per_signup = columns.numbers("new_customers_per_signup_28d")?;
        let activation_rates = columns.numbers("activation_rate_28d")?;
        Ok((0..dates.len())
            .map(|row| Self {
                date: dates[row],
                weekly_active_customers: active[row].unwrap_or(0),
                paying_customers: paying[row].unwrap_or(0),
                customer_activity_rate: activity_rates[row],
                new_customers: new[row].unwrap_or(0),
                reactivated_customers: reactivated[row].unwrap_or(0),
                churned_customers: churned[row].unwrap_or(0),
                transferred_customers: transferred[row].unwrap_or(0),
                signups: signups[row].unwrap_or(0),
                new_customers_per_signup: per_signup[row],
                activation_rate: activation_rates[row],
            })
            .collect())
    }
}
