//! When customers leave.

use std::collections::BTreeSet;

use chrono::{DateTime, Months};
use metricflow::generation::{Table, TableSet};

use crate::generation::{DAY, Dataset, NULL, scenario};

/// A stay of a customer who is billed by the month or by the year: whole months until the decision
/// to leave, or until the end of history.
struct Stay {
    is_yearly: bool,
    is_monthly: bool,
    months: usize,
    is_lost: bool,
    /// Who left before a renewal, and when.
    early: Option<(i64, i64)>,
}

fn stays(data: &Dataset) -> Vec<Stay> {
    const MONTH: f64 = 30.436_875 * DAY as f64;
    let periods = data.platform();
    let get = |column: &str, row: usize| periods.get(column)[row];
    let trial = periods.key("change_type", "trial");
    let begins = ["new", "reactivation"].map(|word| periods.key("change_type", word));
    let involuntary = periods.key("churn_reason", "involuntary");
    let mut stays = Vec::new();
    let mut started_at = 0;
    for row in (0..periods.rows()).filter(|&row| get("change_type", row) != trial) {
        if begins.contains(&get("change_type", row)) {
            started_at = get("started_at", row);
        }
        let (reason, ended_at) = (get("churn_reason", row), get("ended_at", row));
        let is_lost = reason != NULL;
        if !is_lost && ended_at != NULL {
            continue; // a movement, not the end of a stay
        }
        // Whoever is lost over a bill decided when it fell due.
        let dunning = if reason == involuntary { 15 * DAY } else { 0 };
        let decided_at = ended_at - dunning;
        let is_yearly = get("billing_interval", row) == periods.key("billing_interval", "year");
        let renewals = (1..=10).map(|years| renewal(started_at, years));
        let is_early = is_yearly && is_lost && !renewals.into_iter().any(|at| at == decided_at);
        let months = if is_lost {
            ((decided_at - started_at) as f64 / MONTH).round()
        } else {
            ((data.end() - started_at) as f64 / MONTH - 0.02).floor()
        };
        stays.push(Stay {
            is_yearly,
            is_monthly: get("months", row) == 1,
            months: months.max(0.0) as usize,
            is_lost,
            early: is_early.then(|| (get("user_id", row), decided_at)),
        });
    }
    stays
}

fn renewal(started_at: i64, years: u32) -> i64 {
    let started = DateTime::from_timestamp_micros(started_at).expect("microseconds of a timestamp");
    (started + Months::new(12 * years)).timestamp_micros()
}

/// Share of customers who leave in the months of tenure from `first` to `last`, of those at risk.
fn hazard(stays: &[Stay], first: usize, last: usize) -> f64 {
    let (mut losses, mut at_risk) = (0, 0);
    for stay in stays.iter().filter(|stay| stay.is_monthly) {
        at_risk += (stay.months.min(last) + 1).saturating_sub(first);
        losses += usize::from(stay.is_lost && (first..=last).contains(&stay.months));
    }
    losses as f64 / at_risk as f64
}

#[test]
fn new_customers_leave_most_and_contracts_end_at_renewals() {
    let of = |query: &str| {
        let wanted = TableSet::of(&[Table::Subscriptions, Table::Payments]);
        Dataset::with(scenario(query), wanted)
    };
    let data = of("users=20000&events=5");
    let demo = stays(&data);
    let by_tenure = [(1, 1), (2, 3), (4, 6), (7, 12)].map(|(a, b)| hazard(&demo, a, b));
    assert!(
        by_tenure.is_sorted_by(|earlier, later| earlier > later),
        "{by_tenure:?}"
    );
    assert!(by_tenure[0] > 2.0 * by_tenure[3], "{by_tenure:?}");
    // Few are let out of a contract before its end, and they get their money back as they go.
    let payments = data.table(Table::Payments);
    let refunded = payments.key("status", "refunded");
    let refunds: BTreeSet<(i64, i64)> = (0..payments.rows())
        .filter(|&row| payments.get("status")[row] == refunded)
        .map(|row| {
            (
                payments.get("user_id")[row],
                payments.get("attempted_at")[row],
            )
        })
        .collect();
    let yearly = || demo.iter().filter(|stay| stay.is_yearly);
    let early: Vec<_> = yearly().filter_map(|stay| stay.early).collect();
    assert!(early.iter().all(|parting| refunds.contains(parting)));
    let years: usize = yearly().map(|stay| 1 + stay.months / 12).sum();
    let share = early.len() as f64 / years as f64;
    assert!(
        (0.004..0.018).contains(&share),
        "{share}: a contract ends at a renewal"
    );
    // Without an effect of tenure, chance alone tells the months apart.
    let flat = stays(&of("users=20000&events=5&tenure=0&signal=0"));
    let ratio = hazard(&flat, 1, 2) / hazard(&flat, 7, 12);
    assert!((0.75..1.33).contains(&ratio), "{ratio}");
}
