//! The marks of the page's charts, and the rows behind them.

use super::charts::health_fate::bounds as health_bounds;
use super::charts::lead_time::name as lead_name;
use super::charts::risk_distribution::{Column, bounds};
use super::evaluation::Evaluation;
use super::options::Terms;
use super::queries::{at_risk, holdout_cte, lead_time_ctes, list_cte};
use crate::components::format::words;
use crate::dashboards::marks::{PanelMark, RowsQuery, quoted};
use crate::results::churn::{HealthBin, HealthFate, HealthParts, LeadTime, PlanRisk};
use crate::state::filters::Filters;

const CUSTOMERS: (&str, &str) = ("customer", "customers");

/// What a list of scored customers shows.
fn scored(ctes: &str, from: &str, condition: &str) -> String {
    format!(
        "{ctes}

select
    rows.user_id,
    users.full_name,
    cast(rows.plan as varchar) as plan,
    cast(rows.channel as varchar) as channel,
    cast(rows.country as varchar) as country,
    cast(rows.size as varchar) as company_size,
    rows.snapshot_date,
    rows.mrr_cents,
    rows.probability as risk_share,
    rows.health_score,
    rows.tenure_days,
    case when rows.is_label_known and rows.has_churned_in_90d then rows.churn_date end
        as left_date

from {from} as rows

inner join marts.dim_users as users
    on rows.user_id = users.user_id

where {condition}"
    )
}

fn mark(key: String, label: String, sql: String, value: i64) -> PanelMark {
    PanelMark {
        key,
        label,
        filter: None,
        rows: Some(RowsQuery::counted(sql, CUSTOMERS, value as f64)),
    }
}

/// Those at or above the threshold in the hold-out.
#[must_use]
pub fn threshold(evaluation: &Evaluation, terms: &Terms, filters: &Filters) -> Vec<PanelMark> {
    let percent = terms.threshold_percent;
    let condition = format!("rows.probability >= {percent} / 100.0");
    let mut query = RowsQuery::counted(
        scored(&holdout_cte(filters), "holdout", &condition),
        CUSTOMERS,
        evaluation.outcome(percent, terms).contacted as f64,
    );
    query.noun = ("call", "calls");
    vec![PanelMark {
        key: "contacted".to_owned(),
        label: format!("Hold-out customers at {percent}% or more"),
        filter: None,
        rows: Some(query),
    }]
}

/// A column of risks. In the order of the columns.
#[must_use]
pub fn risks(columns: &[Column], filters: &Filters) -> Vec<PanelMark> {
    let ctes = list_cte(filters);
    columns
        .iter()
        .map(|column| {
            let (from, to) = bounds(column);
            let condition = format!(
                "least(cast(floor(rows.probability * 100) as int), 99) between {from} and {}",
                to - 1
            );
            mark(
                format!("risk-{from}"),
                format!("Risk {from} to {to}%"),
                scored(&ctes, "list", &condition),
                column.customers,
            )
        })
        .collect()
}

/// Everybody on the list, with reasons.
#[must_use]
pub fn listed(customers: usize, terms: &Terms, truth: bool, filters: &Filters) -> Vec<PanelMark> {
    vec![mark(
        "listed".to_owned(),
        format!("Risk of {}% or more", terms.threshold_percent),
        at_risk(filters, terms.threshold_percent, truth),
        customers as i64,
    )]
}

/// A plan's customers at or above the threshold. In the order of the rows.
#[must_use]
pub fn plans(rows: &[PlanRisk], terms: &Terms, filters: &Filters) -> Vec<PanelMark> {
    let ctes = list_cte(filters);
    rows.iter()
        .map(|row| {
            let condition = format!(
                "rows.plan = {} and rows.probability >= {} / 100.0",
                quoted(&row.plan),
                terms.threshold_percent
            );
            mark(
                row.plan.clone(),
                format!("{}, at or above the threshold", words(&row.plan)),
                scored(&ctes, "list", &condition),
                row.flagged_customers,
            )
        })
        .collect()
}

/// Who left with as much warning. In the order of the rows.
#[must_use]
pub fn leads(rows: &[LeadTime], terms: &Terms, filters: &Filters) -> Vec<PanelMark> {
    let ctes = lead_time_ctes(filters, terms.threshold_percent);
    rows.iter()
        .map(|row| {
            let condition = match row.days {
                None => "departures.warned_date is null".to_owned(),
                Some(days) => format!(
                    "departures.churn_date - departures.warned_date between {days} and {}",
                    days + 29
                ),
            };
            let sql = format!(
                "{ctes}

select
    departures.user_id,
    users.full_name,
    departures.churn_date as left_date,
    departures.warned_date,
    departures.churn_date - departures.warned_date as days_of_warning,
    departures.mrr_cents

from departures

inner join marts.dim_users as users
    on departures.user_id = users.user_id

where {condition}"
            );
            let key = row
                .days
                .map_or_else(|| "never".to_owned(), |days| format!("days-{days}"));
            let label = match row.days {
                None => "Never flagged".to_owned(),
                days => format!("{} days of warning", lead_name(days)),
            };
            mark(key, label, sql, row.churned)
        })
        .collect()
}

const HEALTH: &str = "select
    health.user_id,
    users.full_name,
    health.plan,
    health.channel,
    health.country,
    health.company_size,
    health.mrr_cents,
    health.health_score,
    health.recency_points,
    health.frequency_points,
    health.value_points,
    health.trend_points,
    health.trouble_points

from marts.fct_health_scores as health

inner join rollups.users as people
    on health.user_id = people.user_id

inner join marts.dim_users as users
    on health.user_id = users.user_id

where
    health.is_paying";

/// Customers of a health and status. In the order of the rows.
#[must_use]
pub fn health(rows: &[HealthBin], filters: &Filters) -> Vec<PanelMark> {
    let users = filters.users_sql("people");
    rows.iter()
        .map(|row| {
            let sql = format!(
                "{HEALTH}
    and least(cast(floor(health.health_score / 5.0) * 5 as int), 95) = {}
    and health.status = {}
    and {users}",
                row.points,
                quoted(&row.status)
            );
            mark(
                format!("{}.{}", row.points, row.status),
                format!(
                    "{} points or more, {}",
                    row.points,
                    words(&row.status).to_lowercase()
                ),
                sql,
                row.customers,
            )
        })
        .collect()
}

/// Customers of a status. In the order of the rows.
#[must_use]
pub fn health_parts(rows: &[HealthParts], filters: &Filters) -> Vec<PanelMark> {
    let users = filters.users_sql("people");
    rows.iter()
        .map(|row| {
            let sql = format!(
                "{HEALTH}
    and health.status = {}
    and {users}",
                quoted(&row.status)
            );
            mark(row.status.clone(), words(&row.status), sql, row.customers)
        })
        .collect()
}

/// Customers of a health who left. In the order of the rows.
#[must_use]
pub fn fates(rows: &[HealthFate], filters: &Filters) -> Vec<PanelMark> {
    let ctes = holdout_cte(filters);
    rows.iter()
        .map(|row| {
            let condition = format!(
                "least(cast(floor(rows.health_score / 10.0) * 10 as int), 90) = {}
    and rows.churned = 1",
                row.points
            );
            mark(
                format!("health-{}", row.points),
                format!("Churned with a health score of {}", health_bounds(row)),
                scored(&ctes, "holdout", &condition),
                row.churned,
            )
        })
        .collect()
}
