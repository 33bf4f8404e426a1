//! The people behind marks, as several panels list them.

use crate::dashboards::funnel::options::{FunnelOptions, Step};
use crate::dashboards::prelude::*;

/// The mark with `count` people behind it, for whom a condition on `serving.srv_funnel_users` holds.
pub(super) fn people(
    mark: PanelMark,
    count: i64,
    filters: &Filters,
    condition: impl Fn(&Filters) -> String + Send + Sync + 'static,
) -> PanelMark {
    let filters = filters.clone();
    mark.counted(("person", "people"), count, move || {
        let condition = condition(&filters);
        statement!("people.sql", &filters, condition = condition)
    })
}

/// The mark, without rows where nobody stands behind it.
pub(super) fn unless_nobody(mark: PanelMark) -> PanelMark {
    let rows = mark.rows.filter(|rows| rows.value > 0.0);
    PanelMark { rows, ..mark }
}

/// SQL: whose way led to a step (`reached`), or to the one before it and no further, with time left (`open`) or
/// without (`dropped`).
pub(super) fn at_step(
    filters: &Filters,
    options: &FunnelOptions,
    step: Step,
    outcome: &str,
) -> String {
    statement!(
        "at_step.sql",
        filters,
        outcome = outcome,
        step = step.key(),
        step_before = step.before().unwrap_or(Step::SignedUp).key(),
        window_secs = options.window_secs(),
    )
}

/// A word of the data as part of a key.
pub(super) fn key_of(value: &str) -> String {
    value.replace('+', "up")
}
