//! The marks of the page's charts, and the rows behind them.

use chrono::{Days, NaiveDate};

use super::charts::feature_heatmap::group_name;
use super::charts::rfm;
use super::charts::segment_map::segments;
use super::charts::time_to_adopt::days_text;
use super::queries::{MAP_POINTS, window_start};
use crate::components::format::day;
use crate::dashboards::marks::{MarkFilter, PanelMark, RowsQuery};
use crate::dashboards::periods::month_so_far;
use crate::results::adoption::{
    ActiveDays, FeatureAge, FeatureGroup, FeatureWeek, MapPoint, RfmSegment, SegmentProfile,
    StickinessMonth, TimeToAdopt,
};
use crate::state::filters::{Dimension, Filters};
use crate::state::statement::statement;

const USERS: (&str, &str) = ("user", "users");

fn key_of(text: &str) -> String {
    let plain = text.chars().map(|letter| match letter {
        letter if letter.is_ascii_alphanumeric() => letter.to_ascii_lowercase(),
        _ => '-',
    });
    plain.collect()
}

fn mark(key: String, label: String, sql: String, users: i64) -> PanelMark {
    PanelMark {
        key,
        label,
        filter: None,
        rows: Some(RowsQuery::counted(sql, USERS, users as f64)),
    }
}

/// A group of the rows, unless it is everyone.
fn one_group(group: &str) -> Option<&str> {
    (group != "everyone").then_some(group)
}

/// Users who touched a feature on the days of a window; only those of a group, if one is given.
fn touched(
    feature: &str,
    (from, to): (NaiveDate, NaiveDate),
    group: Option<(Dimension, &str)>,
    filters: &Filters,
) -> String {
    statement!(
        "panels/touched_rows.sql",
        filters,
        feature = feature,
        window_start = from.to_string(),
        window_end = to.to_string(),
        group_by = group.map(|(by, _)| by.key()),
        group = group.map(|(_, group)| group)
    )
}

/// Users who took up a feature within some days of being able to.
fn adopters(feature: &str, within_days: i64, filters: &Filters) -> String {
    statement!(
        "panels/adopters_rows.sql",
        filters,
        feature = feature,
        within_days = within_days
    )
}

/// A feature in the last week of the curves: its users.
#[must_use]
pub fn weeks(rows: &[FeatureWeek], filters: &Filters) -> Vec<PanelMark> {
    let last = rows.iter().map(|row| row.week).max();
    rows.iter()
        .filter(|row| Some(row.week) == last)
        .map(|row| {
            let days = (row.week, row.week + Days::new(6));
            mark(
                format!("{}.{}", row.week, key_of(&row.feature)),
                format!("{}, week of {}", row.feature, day(row.week)),
                touched(&row.feature, days, None, filters),
                row.users,
            )
        })
        .collect()
}

/// A feature since it could be had: who took it up in the weeks that are shown.
#[must_use]
pub fn ages(rows: &[FeatureAge], filters: &Filters) -> Vec<PanelMark> {
    let last = rows.iter().map(|row| row.weeks).max().unwrap_or(0);
    rows.iter()
        .filter(|row| row.weeks == last)
        .map(|row| {
            mark(
                format!("within-{last}-weeks.{}", key_of(&row.feature)),
                format!("{}, within {last} weeks", row.feature),
                adopters(&row.feature, last * 7, filters),
                row.adopters,
            )
        })
        .collect()
}

/// A feature and a group: the group's users who touched it in 28 days. In the order of the rows.
#[must_use]
pub fn groups(rows: &[FeatureGroup], by: Dimension, filters: &Filters) -> Vec<PanelMark> {
    let window = (window_start(filters), filters.to);
    rows.iter()
        .map(|row| {
            let group = one_group(&row.group).map(|group| (by, group));
            PanelMark {
                filter: group.map(|(by, group)| MarkFilter::Only(by, group.to_owned())),
                ..mark(
                    format!("{}.{}", key_of(&row.feature), key_of(&row.group)),
                    format!("{}, {}", row.feature, group_name(&row.group)),
                    touched(&row.feature, window, group, filters),
                    row.users,
                )
            }
        })
        .collect()
}

