//! The marks of the page's charts, and the rows behind them.

use super::charts::attribution::{channels, model_name, of_channel};
use super::charts::experiment::row_name;
use super::charts::paths::place_name;
use super::charts::steps::{of_everyone, step_name};
use super::options::{FunnelOptions, Step};
use super::queries::{bin_secs, is_dropped, is_reached, of_users};
use crate::components::format::ValueFormat;
use crate::dashboards::marks::{MarkFilter, PanelMark, RowsQuery, quoted};
use crate::dashboards::segment_colours::segment_name;
use crate::results::funnel::{
    ChannelActivation, ChannelCredit, DroppedPerson, ExperimentResult, FunnelStep, PathLink,
    TimeBin,
};
use crate::state::filters::{Dimension, Filters};

const PEOPLE: (&str, &str) = ("person", "people");

/// SQL: the users of `rollups.funnel_users` that a condition holds for.
fn people(filters: &Filters, condition: &str) -> String {
    format!(
        "select
    users.user_id,
    dim_users.full_name,
    dim_users.email,
    cast(users.plan as varchar) as initial_plan,
    cast(users.channel as varchar) as channel,
    cast(users.country as varchar) as country,
    cast(users.size as varchar) as company_size,
    cast(users.segment as varchar) as segment,
    users.signup_date,
    cast(users.secs_to_started as double) / 3600 as hours_to_start,
    cast(users.secs_to_connected as double) / 3600 as hours_to_connect,
    cast(users.secs_to_reported as double) / 3600 as hours_to_report,
    cast(users.secs_to_paid as double) / 3600 as hours_to_pay,
    dim_users.count_active_days_28d as active_days_28d

from rollups.funnel_users as users

inner join marts.dim_users as dim_users
    on users.user_id = dim_users.user_id

where
        {}
        and {condition}",
        of_users(filters)
    )
}

/// A word of the data as part of a key.
fn key_of(value: &str) -> String {
    value.replace('+', "up")
}

