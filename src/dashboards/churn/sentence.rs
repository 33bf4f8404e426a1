//! The sentence that sums the page up.

use super::figures::{Listed, customers, money};
use crate::components::format::share;
use crate::dashboards::claims::{count_or_none, is_enough};
use crate::results::churn::RiskBin;

/// One sentence on the whole page.
#[must_use]
pub fn page(list: &[RiskBin], threshold_percent: u32, is_of_some: bool) -> Option<String> {
    let all = Listed::all(list);
    let flagged = Listed::at_least(threshold_percent, list).customers;
    if all.customers == 0 {
        return None;
    }
    let of_mrr = if all.mrr_cents > 0 && is_enough(all.customers) {
        let whole = if is_of_some {
            "what these customers pay"
        } else {
            "all MRR"
        };
        format!(
            ", {} of {whole}",
            share(all.expected_cents / all.mrr_cents as f64)
        )
    } else {
        String::new()
    };
    Some(format!(
        "{} of MRR is expected to churn within 90 days{of_mrr}; {} of {} {} a churn risk of {threshold_percent}% or more.",
        if all.expected_cents == 0.0 {
            "None".to_owned()
        } else {
            money(all.expected_cents)
        },
        count_or_none(flagged),
        customers(all.customers),
        if flagged < 2 { "has" } else { "have" },
    ))
}
