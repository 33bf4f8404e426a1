//! Who dropped off?

use super::people::{at_step, people};
use crate::dashboards::funnel::options::{FunnelOptions, Step};
use crate::dashboards::prelude::*;
use crate::results::funnel::DroppedPerson;

/// Those who dropped before the chosen step; those who are still active come first.
pub struct Dropped;

impl Dropped {
    /// What the panel is, besides its data.
    pub const SPEC: PanelSpec = PanelSpec {
        id: "dropped",
        title: "Who dropped off?",
        unit: "People who reached the previous step and whose window for this one has closed",
        form: "list",
        model: "dim_users",
        defined_by: "funnel_analysis.dropped",
        acts: ALL_FILTERS,
        plan: PlanOf::Signup,
        click: "",
        rows: "all people who dropped",
        span: "span-6",
        keys: &[],
    };
}

impl Source for Dropped {
    type Row = DroppedPerson;
    type Options = FunnelOptions;
    const COMPARED_ON: Option<Basis> = None;

    fn sql(filters: &Filters, options: &FunnelOptions) -> String {
        let dropped = at_step(filters, options, options.step, "dropped");
        statement!("dropped.sql", filters, dropped = dropped)
    }
}

/// Everyone who dropped before the chosen step.
#[must_use]
pub fn everyone(
    rows: &[DroppedPerson],
    filters: &Filters,
    options: &FunnelOptions,
) -> Option<PanelMark> {
    let (row, options) = (rows.first()?, *options);
    let mark = PanelMark::new(
        format!("{}.everyone", options.step.key()),
        format!("Dropped before “{}”", options.step.label()),
    );
    Some(people(mark, row.people, filters, move |filters| {
        at_step(filters, &options, options.step, "dropped")
    }))
}

/// How many of them the list shows, where it does not show all.
#[must_use]
pub fn caption(rows: &[DroppedPerson]) -> Option<String> {
    let people = rows.first()?.people;
    let shown = i64::try_from(rows.len()).ok()?;
    (people > shown).then(|| {
        format!(
            "The {shown} most active people. Rows lists and exports all {}.",
            COUNT.full(people as f64)
        )
    })
}

/// Who dropped?
#[must_use]
pub fn sentence(rows: &[DroppedPerson], options: &FunnelOptions) -> Option<String> {
    let (people, active) = (rows.first()?.people, rows.first()?.still_active);
    let before = options.step.before().unwrap_or(Step::SignedUp);
    let mut sentence = format!(
        "{} {} and never {} within {} days",
        counted(people.unsigned_abs(), "person"),
        before.deed(),
        options.step.deed(),
        options.window
    );
    if active > 0 {
        sentence.push_str(&format!(
            "; {} of them {} still active and listed first",
            COUNT.full(active as f64),
            if active == 1 { "is" } else { "are" }
        ));
    }
    sentence.push('.');
    Some(sentence)
}