fn counted(filters: &Filters, condition: &str, value: i64) -> Option<RowsQuery> {
    Some(RowsQuery::counted(
        people(filters, condition),
        PEOPLE,
        value as f64,
    ))
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
        let before = is_reached(step.before().unwrap_or(Step::SignedUp), options);
        let not_reached = format!("not coalesce({}, false)", is_reached(step, options));
        let open = format!(
            "{before}\n        and {not_reached}\n        and users.secs_observed < {}",
            options.window * 86_400
        );
        let name = step_name(row);
        for (kind, label, count, condition) in [
            ("reached", "reached", row.reached, is_reached(step, options)),
            ("open", "still in the window", row.still_in_window, open),
            (
                "dropped",
                "dropped before it",
                row.dropped,
                is_dropped(&chosen),
            ),
        ] {
            marks.push(PanelMark {
                key: format!("{}.{kind}", step.key()),
                label: format!("{name}: {label}"),
                filter: None,
                rows: counted(filters, &condition, count).filter(|_| count > 0),
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
            let condition = format!(
                "users.{} = {}\n        and {}",
                options.by.key(),
                quoted(&row.segment),
                is_reached(step, options)
            );
            Some(PanelMark {
                key: format!("{}.{}", key_of(&row.segment), step.key()),
                label: format!(
                    "{}: {}",
                    segment_name(options.by, &row.segment),
                    step.label()
                ),
                filter: Some(MarkFilter::Only(options.by, row.segment.clone())),
                rows: counted(filters, &condition, row.reached),
            })
        })
        .collect()
}

/// A bin each: who took that long to the chosen step.
#[must_use]
pub fn times(rows: &[TimeBin], filters: &Filters, options: &FunnelOptions) -> Vec<PanelMark> {
    rows.iter()
        .filter_map(|row| {
            let (from, to) = bin_secs(row.number)?;
            let column = options.step.column();
            let condition = format!(
                "{}\n        and users.{column} >= {from}\n        and users.{column} < {to}",
                is_reached(options.step, options)
            );
            Some(PanelMark {
                key: format!("{}.{}", options.step.key(), row.number),
                label: format!("{} within {}", options.step.label(), row.time),
                filter: None,
                rows: counted(filters, &condition, row.people).filter(|_| row.people > 0),
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
    let everyone = rows.first().map(|row| PanelMark {
        key: format!("{}.everyone", options.step.key()),
        label: format!("Dropped before “{}”", options.step.label()),
        filter: None,
        rows: counted(filters, &is_dropped(options), row.people),
    });
    everyone.into_iter().collect()
}

/// A channel each: who activated. A click sets the channel.
#[must_use]
pub fn activation(rows: &[ChannelActivation], filters: &Filters) -> Vec<PanelMark> {
    rows.iter()
        .map(|row| {
            let condition = format!(
                "users.channel = {}\n        and users.is_activation_window_over\n        and \
                 users.is_activated",
                quoted(&row.channel)
            );
            PanelMark {
                key: row.channel.clone(),
                label: format!(
                    "{}: activated",
                    segment_name(Dimension::Channel, &row.channel)
                ),
                filter: Some(MarkFilter::Only(Dimension::Channel, row.channel.clone())),
                rows: counted(filters, &condition, row.activated),
            }
        })
        .collect()
}

/// SQL: that a user was at a place of the paths.
fn is_at(rows: &[PathLink], level: i64, action: &str) -> String {
    let column = match level {
        1 => "users.first_action",
        2 => "users.second_action",
        _ => "users.third_action",
    };
    match (level, action) {
        (4, "activated") => "users.is_activated".to_owned(),
        (4, _) => "not users.is_activated".to_owned(),
        (5, "paid") => "users.has_paid".to_owned(),
        (5, _) => "not users.has_paid".to_owned(),
        (_, "nothing") => format!("{column} is null"),
        (_, "other") => {
            let sources = rows
                .iter()
                .map(|row| (row.source_level, row.source.as_str()));
            let targets = rows
                .iter()
                .map(|row| (row.target_level, row.target.as_str()));
            let mut named: Vec<String> = sources
                .chain(targets)
                .filter(|(other, name)| *other == level && !["nothing", "other"].contains(name))
                .map(|(_, name)| quoted(name))
                .collect();
            named.sort_unstable();
            named.dedup();
            format!("{column} not in ({})", named.join(", "))
        }
        (_, action) => format!("{column} = {}", quoted(action)),
    }
}

/// A link each: who went that way.
#[must_use]
pub fn paths(rows: &[PathLink], filters: &Filters) -> Vec<PanelMark> {
    rows.iter()
        .map(|row| {
            let mut conditions = vec![
                "users.is_activation_window_over".to_owned(),
                is_at(rows, row.source_level, &row.source),
                is_at(rows, row.target_level, &row.target),
            ];
            // Who went straight to the outcome did nothing in between.
            if row.target_level == 4 && row.source_level < 3 {
                conditions.push(is_at(rows, row.source_level + 1, "nothing"));
            }
            PanelMark {
                key: format!(
                    "{}.{}.{}.{}",
                    row.source_level, row.source, row.target_level, row.target
                ),
                label: format!("{} → {}", place_name(&row.source), place_name(&row.target)),
                filter: None,
                rows: counted(filters, &conditions.join("\n        and "), row.people),
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
            let sql = format!(
                "select
    touches.user_id,
    dim_users.full_name,
    cast(touches.touch_channel as varchar) as touch_channel,
    cast(touches.channel as varchar) as signup_channel,
    touches.signup_date,
    touches.{}_weight as credit

from rollups.path_touches as touches

inner join marts.dim_users as dim_users
    on touches.user_id = dim_users.user_id

where
    touches.is_converted
    and touches.touch_channel = {}
    and touches.{}_weight > 0
    and {}
    and {}",
                row.model,
                quoted(&channel),
                row.model,
                filters.days_sql("touches.signup_date"),
                filters.users_sql("touches"),
            );
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
    rows.iter()
        .map(|row| {
            let is_all = row.segment == "all";
            let mut condition =
                "users.variant is not null\n        and users.is_activation_window_over".to_owned();
            if !is_all {
                let value = quoted(&row.segment);
                condition.push_str(&format!(
                    "\n        and users.{} = {value}",
                    options.by.key()
                ));
            }
            PanelMark {
                key: key_of(&row.segment),
                label: format!("{}: participants", row_name(row, options.by)),
                filter: (!is_all).then(|| MarkFilter::Only(options.by, row.segment.clone())),
                rows: counted(filters, &condition, row.control_users + row.treatment_users),
            }
        })
        .collect()
}