/// A group in a month: its users who came. In the order of the rows.
#[must_use]
pub fn stickiness(rows: &[StickinessMonth], by: Dimension, filters: &Filters) -> Vec<PanelMark> {
    rows.iter()
        .map(|row| {
            let group = one_group(&row.group);
            let month = month_so_far(row.month, filters.as_of());
            let sql = statement!(
                "panels/stickiness_rows.sql",
                filters,
                month = row.month.to_string(),
                group_by = by.key(),
                group = group
            );
            PanelMark {
                filter: group.map(|group| MarkFilter::Only(by, group.to_owned())),
                ..mark(
                    format!("{}.{}", row.month.format("%Y-%m"), key_of(&row.group)),
                    format!("{}, {month}", group_name(&row.group)),
                    sql,
                    row.users,
                )
            }
        })
        .collect()
}

/// A number of active days: the users who came on as many. In the order of the rows.
#[must_use]
pub fn active_days(rows: &[ActiveDays], filters: &Filters) -> Vec<PanelMark> {
    rows.iter()
        .map(|row| {
            let sql = statement!(
                "panels/power-users_rows.sql",
                filters,
                window_start = window_start(filters).to_string(),
                active_days = row.days
            );
            let noun = if row.days == 1 { "day" } else { "days" };
            mark(
                format!("days-{}", row.days),
                format!("{} {noun} of 28", row.days),
                sql,
                row.users,
            )
        })
        .collect()
}

/// A feature: who took it up within some days. In the order of the rows.
#[must_use]
pub fn adoption_times(rows: &[TimeToAdopt], within: u32, filters: &Filters) -> Vec<PanelMark> {
    rows.iter()
        .map(|row| {
            mark(
                row.key.clone(),
                format!("{}, within {}", row.feature, days_text(f64::from(within))),
                adopters(&row.feature, i64::from(within), filters),
                row.adopters,
            )
        })
        .collect()
}

/// Segments of the map, in the order of their names: their users among those shown.
#[must_use]
pub fn map_segments(rows: &[MapPoint], filters: &Filters) -> Vec<PanelMark> {
    segments(rows)
        .into_iter()
        .map(|name| {
            let shown = rows.iter().filter(|row| row.segment == name).count();
            let sql = statement!(
                "panels/segment-map_rows.sql",
                filters,
                map_points = MAP_POINTS,
                segment = name
            );
            mark(key_of(name), name.to_owned(), sql, shown as i64)
        })
        .collect()
}

/// Segments of the profiles, in their order: all their users.
#[must_use]
pub fn profile_segments(segments: &[&SegmentProfile], filters: &Filters) -> Vec<PanelMark> {
    segments
        .iter()
        .map(|row| {
            let segment = row.segment.as_str();
            let sql = statement!(
                "panels/segment-profiles_rows.sql",
                filters,
                segment = segment
            );
            mark(key_of(segment), segment.to_owned(), sql, row.users)
        })
        .collect()
}

/// An RFM segment: its customers. In the order of the rows.
#[must_use]
pub fn rfm_segments(rows: &[RfmSegment], filters: &Filters) -> Vec<PanelMark> {
    rows.iter()
        .map(|row| {
            let segment = row.segment.as_str();
            let sql = statement!("panels/rfm_rows.sql", filters, segment = segment);
            let customers = row.customers as f64;
            PanelMark {
                key: segment.to_owned(),
                label: rfm::name(segment),
                filter: None,
                rows: Some(RowsQuery::counted(
                    sql,
                    ("customer", "customers"),
                    customers,
                )),
            }
        })
        .collect()
}
