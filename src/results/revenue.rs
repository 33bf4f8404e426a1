//! Rows of the Revenue deep-dive page.

use chrono::NaiveDate;

use super::row;

row! {
    /// Revenue kept from the customers of twelve months before.
    pub struct RetentionMonth {
        /// First day of the month.
        pub month: NaiveDate = "date_month",
        /// What they pay now over what they paid then; `None` when nobody paid.
        pub nrr: Option<f64>,
        /// The same with nobody counted for more than they paid then.
        pub grr: Option<f64>,
        /// What they paid then.
        pub base_cents: i64 = "base_mrr_cents",
        /// What they pay now.
        pub retained_cents: i64 = "retained_mrr_cents",
        /// How many they were.
        pub base_customers: i64,
    }

    /// How the charges ended that failed at first for one reason.
    pub struct DunningFlow {
        /// Why the first attempt failed; `None` when it did not.
        pub reason: Option<String> = "failure_code",
        /// How the charge ended: `paid_at_once`, `recovered`, `lost` or `in_dunning`.
        pub outcome: String = "dunning_outcome",
        /// Number of charges.
        pub charges: i64,
        /// What they came to.
        pub amount_cents: i64,
    }

    /// What was paid back and what was lost to disputes in a month.
    pub struct RefundMonth {
        /// First day of the month.
        pub month: NaiveDate = "date_month",
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

    /// A day's revenue, and who takes it for unusual.
    pub struct RevenueDay {
        /// The day.
        pub date: NaiveDate = "date_day",
        /// What was charged on it.
        pub revenue_cents: i64,
        /// What is usual for it; `None` without history.
        pub usual_cents: Option<f64> = "usual_revenue_cents",
        /// Whether `advanced.anomaly_flags` takes it for unusual.
        pub is_flagged: bool,
        /// How unusual the Isolation Forest finds it, from 0 to 1; `None` until it is learned.
        pub score: Option<f64> = "forest_score",
        /// Whether the forest takes it for unusual.
        pub is_called: bool,
        /// Customers charged on it.
        pub charges: i64,
        /// What was planted on it; `None` on other days, or while truth is hidden.
        pub planted: Option<PlantedDay> = ("planted_kind", "planted_factor") via PlantedDay::of,
        /// Whether truth is shown and billing was down the day before, so that its bills are collected now.
        pub is_after_outage: bool,
    }
}

/// What was planted on a day.
#[derive(Debug, Clone, PartialEq)]
pub struct PlantedDay {
    /// What befell its bills, as `truth.anomaly_days` has it.
    pub kind: String,
    /// What they were charged, times what was agreed.
    pub factor: f64,
}

impl PlantedDay {
    fn of((kind, factor): (Option<String>, Option<f64>)) -> Option<Self> {
        Some(Self {
            kind: kind?,
            factor: factor?,
        })
    }
}

row! {
    /// Users whose value the model predicted alike, and what they then paid.
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
}
