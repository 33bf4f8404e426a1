//! What the page asks the rollups of the modelled warehouse.

use super::options::{FunnelOptions, Step};
use crate::state::filters::{Dimension, Filters};
use crate::state::statement::statement;

/// How many people reached each step within the window.
#[must_use]
pub fn steps(filters: &Filters, options: &FunnelOptions) -> String {
    funnel(filters, options, None)
}

/// The same by segment.
#[must_use]
pub fn segments(filters: &Filters, options: &FunnelOptions) -> String {
    funnel(filters, options, Some(options.by))
}

fn funnel(filters: &Filters, options: &FunnelOptions, by: Option<Dimension>) -> String {
    statement!(
        "panels/funnel.sql",
        filters,
        by = by.map(Dimension::key),
        window_secs = options.window_secs(),
    )
}

/// SQL: whose way led to the chosen step (`reached`), or to the one before it and no further, with time
/// left (`open`) or without (`dropped`).
pub(super) fn at_step(filters: &Filters, options: &FunnelOptions, outcome: &str) -> String {
    let step = options.step;
    statement!(
        "panels/at_step.sql",
        filters,
        outcome = outcome,
        step = step.key(),
        step_before = step.before().unwrap_or(Step::SignedUp).key(),
        window_secs = options.window_secs(),
    )
}

/// Ends of the bins of [`times`], in hours, and how they are written.
const BINS: [(i64, i64, &str); 12] = [
    (0, 1, "< 1 h"),
    (1, 3, "1–3 h"),
    (3, 6, "3–6 h"),
    (6, 12, "6–12 h"),
    (12, 24, "12–24 h"),
    (24, 48, "1–2 d"),
    (48, 96, "2–4 d"),
    (96, 168, "4–7 d"),
    (168, 336, "1–2 w"),
    (336, 720, "2–4 w"),
    (720, 1_440, "30–60 d"),
    (1_440, 2_160, "60–90 d"),
];

/// Seconds from which, and to which, the bin of a number goes.
pub(super) fn bin_secs(number: i64) -> Option<(i64, i64)> {
    let place = usize::try_from(number).ok()?.checked_sub(1)?;
    let (from, to, _) = BINS.get(place)?;
    Some((from * 3_600, to * 3_600))
}

/// How long people took from the signup to the chosen step.
#[must_use]
pub fn times(filters: &Filters, options: &FunnelOptions) -> String {
    let bins = BINS.iter().filter(|(from, ..)| *from < options.window * 24);
    let (ends, names): (Vec<i64>, Vec<&str>) =
        bins.map(|(_, to, name)| (to * 3_600, *name)).unzip();
    statement!(
        "panels/time-to-convert.sql",
        filters,
        step = options.step.key(),
        window_secs = options.window_secs(),
        bin_ends = ends,
        bin_names = names,
    )
}

/// Those who dropped before the chosen step; whoever still comes stands first.
#[must_use]
pub fn dropped(filters: &Filters, options: &FunnelOptions) -> String {
    let dropped = at_step(filters, options, "dropped");
    statement!("panels/dropped.sql", filters, dropped = dropped)
}

/// How many of each channel's signups activated within seven days.
#[must_use]
pub fn activation(filters: &Filters) -> String {
    statement!("panels/activation.sql", filters)
}

/// What people do first, second and third, and whether they then activate and pay.
#[must_use]
pub fn paths(filters: &Filters) -> String {
    statement!("panels/paths.sql", filters)
}

/// What each of seven models credits each channel with.
#[must_use]
pub fn attribution(filters: &Filters, options: &FunnelOptions) -> String {
    let has_truth = options.has_truth;
    statement!("panels/attribution.sql", filters, has_truth = has_truth)
}

/// The onboarding experiment's effect on activation, for everyone and by segment.
#[must_use]
pub fn experiment(filters: &Filters, options: &FunnelOptions) -> String {
    statement!(
        "panels/experiment.sql",
        filters,
        by = options.by.key(),
        has_truth = options.has_truth,
    )
}

#[cfg(test)]
mod tests;
