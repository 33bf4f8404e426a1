//! The marks of the page's charts, and the rows behind them.

use std::collections::BTreeSet;

use super::charts::attribution::{channels, model_name, of_channel};
use super::charts::experiment::row_name;
use super::charts::paths::place_name;
use super::charts::steps::{of_everyone, step_name};
use super::options::{FunnelOptions, Step};
use super::queries::{at_step, bin_secs};
use crate::components::format::ValueFormat;
use crate::dashboards::marks::{MarkFilter, PanelMark, RowsQuery, Sql};
use crate::dashboards::segment_colours::segment_name;
use crate::results::funnel::{
    ChannelActivation, ChannelCredit, DroppedPerson, ExperimentResult, FunnelStep, PathLink,
    TimeBin,
};
use crate::state::filters::{Dimension, Filters};
use crate::state::statement::statement;

/// So many people, whom a condition on `serving.srv_funnel_users` holds for.
fn people(
    count: i64,
    filters: &Filters,
    condition: impl Fn(&Filters) -> String + Send + Sync + 'static,
) -> Option<RowsQuery> {
    let filters = filters.clone();
    let sql = Sql::new(move || {
        statement!(
            "panels/people.sql",
            &filters,
            condition = condition(&filters),
        )
    });
    Some(RowsQuery::counted(sql, ("person", "people"), count as f64))
}

/// A word of the data as part of a key.
fn key_of(value: &str) -> String {
    value.replace('+', "up")
}

/// Three marks a step: who reached it, who still can, who dropped before it.
#[must_use]
pub fn steps(rows: &[FunnelStep], filters: &Filters, options: &FunnelOptions) -> Vec<PanelMark> {
    let mut marks = Vec::new();
    for row in of_everyone(rows) {
        let Some(step) = Step::named(&row.step) else {
            continue;
        };
        let chosen = FunnelOptions { step, ..*options };
        let name = step_name(row);
        for (outcome, label, count) in [
            ("reached", "reached", row.reached),
            ("open", "still in the window", row.still_in_window),
            ("dropped", "dropped before it", row.dropped),
        ] {
            let condition = move |filters: &Filters| at_step(filters, &chosen, outcome);
            marks.push(PanelMark {
                key: format!("{}.{outcome}", step.key()),
                label: format!("{name}: {label}"),
                filter: None,
                rows: people(count, filters, condition).filter(|_| count > 0),
            });
        }
    }
    marks
}

/// A segment's step each: who reached it. A click sets the segment.
#[must_use]
pub fn segments(rows: &[FunnelStep], filters: &Filters, options: &FunnelOptions) -> Vec<PanelMark> {
    rows.iter()
        .filter_map(|row| {
            let step = Step::named(&row.step)?;
            let (chosen, segment) = (FunnelOptions { step, ..*options }, row.segment.clone());
            let condition = move |filters: &Filters| {
                statement!(
                    "panels/funnel-segments_people.sql",
                    filters,
                    by = chosen.by.key(),
                    segment = segment.as_str(),
                    reached = at_step(filters, &chosen, "reached"),
                )
            };
            Some(PanelMark {
                key: format!("{}.{}", key_of(&row.segment), step.key()),
                label: format!(
                    "{}: {}",
                    segment_name(options.by, &row.segment),
                    step.label()
                ),
                filter: Some(MarkFilter::Only(options.by, row.segment.clone())),
                rows: people(row.reached, filters, condition),
            })
        })
        .collect()
}

/// A bin each: who took that long to the chosen step.
#[must_use]
pub fn times(rows: &[TimeBin], filters: &Filters, options: &FunnelOptions) -> Vec<PanelMark> {
    let options = *options;
    rows.iter()
        .filter_map(|row| {
            let (from_secs, to_secs) = bin_secs(row.number)?;
            let condition = move |filters: &Filters| {
                statement!(
                    "panels/time-to-convert_people.sql",
                    filters,
                    step = options.step.key(),
                    window_secs = options.window_secs(),
                    from_secs = from_secs,
                    to_secs = to_secs,
                )
            };
            Some(PanelMark {
                key: format!("{}.{}", options.step.key(), row.number),
                label: format!("{} within {}", options.step.label(), row.time),
                filter: None,
                rows: people(row.people, filters, condition).filter(|_| row.people > 0),
            })
        })
        .collect()
}

