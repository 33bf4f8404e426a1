//! Customers' stays, and what one brings and costs.

use std::collections::BTreeMap;

use metricflow::generation::Table;
use metricflow::parameters::Parameter;

use crate::generation::{DAY, Dataset, NULL, months_later};
use crate::line::Sums;

/// Mean length of a month.
pub(crate) const MONTH: f64 = 30.436_875 * DAY as f64;

/// A customer's stay: from a first bill to the loss or the end of history.
pub(crate) struct Stay {
    pub(crate) user: i64,
    pub(crate) started_at: i64,
    /// When the customer decided, before any dunning; the end of history when still there.
    pub(crate) decided_at: i64,
    /// Months of a term.
    pub(crate) months: i64,
    pub(crate) has_discount: bool,
    pub(crate) is_lost: bool,
    pub(crate) is_involuntary: bool,
}

pub(crate) fn stays(data: &Dataset) -> Vec<Stay> {
    let periods = data.platform();
    let get = |column: &str, row: usize| periods.get(column)[row];
    let begins = ["new", "reactivation"].map(|word| periods.key("change_type", word));
    let trial = periods.key("change_type", "trial");
    let involuntary = periods.key("churn_reason", "involuntary");
    let terms = data.scenario.steps(Parameter::Terms) * DAY;
    let mut stays: Vec<Stay> = Vec::new();
    for row in 0..periods.rows() {
        let change = get("change_type", row);
        if change == trial {
            continue;
        }
        if begins.contains(&change) {
            stays.push(Stay {
                user: get("user_id", row),
                started_at: get("started_at", row),
                decided_at: data.end(),
                months: get("months", row),
                has_discount: get("discount_cents", row) > 0,
                is_lost: false,
                is_involuntary: false,
            });
        }
        let reason = get("churn_reason", row);
        if let Some(stay) = stays.last_mut()
            && reason != NULL
        {
            stay.is_lost = true;
            stay.is_involuntary = reason == involuntary;
            stay.decided_at = get("ended_at", row);
            if stay.is_involuntary {
                stay.decided_at -= 15 * DAY;
                // A yearly invoice has terms before it is due.
                let billed_at = stay.decided_at - terms;
                let years = (1..=5).map(|years| months_later(stay.started_at, 12 * years));
                if stay.months == 12 && years.into_iter().any(|renewal| renewal == billed_at) {
                    stay.decided_at = billed_at;
                }
            }
        }
    }
    stays
}

/// What a customer brings and costs, as docs/decisions/0028 has it but over the whole history.
pub(crate) fn economics(data: &Dataset, sums: &mut Sums) {
    for stay in stays(data) {
        let months = (stay.decided_at - stay.started_at) as f64 / MONTH;
        sums.add("churn of all", f64::from(u8::from(stay.is_lost)), months);
    }
    let periods = data.periods();
    let new = periods.key("change_type", "new");
    let platform = periods.key("product", "platform");
    for row in 0..periods.rows() {
        let amount = periods.get("monthly_amount_cents")[row];
        let is_platform = periods.get("product")[row] == platform;
        if amount > 0 && periods.get("ended_at")[row] == NULL {
            let customers = f64::from(u8::from(is_platform));
            sums.add("revenue a customer", amount as f64, customers);
        }
        let is_new = is_platform && periods.get("change_type")[row] == new;
        sums.add("cost a customer", 0.0, f64::from(u8::from(is_new)));
    }
    let spend: i64 = data.table(Table::AdSpend).get("cost_cents").iter().sum();
    sums.add("cost a customer", spend as f64, 0.0);
}

/// Stays with the add-on, of those that would be if everybody wanted it: each month of a stay on the
/// larger plans has the probability that it begins then.
pub(crate) fn add_ons(data: &Dataset, sums: &mut Sums) {
    let periods = data.periods();
    let [platform, begins] = [("product", "platform"), ("change_type", "new")]
        .map(|(column, word)| periods.key(column, word));
    let [starter, trial, back] = [
        ("plan", "starter"),
        ("change_type", "trial"),
        ("change_type", "reactivation"),
    ]
    .map(|(column, word)| periods.key(column, word));
    let ends: BTreeMap<i64, i64> = stays(data)
        .iter()
        .map(|stay| (stay.started_at, stay.decided_at))
        .collect();
    let (mut started_at, mut month) = (0, 1);
    let platform_rows = |row: &usize| {
        periods.get("product")[*row] == platform && periods.get("change_type")[*row] != trial
    };
    let paid: Vec<usize> = (0..periods.rows()).filter(platform_rows).collect();
    for row in paid {
        let get = |column: &str| periods.get(column)[row];
        if [begins, back].contains(&get("change_type")) {
            (started_at, month) = (get("started_at"), 1);
        }
        let decided_at = ends[&started_at];
        let ended_at = match get("ended_at") {
            NULL => data.end(),
            ended_at => ended_at,
        };
        while months_later(started_at, month) < ended_at.min(decided_at) {
            if get("plan") != starter {
                let probability = 0.2 * libm::pow(0.8, f64::from(month - 1));
                sums.add("priority support", 0.0, probability);
            }
            month += 1;
        }
    }
    let taken = periods.get("product").iter().filter(|&&of| of != platform);
    sums.add("priority support", taken.count() as f64, 0.0);
}
