//! Periods, bills and payments.

use std::collections::{BTreeMap, BTreeSet};

use metricflow::generation::Table;
use metricflow::parameters::Parameter;

use crate::check;
use crate::generation::{DAY, Dataset, NULL};

#[test]
fn periods_of_a_user_never_overlap() {
    check(|data| {
        let periods = data.platform();
        let changes = ["trial", "new", "reactivation"].map(|word| periods.key("change_type", word));
        for row in 0..periods.rows() {
            let get = |column: &str, row: usize| periods.get(column)[row];
            let (start, end) = (get("started_at", row), get("ended_at", row));
            let change = get("change_type", row);
            assert!(end == NULL || start < end, "periods last");
            assert!(get("quantity", row) >= 1);
            assert_eq!(get("monthly_amount_cents", row) == 0, change == changes[0]);
            let is_followed = row + 1 < periods.rows()
                && get("user_id", row + 1) == get("user_id", row)
                && get("started_at", row + 1) == end;
            let has_reason = get("churn_reason", row) != NULL;
            let is_trial = change == changes[0];
            assert_eq!(
                has_reason,
                end != NULL && !is_followed && !is_trial,
                "reasons of churn"
            );
            if row == 0 || get("user_id", row - 1) != get("user_id", row) {
                assert!(
                    change == changes[0] || change == changes[1],
                    "first of a user"
                );
                continue;
            }
            assert!(get("ended_at", row - 1) != NULL && get("ended_at", row - 1) <= start);
            let was_lost = get("churn_reason", row - 1) != NULL;
            assert_eq!(was_lost, change == changes[2], "who was lost comes back");
            if !was_lost && change != changes[1] {
                assert_eq!(get("ended_at", row - 1), start, "movements leave no gap");
            }
        }
    });
}

#[test]
fn payments_belong_to_their_periods() {
    check(|data| {
        let periods = data.table(Table::Subscriptions);
        let mut rows_of: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
        for (row, &id) in periods.get("subscription_id").iter().enumerate() {
            rows_of.entry(id).or_default().push(row);
        }
        let payments = data.table(Table::Payments);
        let get = |column: &str, row: usize| payments.get(column)[row];
        let [succeeded, failed] = ["succeeded", "failed"].map(|word| payments.key("status", word));
        let is_after_outage = after_outages(data);
        for row in 0..payments.rows() {
            let of_subscription = &rows_of[&get("subscription_id", row)];
            let at = get("attempted_at", row);
            let status = get("status", row);
            assert!(get("amount_cents", row) > 0);
            assert_eq!(status == failed, get("failure_code", row) != NULL);
            let is_attempt = status == succeeded || status == failed;
            assert_eq!(is_attempt, get("refund_of", row) == NULL);
            let [starts_at, ends_at] =
                ["service_starts_at", "service_ends_at"].map(|column| get(column, row));
            assert_eq!(
                periods.get("user_id")[of_subscription[0]],
                get("user_id", row)
            );
            if !is_attempt {
                // What goes back: tests/generation_reversals.rs.
                assert_eq!([starts_at, ends_at], [NULL; 2]);
                continue;
            }
            let in_force = of_subscription.iter().filter(|&&period| {
                let ended_at = match periods.get("ended_at")[period] {
                    NULL => i64::MAX,
                    ended_at => ended_at,
                };
                (periods.get("started_at")[period]..ended_at).contains(&starts_at)
            });
            assert_eq!(in_force.count(), 1, "the period of its service");
            assert!(starts_at < ends_at && starts_at <= at, "billed before");
            // Seats that were added in mid-term can be invoiced for after the end of it.
            let last = of_subscription[of_subscription.len() - 1];
            let end = periods.get("ended_at")[last];
            let has_terms = data.scenario.number(Parameter::Terms) > 0.0;
            assert!(
                has_terms || end == NULL || at <= end,
                "within its subscription"
            );
            let attempt = get("attempt_no", row);
            if attempt > 1 {
                assert_eq!(get("attempt_no", row - 1), attempt - 1);
                assert_eq!(get("status", row - 1), failed);
                for column in [
                    "amount_cents",
                    "subscription_id",
                    "service_starts_at",
                    "service_ends_at",
                ] {
                    assert_eq!(get(column, row - 1), get(column, row));
                }
                let waited = at - get("attempted_at", row - 1);
                let scheduled = [3, 5, 7][attempt as usize - 2] * DAY;
                // A customer who pays is ahead of the next retry.
                let is_ahead = status == succeeded && waited < scheduled;
                // After an outage the first attempt is a day late, and the retries are not.
                let first_at = get("attempted_at", row + 1 - attempt as usize);
                let is_late = attempt == 2 && is_after_outage(first_at) && waited == 2 * DAY;
                assert!(waited == scheduled || is_ahead || is_late);
            }
        }
    });
}

