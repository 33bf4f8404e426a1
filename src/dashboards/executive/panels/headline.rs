//! The page's headline figures, month by month.

use super::super::HISTORY_MONTHS;
use crate::dashboards::prelude::*;
use crate::results::periods::of_months;
use chrono::NaiveDate;

row! {
    /// A month's headline figures.
    pub struct HeadlineMonth {
        /// First day of the month.
        pub month: NaiveDate = "date_month",
        /// Monthly recurring revenue at its end.
        pub mrr_cents: i64,
        /// Twelve times that.
        pub arr_cents: i64,
        /// Revenue kept and grown from customers of a year before.
        pub nrr: Option<f64>,
        /// Users active in its last 30 days.
        pub active_users: Option<i64>,
        /// People who signed up in it.
        pub signups: i64 = "signups" via Option::unwrap_or_default,
        /// MRR gained over MRR lost.
        pub quick_ratio: Option<f64>,
        /// Lifetime value over acquisition cost.
        pub ltv_to_cac: Option<f64>,
    }
}

of_months!(HeadlineMonth);

/// Each month's headline figures up to the end of the range, oldest first. Active users are those of the month's
/// last day.
pub struct Headline;

impl Source for Headline {
    type Row = HeadlineMonth;
    type Options = ();
    const COMPARED_ON: Option<Basis> = None;

    fn sql(filters: &Filters, (): &()) -> String {
        let months_of = format!("rows.date_month <= date '{}'", filters.last_month());
        let movements = statement!(
            "movements.sql",
            filters,
            months_of = months_of,
            is_ordered = false
        );
        statement!(
            "headline.sql",
            filters,
            movements = movements,
            history_months = HISTORY_MONTHS
        )
    }
}
