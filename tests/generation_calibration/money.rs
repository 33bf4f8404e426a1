//! Contracts, payments and what became of them.

use std::collections::BTreeSet;

use metricflow::generation::Table;

use crate::generation::{DAY, Dataset, HOUR, NULL};
use crate::line::Sums;
use crate::stays::{MONTH, add_ons, economics, stays};

/// Failure codes and the lines that say how often a retry collects.
pub(crate) const RECOVERIES: [(&str, &str); 6] = [
    ("expired_card", "recovery, expired card"),
    ("insufficient_funds", "recovery, insufficient funds"),
    ("card_declined", "recovery, card declined"),
    ("processing_error", "recovery, processing error"),
    ("fraud_suspected", "recovery, fraud suspected"),
    ("transfer_overdue", "recovery, transfer overdue"),
];

/// What the truth says of a parameter, or of what follows from them, as a share.
pub(crate) fn planted_share(data: &Dataset, key: &str) -> f64 {
    let parameters = data.table(Table::TruthParameters);
    let keys = parameters.texts("key");
    let row = keys.iter().position(|other| other == key).unwrap();
    parameters.floats("number")[row] / 100.0
}

pub(crate) fn money(data: &Dataset, sums: &mut Sums) {
    for stay in stays(data) {
        let months = (stay.decided_at - stay.started_at) as f64 / MONTH;
        let months = if stay.is_lost {
            months.round()
        } else {
            (months - 0.02).floor()
        };
        let lost = f64::from(u8::from(stay.is_lost));
        sums.add("annual share", f64::from(u8::from(stay.months == 12)), 1.0);
        if stay.months < 12 {
            sums.add(
                "quarterly plans",
                f64::from(u8::from(stay.months == 3)),
                1.0,
            );
        }
        let has_discount = f64::from(u8::from(stay.has_discount));
        sums.add("contracts with a discount", has_discount, 1.0);
        sums.add("customer months", months, months);
        if stay.months == 1 {
            sums.add("monthly churn", lost, months);
        }
        if stay.is_lost {
            sums.add(
                "involuntary share",
                f64::from(u8::from(stay.is_involuntary)),
                1.0,
            );
        }
    }
    economics(data, sums);
    add_ons(data, sums);
    let periods = data.platform();
    let movements = ["upgrade", "downgrade", "reactivation"].map(|word| {
        let key = periods.key("change_type", word);
        periods
            .get("change_type")
            .iter()
            .filter(|&&change| change == key)
            .count() as f64
    });
    let months = sums.0["customer months"].0;
    sums.0.entry("expansion").or_default().0 += movements[0];
    sums.0.entry("contraction").or_default().0 += movements[1];
    for name in ["expansion", "contraction"] {
        sums.0.entry(name).or_default().1 = months;
    }
    // Only losses that had a year to be made good.
    let all = stays(data);
    for pair in all.windows(2) {
        if pair[0].is_lost && pair[0].decided_at < data.end() - 365 * DAY {
            let is_back = pair[0].user == pair[1].user;
            sums.add("reactivation", f64::from(u8::from(is_back)), 1.0);
        }
    }

    let payments = data.table(Table::Payments);
    let get = |column: &str, row: usize| payments.get(column)[row];
    let [succeeded, failed, refunded] =
        ["succeeded", "failed", "refunded"].map(|word| payments.key("status", word));
    let codes = RECOVERIES.map(|(code, name)| (payments.key("failure_code", code), name));
    let expired = codes[0].0;
    let [disputed, card] = [("status", "disputed"), ("method", "card")]
        .map(|(column, word)| payments.key(column, word));
    let mut refunded_ids = BTreeSet::new();
    let mut disputed_ids = BTreeSet::new();
    for row in 0..payments.rows() {
        if get("status", row) == refunded {
            refunded_ids.insert(get("refund_of", row));
        } else if get("status", row) == disputed {
            disputed_ids.insert(get("refund_of", row));
        }
    }
    let yearly: BTreeSet<i64> = (0..periods.rows())
        .filter(|&row| periods.get("months")[row] == 12)
        .map(|row| periods.get("subscription_id")[row])
        .collect();
    // What is planted on single days says nothing of the rates of all others.
    let planted = planted_days(data);
    let billed_at = billed_at(data);
    let is_usual = |row: usize| !planted.contains(&billed_at[row].div_euclid(DAY));
    let mut has_paid = BTreeSet::new();
    for row in 0..payments.rows() {
        let status = get("status", row);
        if status == succeeded && !is_usual(row) {
            has_paid.insert(get("user_id", row));
        } else if status == succeeded {
            let age = (data.end() - get("attempted_at", row)) / DAY;
            let id = get("payment_id", row);
            // The unused days of a year are paid back when the customer leaves.
            let is_yearly = yearly.contains(&get("subscription_id", row));
            if age > if is_yearly { 366 } else { 31 } {
                let has_refund = refunded_ids.contains(&id);
                sums.add("refunds", f64::from(u8::from(has_refund)), 1.0);
            }
            let is_first = has_paid.insert(get("user_id", row));
            if !is_first && get("method", row) == card && age > 91 {
                let has_dispute = disputed_ids.contains(&id);
                sums.add("disputes", f64::from(u8::from(has_dispute)), 1.0);
            }
        }
        if get("refund_of", row) != NULL || get("attempt_no", row) != 1 || !is_usual(row) {
            continue;
        }
        sums.add(
            "payment failure",
            f64::from(u8::from(status == failed)),
            1.0,
        );
        if status == failed {
            let is_expired = get("failure_code", row) == expired;
            sums.add("expired cards", f64::from(u8::from(is_expired)), 1.0);
        }
        if status == failed && get("attempted_at", row) < data.end() - 16 * DAY {
            let mut last = row;
            while last + 1 < payments.rows()
                && get("attempt_no", last + 1) > get("attempt_no", last)
            {
                last += 1;
            }
            // A retry comes whole days after the first attempt; a customer pays at any time of day.
            let waited = get("attempted_at", last) - get("attempted_at", row);
            let is_retried = get("status", last) == succeeded && waited % DAY == 0;
            let is_retried = f64::from(u8::from(is_retried));
            sums.add("recovery", is_retried, 1.0);
            let code = get("failure_code", row);
            let name = codes.iter().find(|(key, _)| *key == code).unwrap().1;
            sums.add(name, is_retried, 1.0);
        }
    }
}

