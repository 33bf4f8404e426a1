//! Rows of the Executive growth page.

use chrono::NaiveDate;

use super::periods::{Grain, Periodic};
use super::row;

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

    /// The MRR of a plan in a month.
    pub struct PlanMonth {
        /// First day of the month.
        pub month: NaiveDate = "date_month",
        /// The plan, as spelled in the data.
        pub plan: String,
        /// Its MRR at the month's end.
        pub mrr_cents: i64,
    }

    /// What moved MRR in a month; losses are negative.
    pub struct MovementMonth {
        /// First day of the month.
        pub month: NaiveDate = "date_month",
        /// MRR at its beginning.
        pub opening_cents: i64 = "opening_mrr_cents",
        /// From new customers.
        pub new_cents: i64 = "new_mrr_cents",
        /// From customers who added seats or moved up.
        pub expansion_cents: i64 = "expansion_mrr_cents",
        /// From customers who came back.
        pub reactivation_cents: i64 = "reactivation_mrr_cents",
        /// From customers who dropped seats or moved down; at most 0.
        pub contraction_cents: i64 = "contraction_mrr_cents" via downwards,
        /// From customers who left; at most 0.
        pub churn_cents: i64 = "churn_mrr_cents" via downwards,
        /// What came from other plans less what went to them; 0 unless some plans are chosen.
        pub transfer_cents: i64 = "transfer_mrr_cents",
        /// MRR at its end.
        pub closing_cents: i64 = "closing_mrr_cents",
        /// Customers behind each movement, in the order of [`Self::movements`].
        pub customers: [i64; 5] = [
            "new_customers", "expansion_customers", "reactivation_customers",
            "contraction_customers", "churn_customers"
        ],
    }
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

/// Cents as a loss, however the mart signs it.
const fn downwards(cents: i64) -> i64 {
    -cents.abs()
}

row! {
    /// A day of the audience: counted, or expected.
    pub struct AudienceDay {
        /// The day.
        pub date: NaiveDate = "date_day",
        /// Users active on it; none of a day that lies ahead.
        pub dau: Option<i64>,
        /// Users active in the 7 days to it.
        pub wau: Option<i64>,
        /// Users active in the 30 days to it.
        pub mau: Option<i64>,
        /// Daily active users, as expected; only of a day that lies ahead.
        pub expected: Option<f64> = "expected_dau",
        /// Lower end of the 80% band.
        pub lower: Option<f64> = "lower_dau",
        /// Upper end of it.
        pub upper: Option<f64> = "upper_dau",
    }

    /// A day that a model takes for unusual.
    pub struct UnusualDay {
        /// The day.
        pub date: NaiveDate,
        /// How unusual, from 0 to 1.
        pub score: f64,
    }

    /// Signups of a channel.
    pub struct ChannelSignups {
        /// The channel, as spelled in the data.
        pub channel: String,
        /// Signups in the range.
        pub signups: i64,
        /// Signups in the period of the same length before; `None` when the history is too short.
        pub before: Option<i64> = "previous_signups",
    }

    /// The driver tree's figures on a day; counts of movements cover the 28 days to it, and
    /// are 0 before the first of them are full.
    pub struct NorthStarDay {
        /// The day.
        pub date: NaiveDate = "date_day",
        /// Paying customers with a core action in the last 7 days.
        pub weekly_active_customers: i64 = "weekly_active_customers" via Option::unwrap_or_default,
        /// Paying customers.
        pub paying_customers: i64 = "paying_customers" via Option::unwrap_or_default,
        /// The first over the second.
        pub customer_activity_rate: Option<f64>,
        /// Who paid for the first time.
        pub new_customers: i64 = "new_customers_28d" via Option::unwrap_or_default,
        /// Who came back.
        pub reactivated_customers: i64 = "reactivated_customers_28d" via Option::unwrap_or_default,
        /// Who left.
        pub churned_customers: i64 = "churned_customers_28d" via Option::unwrap_or_default,
        /// Who moved to the plans chosen from others, less who moved the other way; 0 over all plans.
        pub transferred_customers: i64 = "transferred_customers_28d" via Option::unwrap_or_default,
        /// Who signed up.
        pub signups: i64 = "signups_28d" via Option::unwrap_or_default,
        /// New customers over signups.
        pub new_customers_per_signup: Option<f64> = "new_customers_per_signup_28d",
        /// Share of signups that activated within a week, among those who had one.
        pub activation_rate: Option<f64> = "activation_rate_28d",
    }
}

impl Periodic for AudienceDay {
    const GRAIN: Grain = Grain::Day;

    fn starts_on(&self) -> NaiveDate {
        self.date
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{ArrayRef, Date32Array, Int64Array, RecordBatch};

    use super::*;
    use crate::results::Row;

    #[test]
    fn losses_are_negative_and_customers_stand_as_the_movements_do() {
        let amounts = [
            "opening",
            "new",
            "expansion",
            "reactivation",
            "contraction",
            "churn",
        ];
        let amounts = amounts.into_iter().chain(["transfer", "closing"]);
        let customers = MovementMonth::NAMES.map(|name| format!("{name}_customers"));
        let names = amounts
            .map(|name| format!("{name}_mrr_cents"))
            .chain(customers);
        let columns = names.enumerate().map(|(place, name)| {
            let value: ArrayRef = Arc::new(Int64Array::from(vec![place as i64]));
            (name, value)
        });
        let day: ArrayRef = Arc::new(Date32Array::from(vec![0]));
        let month = ("date_month".to_owned(), day);
        let batch = RecordBatch::try_from_iter(columns.chain([month])).unwrap();
        let row = &MovementMonth::read_all(&[batch]).unwrap()[0];
        assert_eq!(row.movements().map(|(_, cents)| cents), [1, 2, 3, -4, -5]);
        assert_eq!((row.transfer_cents, row.closing_cents), (6, 7));
        assert_eq!(row.customers, [8, 9, 10, 11, 12]);
    }
}