/// Whether what falls on a day can have been due the day before, when billing was down.
fn after_outages(data: &Dataset) -> impl Fn(i64) -> bool {
    let truth = data.table(Table::TruthAnomalyDays);
    let outage = truth.key("kind", "outage");
    let days: BTreeSet<i64> = (0..truth.rows())
        .filter(|&row| truth.get("kind")[row] == outage)
        .map(|row| truth.get("date")[row] + 1)
        .collect();
    move |at| days.contains(&at.div_euclid(DAY))
}

/// A bill: its subscription, when it fell due, when it was tried last, and what came of it.
struct Bill {
    subscription: i64,
    user: i64,
    billed_at: i64,
    last_at: i64,
    is_paid: bool,
}

fn bills(data: &Dataset) -> Vec<Bill> {
    let payments = data.table(Table::Payments);
    let get = |column: &str, row: usize| payments.get(column)[row];
    let succeeded = payments.key("status", "succeeded");
    let mut bills: Vec<Bill> = Vec::new();
    for row in (0..payments.rows()).filter(|&row| get("refund_of", row) == NULL) {
        let attempted_at = get("attempted_at", row);
        if get("attempt_no", row) == 1 {
            bills.push(Bill {
                subscription: get("subscription_id", row),
                user: get("user_id", row),
                billed_at: attempted_at,
                last_at: attempted_at,
                is_paid: false,
            });
        }
        let bill = bills.last_mut().expect("a first attempt");
        bill.last_at = attempted_at;
        bill.is_paid |= get("status", row) == succeeded;
    }
    bills
}

#[test]
fn a_lost_bill_ends_its_subscription_and_nothing_else_is_involuntary() {
    check(|data| {
        let periods = data.table(Table::Subscriptions);
        let [voluntary, involuntary] =
            ["voluntary", "involuntary"].map(|word| periods.key("churn_reason", word));
        let mut ended = BTreeMap::new();
        let mut left = Vec::new();
        for row in 0..periods.rows() {
            let (reason, ended_at) = (
                periods.get("churn_reason")[row],
                periods.get("ended_at")[row],
            );
            if reason == involuntary {
                ended.insert(periods.get("subscription_id")[row], ended_at);
            } else if reason == voluntary {
                left.push((periods.get("user_id")[row], ended_at));
            }
        }
        let mut lost = BTreeMap::new();
        let mut first_paid: BTreeMap<i64, i64> = BTreeMap::new();
        let is_after_outage = after_outages(data);
        for bill in bills(data) {
            if bill.is_paid {
                first_paid.entry(bill.user).or_insert(bill.last_at);
            } else if bill.billed_at + 15 * DAY < data.end() {
                // What fell due in an outage was first attempted in the first hours of the day after.
                let waited = bill.last_at - bill.billed_at;
                let is_late = waited == 14 * DAY && is_after_outage(bill.billed_at);
                assert!(waited == 15 * DAY || is_late, "tried to the end");
                let ended_at = ended.get(&bill.subscription).copied();
                let ended_at =
                    ended_at.filter(|at| is_late && (0..DAY).contains(&(at - bill.last_at)));
                let other = lost.insert(bill.subscription, ended_at.unwrap_or(bill.last_at));
                assert_eq!(other, None, "one lost bill a subscription");
            }
        }
        assert!(!lost.is_empty());
        assert_eq!(
            lost, ended,
            "lost bills, and periods that end involuntarily"
        );
        for (user, ended_at) in left {
            let is_customer = first_paid.get(&user).is_some_and(|&at| at < ended_at);
            assert!(is_customer, "user {user} left without having paid");
        }
    });
}

#[test]
fn failures_fit_the_way_to_pay() {
    check(|data| {
        let payments = data.table(Table::Payments);
        let transfer = payments.key("method", "bank_transfer");
        let overdue = payments.key("failure_code", "transfer_overdue");
        let of_cards = ["expired_card", "card_declined", "fraud_suspected"]
            .map(|word| payments.key("failure_code", word));
        let mut methods: BTreeMap<i64, i64> = BTreeMap::new();
        for row in 0..payments.rows() {
            let (method, code) = (
                payments.get("method")[row],
                payments.get("failure_code")[row],
            );
            let user = payments.get("user_id")[row];
            assert_eq!(*methods.entry(user).or_insert(method), method);
            let fits = if method == transfer {
                !of_cards.contains(&code)
            } else {
                code != overdue
            };
            assert!(fits, "{code} by {method}");
        }
    });
}