/// Days whose bills something befalls, and those on which bills that waited are attempted.
pub(crate) fn planted_days(data: &Dataset) -> BTreeSet<i64> {
    let truth = data.table(Table::TruthAnomalyDays);
    let outage = truth.key("kind", "outage");
    (0..truth.rows())
        .flat_map(|row| {
            let day = truth.get("date")[row];
            let is_outage = truth.get("kind")[row] == outage;
            day..=day + i64::from(is_outage)
        })
        .collect()
}

/// When the bill of each payment was first attempted. What follows within four hours on a first
/// attempt that collected is the same bill, collected again.
pub(crate) fn billed_at(data: &Dataset) -> Vec<i64> {
    let payments = data.table(Table::Payments);
    let (subscriptions, times) = (
        payments.get("subscription_id"),
        payments.get("attempted_at"),
    );
    let mut billed_at = Vec::with_capacity(payments.rows());
    let (mut last, mut subscription) = (NULL, NULL);
    for row in 0..payments.rows() {
        let is_first =
            payments.get("refund_of")[row] == NULL && payments.get("attempt_no")[row] == 1;
        let is_again = subscription == subscriptions[row] && times[row] - last < 4 * HOUR;
        if is_first && !is_again {
            (last, subscription) = (times[row], subscriptions[row]);
        }
        billed_at.push(last);
    }
    billed_at
}
