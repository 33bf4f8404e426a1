//! The sentence that sums the page up.

use super::options::{Grain, RetentionOptions};
use super::panels::cohorts::pooled;
use crate::components::format::{capital, share};
use crate::dashboards::claims::{
    FEWEST_WITHOUT_COUNTS, counts, counts_or_none, is_enough, share_of,
};
use crate::results::retention::{CohortCell, LifecycleMonth};
use crate::results::shares::Share;

/// One sentence on the whole page.
#[must_use]
pub fn page(
    cohorts: &[CohortCell],
    lifecycle: &[LifecycleMonth],
    options: &RetentionOptions,
) -> Option<String> {
    let came_back = pooled(cohorts, 1).map(|row| Share::new(row.retained, row.eligible))?;
    let unit = options.grain.key();
    if !came_back.is_enough() {
        return Some(format!(
            "{} new users came back in {unit} 1: too few people for a rate.",
            capital(&counts_or_none(came_back))
        ));
    }
    let of_new = match came_back.part {
        0 => format!("{} new users", capital(&counts_or_none(came_back))),
        _ => share_of(came_back, "new users")?,
    };
    let mut sentence = format!("{of_new} come back in {unit} 1");
    let late = if options.grain == Grain::Month { 6 } else { 12 };
    let late_cell = pooled(cohorts, late).filter(|row| is_enough(row.eligible));
    if let Some((cell, rate)) = late_cell.and_then(|row| Some((row, row.rate?))) {
        let late_share = Share::new(cell.retained, cell.eligible);
        sentence.push_str(&format!(" and {} in {unit} {late}", share(rate)));
        if late_share.whole < FEWEST_WITHOUT_COUNTS {
            sentence.push_str(&format!(" ({})", counts(late_share)));
        }
    }
    if let Some(last) = lifecycle.last().filter(|last| last.people() > 0) {
        let awake = Share::new(last.new + last.active, last.people());
        let awake = match awake.part {
            0 => format!("{} people who ever signed up", counts_or_none(awake)),
            _ => share_of(awake, "people who ever signed up")?,
        };
        sentence.push_str(&format!(
            "; {awake} are new or were active in the last 14 days"
        ));
    }
    sentence.push('.');
    Some(sentence)
}
