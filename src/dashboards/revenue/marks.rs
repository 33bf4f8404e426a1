//! The marks of the page's charts, and the rows behind them.

use chrono::{Months, NaiveDate};

use super::charts::dunning::{FlowPart, label, parts, sums};
use super::charts::waterfall::{period, steps};
use super::queries::ltv_users;
use crate::components::format::{ValueFormat, day, month_long, words};
use crate::dashboards::executive::marks::moved;
use crate::dashboards::marks::{PanelMark, RowsQuery, quoted};
use crate::dashboards::periods::{at_end_of, month_so_far};
use crate::results::executive::MovementMonth;
use crate::results::revenue::{DunningFlow, LtvDecile, RefundMonth, RetentionMonth, RevenueDay};
use crate::state::filters::Filters;

/// The steps of the waterfall, in order: who moved, and who pays at both ends.
#[must_use]
pub fn waterfall(rows: &[MovementMonth], filters: &Filters) -> Vec<PanelMark> {
    let Some((first, last)) = period(rows) else {
        return Vec::new();
    };
    let users = filters.users_sql("rows");
    let as_of = filters.as_of();
    steps(rows)
        .into_iter()
        .map(|step| match step.name {
            "closing" => paying_at(last, as_of, "closing", step.cents, &users),
            "opening" => paying_at(month_before(first), as_of, "opening", step.cents, &users),
            "transfer" => PanelMark {
                key: step.name.to_owned(),
                label: words(step.name),
                filter: None,
                rows: None,
            },
            movement => PanelMark {
                key: movement.to_owned(),
                ..moved((first, last), as_of, movement, step.cents, &users)
            },
        })
        .collect()
}

/// Who pays at the end of a month.
fn paying_at(month: NaiveDate, as_of: NaiveDate, key: &str, cents: i64, users: &str) -> PanelMark {
    let sql = format!(
        "select
    users.user_id,
    users.full_name,
    cast(rows.plan as varchar) as plan,
    cast(rows.channel as varchar) as channel,
    cast(rows.country as varchar) as country,
    cast(rows.size as varchar) as company_size,
    rows.mrr_cents

from rollups.mrr_months as rows

inner join marts.dim_users as users
    on rows.user_id = users.user_id

where
    rows.date_month = date '{month}'
    and rows.mrr_cents > 0
    and {users}"
    );
    PanelMark {
        key: key.to_owned(),
        label: format!("MRR {}", at_end_of(month, as_of)),
        filter: None,
        rows: Some(RowsQuery::summed(
            sql,
            ("customer", "customers"),
            cents as f64,
            "mrr_cents",
            ValueFormat::Money,
        )),
    }
}

fn month_before(month: NaiveDate) -> NaiveDate {
    month.checked_sub_months(Months::new(1)).unwrap_or(month)
}

/// A month: all that moved in it. Newest first.
#[must_use]
pub fn quick_ratio(rows: &[MovementMonth], filters: &Filters) -> Vec<PanelMark> {
    let users = filters.users_sql("rows");
    let months = rows.iter().rev();
    months
        .map(|row| {
            let month = row.month;
            let net: i64 = row.movements().iter().map(|(_, cents)| cents).sum();
            let sql = format!(
                "select
    users.user_id,
    users.full_name,
    cast(rows.movement as varchar) as movement,
    cast(rows.plan as varchar) as plan,
    cast(rows.channel as varchar) as channel,
    cast(rows.country as varchar) as country,
    rows.previous_mrr_cents,
    rows.mrr_cents,
    rows.movement_amount_cents

from rollups.mrr_months as rows

inner join marts.dim_users as users
    on rows.user_id = users.user_id

where
    rows.date_month = date '{month}'
    and rows.movement <> 'none'
    and {users}"
            );
            PanelMark {
                key: month.format("%Y-%m").to_string(),
                label: format!("Movements, {}", month_so_far(month, filters.as_of())),
                filter: None,
                rows: Some(RowsQuery::summed(
                    sql,
                    ("movement", "movements"),
                    net as f64,
                    "movement_amount_cents",
                    ValueFormat::Money,
                )),
            }
        })
        .collect()
}

/// A tenth of the users by predicted value, the highest first.
#[must_use]
pub fn ltv_deciles(rows: &[LtvDecile], filters: &Filters) -> Vec<PanelMark> {
    let placed = ltv_users(filters);
    let tenths = rows.iter().rev();
    tenths
        .map(|row| {
            let decile = row.decile;
            let sql = format!(
                "select
    users.user_id,
    users.full_name,
    cast(users.channel as varchar) as channel,
    cast(users.country as varchar) as country,
    placed.predicted_cents,
    placed.lower_cents,
    placed.upper_cents,
    placed.actual_cents

from (
{placed}
) as placed

inner join marts.dim_users as users
    on placed.user_id = users.user_id

where placed.decile = {decile}"
            );
            PanelMark {
                key: format!("tenth-{decile}"),
                label: format!("Decile {decile} by predicted value"),
                filter: None,
                rows: Some(RowsQuery::summed(
                    sql,
                    ("user", "users"),
                    row.actual_cents as f64,
                    "actual_cents",
                    ValueFormat::Money,
                )),
            }
        })
        .collect()
}

