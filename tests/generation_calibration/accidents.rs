//! What befell the bills of planted days.

use std::collections::BTreeMap;

use metricflow::generation::{Table, vocabulary};
use metricflow::parameters::{Parameter, Scenario};

use crate::generation::{DAY, Dataset, NULL};
use crate::line::{Line, Sums};
use crate::money::billed_at;

/// What befell the bills of planted days, by kind.
pub(crate) fn accidents(data: &Dataset, sums: &mut Sums) {
    let truth = data.table(Table::TruthAnomalyDays);
    let days: BTreeMap<i64, usize> = truth.get("date").iter().copied().zip(0..).collect();
    let periods = data.periods();
    let ids = periods.get("subscription_id");
    let upgrade = periods.key("change_type", "upgrade");
    let starts = ids.iter().zip(periods.get("started_at"));
    let in_force: BTreeMap<(i64, i64), usize> = starts
        .enumerate()
        .map(|(row, (&id, &started_at))| ((id, started_at), row))
        .collect();
    let payments = data.table(Table::Payments);
    let get = |column: &str, row: usize| payments.get(column)[row];
    let [succeeded, refunded] = ["succeeded", "refunded"].map(|word| payments.key("status", word));
    let error = payments.key("failure_code", "processing_error");
    let transfer = payments.key("method", "bank_transfer");
    let kinds = vocabulary::ANOMALY_KINDS;
    let mut given_back: BTreeMap<i64, i64> = BTreeMap::new();
    for row in (0..payments.rows()).filter(|&row| get("status", row) == refunded) {
        *given_back.entry(get("refund_of", row)).or_default() += get("amount_cents", row);
    }
    let mut billed_on = BTreeMap::new();
    let billed_at = billed_at(data);
    for row in 0..payments.rows() {
        let day = billed_at[row].div_euclid(DAY);
        let is_first = billed_at[row] == get("attempted_at", row) && get("refund_of", row) == NULL;
        if is_first {
            let bill = (get("subscription_id", row), get("service_starts_at", row));
            billed_on.entry(bill).or_insert(day);
        }
        let Some(place) = days.get(&day).filter(|_| is_first) else {
            continue;
        };
        let bill = (get("subscription_id", row), get("service_starts_at", row));
        let (_, &period) = in_force.range(..=bill).next_back().unwrap();
        let of_bill = row..(row + 1..payments.rows())
            .find(|&next| get("refund_of", next) == NULL && billed_at[next] != billed_at[row])
            .unwrap_or(payments.rows());
        let attempts: Vec<usize> = of_bill
            .filter(|&next| get("refund_of", next) == NULL)
            .collect();
        let collected: Vec<usize> = attempts
            .iter()
            .copied()
            .filter(|&next| get("status", next) == succeeded)
            .collect();
        let agreed = periods.get("bill_cents")[period];
        let factor = truth.floats("factor")[*place];
        let is_charged_so = get("amount_cents", row) == (agreed as f64 * factor).round() as i64;
        // The rest of a term is charged for what was added in it: no sum was agreed.
        let is_monthly = periods.get("months")[period] == 1;
        let is_agreed = is_monthly || periods.get("change_type")[period] != upgrade;
        let yes = |is: bool| f64::from(u8::from(is));
        match kinds[truth.get("kind")[*place] as usize] {
            "double_charge" if get("status", row) == succeeded => {
                sums.add(ACCIDENTS[0], yes(collected.len() == 2), 1.0);
                let again = collected.get(1).map(|&again| get("payment_id", again));
                let back = again.and_then(|id| given_back.get(&id)).copied();
                let is_whole = back == Some(get("amount_cents", row));
                sums.add(ACCIDENTS[1], yes(is_whole), 1.0);
            }
            "processor_failure" if get("method", row) != transfer => {
                let is_refused = get("failure_code", row) == error;
                sums.add(ACCIDENTS[2], yes(is_refused), 1.0);
                if is_refused {
                    let waited = collected
                        .first()
                        .map(|&last| get("attempted_at", last) - billed_at[row]);
                    let is_retried = waited.is_some_and(|waited| waited % DAY == 0);
                    sums.add(ACCIDENTS[3], yes(is_retried), 1.0);
                }
            }
            "wrong_price"
                if is_agreed && periods.get("plan")[period] == truth.get("plan")[*place] =>
            {
                sums.add(ACCIDENTS[4], yes(is_charged_so), 1.0);
                if let Some(&last) = collected.first()
                    && factor > 1.0
                {
                    let back = given_back.get(&get("payment_id", last)).copied();
                    let kept = get("amount_cents", last) - back.unwrap_or_default();
                    sums.add(ACCIDENTS[5], yes(kept <= agreed), 1.0);
                }
            }
            "campaign" if is_agreed => sums.add(ACCIDENTS[6], yes(is_charged_so), 1.0),
            _ => {}
        }
    }
    // Whoever begins, comes back or renews for a year is billed on the day on which the period begins.
    let begins = ["new", "reactivation", "renewal"].map(|word| periods.key("change_type", word));
    for row in (0..periods.rows()).filter(|&row| begins.contains(&periods.get("change_type")[row]))
    {
        let day = periods.get("started_at")[row].div_euclid(DAY);
        let kind = days
            .get(&day)
            .map(|&place| kinds[truth.get("kind")[place] as usize]);
        // What has terms falls due on another day.
        let has_terms = data.scenario.steps(Parameter::Terms) > 0;
        let is_due = !has_terms || periods.get("months")[row] < 12;
        if kind == Some("outage") && is_due {
            let bill = (ids[row], periods.get("started_at")[row]);
            let is_next = billed_on.get(&bill) == Some(&(day + 1));
            sums.add(ACCIDENTS[7], f64::from(u8::from(is_next)), 1.0);
        }
    }
}

/// Lines of [`accidents`].
const ACCIDENTS: [&str; 8] = [
    "double charge: collected twice",
    "double charge: the second refunded whole",
    "failing processor: cards refused",
    "failing processor: retries collect",
    "wrong price: charged so",
    "wrong price: no more kept than agreed",
    "offer: charged so",
    "outage: attempted the next day",
];

/// The lines of [`accidents`]; all but the processor's befall every bill. A preset of few users may have
/// no bill on the days of a kind.
pub(crate) fn accident_lines(scenario: &Scenario, sums: &Sums) -> Vec<Line> {
    let failure = scenario.fraction(Parameter::FailureRate);
    let recovery = scenario.fraction(Parameter::RecoveryRate);
    // The processor refuses nine in ten, and a retry then collects 97 in 100 of what would have been
    // paid at once; of what fails anyway it collects what it always does.
    let retried = (1.0 - failure) * 0.97 + failure * recovery;
    let planted = [1.0, 1.0, 0.9, retried, 1.0, 1.0, 1.0, 1.0];
    let slack = [0.0, 0.0, 0.01, 0.02, 0.0, 0.0, 0.0, 0.0];
    (0..ACCIDENTS.len())
        .filter(|&place| sums.0.contains_key(ACCIDENTS[place]))
        .map(|place| sums.line(ACCIDENTS[place], planted[place], slack[place]))
        .collect()
}