/// Everyone who dropped before the chosen step.
#[must_use]
pub fn dropped(
    rows: &[DroppedPerson],
    filters: &Filters,
    options: &FunnelOptions,
) -> Vec<PanelMark> {
    let options = *options;
    let condition = move |filters: &Filters| at_step(filters, &options, "dropped");
    let everyone = rows.first().map(|row| PanelMark {
        key: format!("{}.everyone", options.step.key()),
        label: format!("Dropped before “{}”", options.step.label()),
        filter: None,
        rows: people(row.people, filters, condition),
    });
    everyone.into_iter().collect()
}

/// A channel each: who activated. A click sets the channel.
#[must_use]
pub fn activation(rows: &[ChannelActivation], filters: &Filters) -> Vec<PanelMark> {
    rows.iter()
        .map(|row| {
            let channel = row.channel.clone();
            let condition = move |filters: &Filters| {
                let channel = channel.as_str();
                statement!("panels/activation_people.sql", filters, channel = channel)
            };
            PanelMark {
                key: row.channel.clone(),
                label: format!(
                    "{}: activated",
                    segment_name(Dimension::Channel, &row.channel)
                ),
                filter: Some(MarkFilter::Only(Dimension::Channel, row.channel.clone())),
                rows: people(row.activated, filters, condition),
            }
        })
        .collect()
}

/// The actions that a level of the paths names.
fn actions(rows: &[PathLink], level: i64) -> Vec<String> {
    let places = rows.iter().flat_map(|row| {
        [
            (row.source_level, &row.source),
            (row.target_level, &row.target),
        ]
    });
    let named: BTreeSet<&String> = places
        .filter(|(other, name)| *other == level && !["nothing", "other"].contains(&name.as_str()))
        .map(|(_, name)| name)
        .collect();
    named.into_iter().cloned().collect()
}

/// A link each: who went that way.
#[must_use]
pub fn paths(rows: &[PathLink], filters: &Filters) -> Vec<PanelMark> {
    let actions = [1, 2, 3].map(|level| actions(rows, level));
    rows.iter()
        .map(|row| {
            let (link, actions) = (row.clone(), actions.to_vec());
            let condition = move |filters: &Filters| {
                statement!(
                    "panels/paths_people.sql",
                    filters,
                    source_level = link.source_level,
                    source = link.source.as_str(),
                    target_level = link.target_level,
                    target = link.target.as_str(),
                    actions = actions.clone(),
                )
            };
            PanelMark {
                key: format!(
                    "{}.{}.{}.{}",
                    row.source_level, row.source, row.target_level, row.target
                ),
                label: format!("{} → {}", place_name(&row.source), place_name(&row.target)),
                filter: None,
                rows: people(row.people, filters, condition),
            }
        })
        .collect()
}

/// A channel's credit by a model each: the touches that earned it. Markov's model credits no touch.
#[must_use]
pub fn attribution(rows: &[ChannelCredit], filters: &Filters) -> Vec<PanelMark> {
    let mut marks = Vec::new();
    for channel in channels(rows) {
        for row in of_channel(rows, &channel) {
            let (credit, filters) = (row.clone(), filters.clone());
            let sql = Sql::new(move || {
                statement!(
                    "panels/attribution_rows.sql",
                    &filters,
                    channel = credit.channel.as_str(),
                    model = credit.model.as_str(),
                )
            });
            marks.push(PanelMark {
                key: format!("{channel}.{}", row.model),
                label: format!(
                    "{}, {}",
                    segment_name(Dimension::Channel, &channel),
                    model_name(&row.model)
                ),
                filter: None,
                rows: (row.model != "markov" && row.conversions > 0.0).then(|| {
                    RowsQuery::summed(
                        sql,
                        ("touch", "touches"),
                        row.conversions,
                        "credit",
                        ValueFormat::Ratio,
                    )
                }),
            });
        }
    }
    marks
}

/// A row of the experiment each: who took part. A click sets the segment.
#[must_use]
pub fn experiment(
    rows: &[ExperimentResult],
    filters: &Filters,
    options: &FunnelOptions,
) -> Vec<PanelMark> {
    let by = options.by;
    rows.iter()
        .map(|row| {
            let segment = Some(row.segment.clone()).filter(|segment| segment != "all");
            let filter = segment.clone().map(|segment| MarkFilter::Only(by, segment));
            let condition = move |filters: &Filters| {
                statement!(
                    "panels/experiment_people.sql",
                    filters,
                    by = by.key(),
                    segment = segment.clone(),
                )
            };
            let count = row.control_users + row.treatment_users;
            PanelMark {
                key: key_of(&row.segment),
                label: format!("{}: participants", row_name(row, by)),
                filter,
                rows: people(count, filters, condition),
            }
        })
        .collect()
}