/// A month: its customers of twelve months before. Newest first.
#[must_use]
pub fn retention(rows: &[RetentionMonth], filters: &Filters) -> Vec<PanelMark> {
    let users = filters.users_sql("rows");
    let months = rows.iter().rev();
    months
        .map(|row| {
            let month = row.month;
            let sql = format!(
                "select
    users.user_id,
    users.full_name,
    cast(rows.plan as varchar) as plan,
    cast(rows.channel as varchar) as channel,
    cast(rows.country as varchar) as country,
    rows.base_mrr_cents,
    rows.mrr_cents,
    rows.mrr_cents - rows.base_mrr_cents as change_mrr_cents

from rollups.retained_mrr as rows

inner join marts.dim_users as users
    on rows.user_id = users.user_id

where
    rows.date_month = date '{month}'
    and {users}"
            );
            PanelMark {
                key: month.format("%Y-%m").to_string(),
                label: format!("Customers a year before {}", month_long(month)),
                filter: None,
                rows: Some(RowsQuery::summed(
                    sql,
                    ("customer", "customers"),
                    row.retained_cents as f64,
                    "mrr_cents",
                    ValueFormat::Money,
                )),
            }
        })
        .collect()
}

/// The parts of the dunning flow: nodes, then links.
#[must_use]
pub fn dunning(rows: &[DunningFlow], filters: &Filters) -> Vec<PanelMark> {
    let (nodes, links) = parts(rows);
    let days = filters.days_sql("rows.date_day");
    let users = filters.users_sql("rows");
    nodes
        .into_iter()
        .chain(links)
        .map(|part| {
            let is_part = match &part {
                FlowPart::All => "rows.failure_code is not null".to_owned(),
                FlowPart::Reason(reason) => format!("rows.failure_code = {}", quoted(reason)),
                FlowPart::Outcome(outcome) => format!(
                    "rows.failure_code is not null and rows.dunning_outcome = {}",
                    quoted(outcome)
                ),
                FlowPart::Link(reason, outcome) => format!(
                    "rows.failure_code = {} and rows.dunning_outcome = {}",
                    quoted(reason),
                    quoted(outcome)
                ),
            };
            let sql = format!(
                "select
    rows.payment_id,
    users.full_name,
    rows.date_day,
    cast(rows.plan as varchar) as plan,
    rows.failure_code,
    rows.dunning_outcome,
    rows.amount_cents

from rollups.payments as rows

inner join marts.dim_users as users
    on rows.user_id = users.user_id

where
    rows.attempt_no = 1
    and rows.status not in ('refunded', 'disputed', 'dispute_won')
    and {is_part}
    and {days}
    and {users}"
            );
            let key = label(&part)
                .to_lowercase()
                .replace(" → ", ".")
                .replace(' ', "-");
            PanelMark {
                key,
                label: label(&part),
                filter: None,
                rows: Some(RowsQuery::counted(
                    sql,
                    ("charge", "charges"),
                    sums(rows, &part).0 as f64,
                )),
            }
        })
        .collect()
}

/// A month: its refunds and disputes. Newest first.
#[must_use]
pub fn refunds(rows: &[RefundMonth], filters: &Filters) -> Vec<PanelMark> {
    let users = filters.users_sql("rows");
    let months = rows.iter().rev();
    months
        .map(|row| {
            let month = row.month;
            let sql = format!(
                "select
    rows.payment_id,
    users.full_name,
    rows.date_day,
    cast(rows.plan as varchar) as plan,
    cast(rows.country as varchar) as country,
    rows.status,
    case when rows.status = 'dispute_won' then -rows.amount_cents else rows.amount_cents end
        as amount_cents

from rollups.payments as rows

inner join marts.dim_users as users
    on rows.user_id = users.user_id

where
    rows.status in ('refunded', 'disputed', 'dispute_won')
    and rows.date_month = date '{month}'
    and {users}"
            );
            PanelMark {
                key: month.format("%Y-%m").to_string(),
                label: format!(
                    "Refunds and disputes, {}",
                    month_so_far(month, filters.as_of())
                ),
                filter: None,
                rows: Some(RowsQuery::summed(
                    sql,
                    ("refund or dispute", "refunds and disputes"),
                    (row.refunded_cents + row.disputed_cents) as f64,
                    "amount_cents",
                    ValueFormat::Money,
                )),
            }
        })
        .collect()
}

/// The days that stand out, newest first, then all others: the payments that make them up.
#[must_use]
pub fn anomalies(rows: &[RevenueDay]) -> Vec<PanelMark> {
    let days = rows.iter().rev();
    days.map(|row| {
        let date = row.date;
        let sql = format!(
            "select
    rows.payment_id,
    users.full_name,
    cast(rows.plan as varchar) as plan,
    rows.status,
    rows.gross_cents

from rollups.payments as rows

inner join marts.dim_users as users
    on rows.user_id = users.user_id

where
    rows.date_day = date '{date}'
    and rows.status = 'succeeded'"
        );
        PanelMark {
            key: date.to_string(),
            label: format!("Payments of {}", day(date)),
            filter: None,
            rows: Some(RowsQuery::summed(
                sql,
                ("payment", "payments"),
                row.revenue_cents as f64,
                "gross_cents",
                ValueFormat::Money,
            )),
        }
    })
    .collect()
}
