//! The marks of the page's charts, and the rows behind them.

use chrono::NaiveDate;

use super::charts::feature_heatmap::group_name;
use super::charts::rfm;
use super::charts::time_to_adopt::days_text;
use super::queries::window_start;
use crate::components::format::day;
use crate::dashboards::marks::{MarkFilter, PanelMark, RowsQuery, quoted};
use crate::dashboards::periods::month_so_far;
use crate::results::adoption::{
    ActiveDays, FeatureAge, FeatureGroup, FeatureWeek, MapPoint, RfmSegment, SegmentProfile,
    StickinessMonth, TimeToAdopt,
};
use crate::state::filters::{Dimension, Filters};

const USERS: (&str, &str) = ("user", "users");

/// What every list of users holds.
const PERSON: &str = "users.user_id,
    users.full_name,
    users.current_plan as plan,
    users.channel,
    users.country,
    users.company_size,
    users.segment";

fn key_of(text: &str) -> String {
    let plain = text.chars().map(|letter| match letter {
        letter if letter.is_ascii_alphanumeric() => letter.to_ascii_lowercase(),
        _ => '-',
    });
    plain.collect()
}

/// The rows behind a feature: users who touched it on the days of a window.
fn touched(feature: &str, (from, to): (NaiveDate, NaiveDate), condition: &str) -> String {
    format!(
        "select
    {PERSON},
    max(days.date_day) as last_touched_date,
    count(*) as days_touched

from rollups.feature_days as days

inner join rollups.features
    on
        features.display_name = {feature}
        and days.feature_bits & features.feature_bit <> 0

inner join marts.dim_users as users
    on days.user_id = users.user_id

where
    days.date_day between date '{from}' and date '{to}'
    and {condition}

group by all",
        feature = quoted(feature)
    )
}

/// A feature in the last week of the curves: its users.
#[must_use]
pub fn weeks(rows: &[FeatureWeek], filters: &Filters) -> Vec<PanelMark> {
    let users = filters.users_sql("days");
    let last = rows.iter().map(|row| row.week).max();
    rows.iter()
        .filter(|row| Some(row.week) == last)
        .map(|row| {
            let end = row.week + chrono::Days::new(6);
            PanelMark {
                key: format!("{}.{}", row.week, key_of(&row.feature)),
                label: format!("{}, week of {}", row.feature, day(row.week)),
                filter: None,
                rows: Some(RowsQuery::counted(
                    touched(&row.feature, (row.week, end), &users),
                    USERS,
                    row.users as f64,
                )),
            }
        })
        .collect()
}

/// A feature since it could be had: who took it up in the weeks that are shown.
#[must_use]
pub fn ages(rows: &[FeatureAge], filters: &Filters) -> Vec<PanelMark> {
    let users = filters.users_sql("adopters");
    let days = filters.days_sql("adopters.available_date");
    let as_of = filters.as_of();
    let last = rows.iter().map(|row| row.weeks).max().unwrap_or(0);
    let within = last * 7;
    rows.iter()
        .filter(|row| row.weeks == last)
        .map(|row| {
            let condition = format!(
                "{days}
    and adopters.available_date + {within} <= date '{as_of}'
    and adopters.days_to_adopt <= {within}
    and {users}"
            );
            PanelMark {
                key: format!("within-{last}-weeks.{}", key_of(&row.feature)),
                label: format!("{}, within {last} weeks", row.feature),
                filter: None,
                rows: Some(RowsQuery::counted(
                    adopters(&row.feature, &condition),
                    USERS,
                    row.adopters as f64,
                )),
            }
        })
        .collect()
}

/// Adopters of a feature, by its name on screen.
fn adopters(feature: &str, condition: &str) -> String {
    format!(
        "select
    {PERSON},
    adopters.available_date,
    adopters.days_to_adopt

from rollups.feature_adopters as adopters

inner join rollups.features
    on
        adopters.feature_number = features.feature_number
        and features.display_name = {feature}

inner join marts.dim_users as users
    on adopters.user_id = users.user_id

where
    {condition}",
        feature = quoted(feature)
    )
}

/// A feature and a group: the group's users who touched it in 28 days. In the order of the rows.
#[must_use]
pub fn groups(rows: &[FeatureGroup], by: Dimension, filters: &Filters) -> Vec<PanelMark> {
    let users = filters.users_sql("days");
    let window = (window_start(filters), filters.to);
    rows.iter()
        .map(|row| {
            let is_everyone = row.group == "everyone";
            let condition = if is_everyone {
                users.clone()
            } else {
                format!(
                    "days.{} = {}\n    and {users}",
                    by.key(),
                    quoted(&row.group)
                )
            };
            PanelMark {
                key: format!("{}.{}", key_of(&row.feature), key_of(&row.group)),
                label: format!("{}, {}", row.feature, group_name(&row.group)),
                filter: (!is_everyone).then(|| MarkFilter::Only(by, row.group.clone())),
                rows: Some(RowsQuery::counted(
                    touched(&row.feature, window, &condition),
                    USERS,
                    row.users as f64,
                )),
            }
        })
        .collect()
}

