//! The sentence that sums the page up.

use super::options::FunnelOptions;
use super::panels::funnel::{has_time, of_everyone, so_far, step_name, worst};
use crate::components::format::capital;
use crate::dashboards::claims::{counts_or_none, share_of};
use crate::results::funnel::FunnelStep;
use crate::results::shares::Share;

/// One sentence on the whole page.
#[must_use]
pub fn page(rows: &[FunnelStep], options: &FunnelOptions) -> Option<String> {
    let steps = of_everyone(rows);
    let last = steps.last()?;
    last.overall_rate?;
    let paid = Share::new(last.reached, steps.first()?.reached);
    let counted = format!("{} signups", capital(&counts_or_none(paid)));
    let within = format!(
        "through all steps to a payment within {} days",
        options.window
    );
    if !paid.is_enough() {
        return Some(format!("{counted} go {within}: too few people for a rate."));
    }
    let who = match paid.part {
        0 => counted,
        _ => share_of(paid, "signups")?,
    };
    let go = if has_time(&steps) { "went" } else { "go" };
    let mut sentence = format!("{who} {go} {within}{}", so_far(&steps));
    if let Some(worst) = worst(&steps) {
        let step = step_name(worst).to_lowercase();
        sentence.push_str(&format!("; the largest drop-off is before “{step}”"));
    }
    sentence.push('.');
    Some(sentence)
}
