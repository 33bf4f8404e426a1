//! The marks of the page's charts, and the rows behind them.

use chrono::NaiveDate;

use crate::components::format::{ValueFormat, day, month_long, words};
use crate::dashboards::marks::{MarkFilter, PanelMark, RowsQuery, quoted};
use crate::dashboards::periods::month_so_far;
use crate::results::executive::{ActiveUsersDay, ChannelSignups, MovementMonth, PlanMonth};
use crate::state::filters::{Dimension, Filters};

/// Every dimension but the one that a panel keeps in view.
fn all_but(kept: Dimension) -> Vec<Dimension> {
    let all = Dimension::ALL.into_iter();
    all.filter(|dimension| *dimension != kept).collect()
}

/// A plan in a month: the customers who paid for it at its end. Newest first.
#[must_use]
pub fn plans(rows: &[PlanMonth], filters: &Filters) -> Vec<PanelMark> {
    let users = filters.users_sql_of("rows", &all_but(Dimension::Plan));
    rows.iter()
        .rev()
        .map(|row| {
            let month = row.month;
            let sql = format!(
                "select
    users.user_id,
    users.full_name,
    cast(rows.channel as varchar) as channel,
    cast(rows.country as varchar) as country,
    cast(rows.size as varchar) as company_size,
    rows.mrr_cents

from rollups.mrr_months as rows

inner join marts.dim_users as users
    on rows.user_id = users.user_id

where
    rows.date_month = date '{month}'
    and rows.plan = {}
    and rows.mrr_cents > 0
    and {users}",
                quoted(&row.plan)
            );
            PanelMark {
                key: format!("{}.{}", month.format("%Y-%m"), row.plan),
                label: format!(
                    "{}, {}",
                    words(&row.plan),
                    month_so_far(month, filters.as_of())
                ),
                filter: Some(MarkFilter::Only(Dimension::Plan, row.plan.clone())),
                rows: Some(RowsQuery::summed(
                    sql,
                    ("customer", "customers"),
                    row.mrr_cents as f64,
                    "mrr_cents",
                    ValueFormat::Money,
                )),
            }
        })
        .collect()
}

/// A movement in a month: the customers who moved. Newest first.
#[must_use]
pub fn movements(rows: &[MovementMonth], filters: &Filters) -> Vec<PanelMark> {
    let users = filters.users_sql("rows");
    let as_of = filters.as_of();
    let months = rows.iter().rev();
    months
        .flat_map(|row| {
            let users = users.clone();
            row.movements().into_iter().map(move |(movement, cents)| {
                moved((row.month, row.month), as_of, movement, cents, &users)
            })
        })
        .collect()
}

/// The customers with one movement in the months from the first to the last.
#[must_use]
pub fn moved(
    (first, last): (NaiveDate, NaiveDate),
    as_of: NaiveDate,
    movement: &str,
    cents: i64,
    users: &str,
) -> PanelMark {
    let sql = format!(
        "select
    users.user_id,
    users.full_name,
    cast(rows.plan as varchar) as plan,
    cast(rows.channel as varchar) as channel,
    cast(rows.country as varchar) as country,
    cast(rows.size as varchar) as company_size,
    rows.date_month,
    rows.previous_mrr_cents,
    rows.mrr_cents,
    rows.movement_amount_cents

from rollups.mrr_months as rows

inner join marts.dim_users as users
    on rows.user_id = users.user_id

where
    rows.date_month between date '{first}' and date '{last}'
    and rows.movement = '{movement}'
    and {users}"
    );
    let (key, period) = if first == last {
        (
            first.format("%Y-%m").to_string(),
            month_so_far(first, as_of),
        )
    } else {
        (
            "all".to_owned(),
            format!("{} to {}", month_long(first), month_so_far(last, as_of)),
        )
    };
    PanelMark {
        key: format!("{key}.{movement}"),
        label: format!("{}, {period}", words(movement)),
        filter: None,
        rows: Some(RowsQuery::summed(
            sql,
            ("movement", "movements"),
            cents as f64,
            "movement_amount_cents",
            ValueFormat::Money,
        )),
    }
}

/// A day: the users active on it. Newest first.
#[must_use]
pub fn active_days(rows: &[ActiveUsersDay], filters: &Filters) -> Vec<PanelMark> {
    let users = filters.users_sql("rows");
    let days = rows.iter().rev();
    days.map(|row| {
        let date = row.date;
        let sql = format!(
            "select
    users.user_id,
    users.full_name,
    cast(rows.plan as varchar) as plan,
    cast(rows.channel as varchar) as channel,
    cast(rows.country as varchar) as country,
    cast(rows.segment as varchar) as segment,
    users.signup_date,
    users.count_events

from rollups.active_days as rows

inner join marts.dim_users as users
    on rows.user_id = users.user_id

where
    rows.date_day = date '{date}'
    and {users}"
        );
        PanelMark {
            key: date.to_string(),
            label: format!("Active on {}", day(date)),
            filter: None,
            rows: Some(RowsQuery::counted(sql, ("user", "users"), row.dau as f64)),
        }
    })
    .collect()
}

/// A channel: the people who signed up through it. Most first.
#[must_use]
pub fn channels(rows: &[ChannelSignups], filters: &Filters) -> Vec<PanelMark> {
    let users = filters.signups_sql("rows", &all_but(Dimension::Channel));
    let days = filters.days_sql("rows.signup_date");
    rows.iter()
        .map(|row| {
            let sql = format!(
                "select
    users.user_id,
    users.full_name,
    users.signup_date,
    cast(rows.signup_plan as varchar) as initial_plan,
    cast(rows.plan as varchar) as current_plan,
    cast(rows.country as varchar) as country,
    cast(rows.size as varchar) as company_size,
    cast(rows.segment as varchar) as segment,
    users.lifetime_revenue_cents

from rollups.users as rows

inner join marts.dim_users as users
    on rows.user_id = users.user_id

where
    rows.channel = {}
    and {days}
    and {users}",
                quoted(&row.channel)
            );
            PanelMark {
                key: row.channel.clone(),
                label: words(&row.channel),
                filter: Some(MarkFilter::Only(Dimension::Channel, row.channel.clone())),
                rows: Some(RowsQuery::counted(
                    sql,
                    ("signup", "signups"),
                    row.signups as f64,
                )),
            }
        })
        .collect()
}