/// A group in a month: its users who came. In the order of the rows.
#[must_use]
pub fn stickiness(rows: &[StickinessMonth], by: Dimension, filters: &Filters) -> Vec<PanelMark> {
    let users = filters.users_sql("months");
    rows.iter()
        .map(|row| {
            let is_everyone = row.group == "everyone";
            let group = if is_everyone {
                "true".to_owned()
            } else {
                format!("months.{} = {}", by.key(), quoted(&row.group))
            };
            let sql = format!(
                "select
    {PERSON},
    months.active_days

from rollups.feature_months as months

inner join marts.dim_users as users
    on months.user_id = users.user_id

where
    months.date_month = date '{month}'
    and {group}
    and {users}",
                month = row.month
            );
            PanelMark {
                key: format!("{}.{}", row.month.format("%Y-%m"), key_of(&row.group)),
                label: format!(
                    "{}, {}",
                    group_name(&row.group),
                    month_so_far(row.month, filters.as_of())
                ),
                filter: (!is_everyone).then(|| MarkFilter::Only(by, row.group.clone())),
                rows: Some(RowsQuery::counted(sql, USERS, row.users as f64)),
            }
        })
        .collect()
}

/// A number of active days: the users who came on as many. In the order of the rows.
#[must_use]
pub fn active_days(rows: &[ActiveDays], filters: &Filters) -> Vec<PanelMark> {
    let users = filters.users_sql("days");
    let (from, to) = (window_start(filters), filters.to);
    rows.iter()
        .map(|row| {
            let sql = format!(
                "select
    {PERSON},
    count(*) as active_days,
    max(days.date_day) as last_active_date

from rollups.feature_days as days

inner join marts.dim_users as users
    on days.user_id = users.user_id

where
    days.date_day between date '{from}' and date '{to}'
    and {users}

group by all

having count(*) = {}",
                row.days
            );
            let noun = if row.days == 1 { "day" } else { "days" };
            PanelMark {
                key: format!("days-{}", row.days),
                label: format!("{} {noun} of 28", row.days),
                filter: None,
                rows: Some(RowsQuery::counted(sql, USERS, row.users as f64)),
            }
        })
        .collect()
}

/// A feature: who took it up within some days. In the order of the rows.
#[must_use]
pub fn adoption_times(rows: &[TimeToAdopt], within: u32, filters: &Filters) -> Vec<PanelMark> {
    let users = filters.users_sql("adopters");
    let days = filters.days_sql("adopters.available_date");
    let as_of = filters.as_of();
    let condition = format!(
        "{days}
    and adopters.available_date + {within} <= date '{as_of}'
    and adopters.days_to_adopt <= {within}
    and {users}"
    );
    rows.iter()
        .map(|row| PanelMark {
            key: row.key.clone(),
            label: format!("{}, within {}", row.feature, days_text(f64::from(within))),
            filter: None,
            rows: Some(RowsQuery::counted(
                adopters(&row.feature, &condition),
                USERS,
                row.adopters as f64,
            )),
        })
        .collect()
}

/// Segments of the map, in the order of their names: their users among all, not the sample's.
#[must_use]
pub fn map_segments(rows: &[MapPoint], filters: &Filters) -> Vec<PanelMark> {
    let names = super::charts::segment_map::segments(rows).into_iter();
    names
        .map(|name| {
            let shown = rows.iter().filter(|row| row.segment == name).count();
            let users = filters.users_sql("people");
            let sql = format!(
                "select *

from (
    select
        segments.user_id,
        users.full_name,
        users.current_plan as plan,
        users.channel,
        users.country,
        users.company_size,
        segments.segment,
        segments.pc1,
        segments.pc2

    from ml.user_segments as segments

    inner join rollups.users as people
        on segments.user_id = people.user_id

    inner join marts.dim_users as users
        on segments.user_id = users.user_id

    where {users}

    order by
        (segments.user_id * 2654435761) % 4294967296,
        segments.user_id

    limit {limit}
) as shown

where segment = {name}",
                limit = super::queries::MAP_POINTS,
                name = quoted(name)
            );
            PanelMark {
                key: key_of(name),
                label: name.to_owned(),
                filter: None,
                rows: Some(RowsQuery::counted(sql, USERS, shown as f64)),
            }
        })
        .collect()
}

/// Segments of the profiles, in their order: all their users.
#[must_use]
pub fn profile_segments(segments: &[&SegmentProfile], filters: &Filters) -> Vec<PanelMark> {
    let users = filters.users_sql("people");
    segments
        .iter()
        .map(|row| {
            let sql = format!(
                "select
    {PERSON},
    segments.segment as kind,
    users.count_active_days_28d as active_days_28d,
    users.count_core_actions_28d as core_actions_28d,
    users.count_events as events,
    users.mrr_cents

from ml.user_segments as segments

inner join rollups.users as people
    on segments.user_id = people.user_id

inner join marts.dim_users as users
    on segments.user_id = users.user_id

where
    cast(segments.segment as varchar) = {}
    and {users}",
                quoted(&row.segment)
            );
            PanelMark {
                key: key_of(&row.segment),
                label: row.segment.clone(),
                filter: None,
                rows: Some(RowsQuery::counted(sql, USERS, row.users as f64)),
            }
        })
        .collect()
}

/// An RFM segment: its customers. In the order of the rows.
#[must_use]
pub fn rfm_segments(rows: &[RfmSegment], filters: &Filters) -> Vec<PanelMark> {
    let users = filters.users_sql("people");
    rows.iter()
        .map(|row| {
            let sql = format!(
                "select
    {PERSON},
    rfm.mrr_cents,
    rfm.recency_days,
    rfm.frequency_days,
    rfm.monetary_cents

from advanced.rfm_segmentation as rfm

inner join rollups.users as people
    on rfm.user_id = people.user_id

inner join marts.dim_users as users
    on rfm.user_id = users.user_id

where
    rfm.rfm_segment = {}
    and {users}",
                quoted(&row.segment)
            );
            PanelMark {
                key: row.segment.clone(),
                label: rfm::name(&row.segment),
                filter: None,
                rows: Some(RowsQuery::counted(
                    sql,
                    ("customer", "customers"),
                    row.customers as f64,
                )),
            }
        })
        .collect()
}
