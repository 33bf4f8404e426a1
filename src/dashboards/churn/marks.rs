//! The marks of the page's charts, and the rows behind them.

use super::charts::health_fate::bounds as health_bounds;
use super::charts::lead_time::name as lead_name;
use super::charts::risk_distribution::{Column, bounds};
use super::evaluation::Evaluation;
use super::options::Terms;
use super::queries::{at_risk, departures, holdout, list};
use crate::components::format::words;
use crate::dashboards::marks::{PanelMark, RowsQuery};
use crate::results::churn::{HealthBin, HealthFate, HealthParts, LeadTime, PlanRisk};
use crate::state::filters::Filters;
use crate::state::statement::statement;

const CUSTOMERS: (&str, &str) = ("customer", "customers");

fn mark(key: String, label: String, sql: String, value: i64) -> PanelMark {
    PanelMark {
        key,
        label,
        filter: None,
        rows: Some(RowsQuery::counted(sql, CUSTOMERS, value as f64)),
    }
}

/// SQL of the list's customers, as readers see them.
fn list_rows(filters: &Filters) -> String {
    scored_rows(list(filters), "list", filters)
}

/// The same of the hold-out's.
fn holdout_rows(filters: &Filters) -> String {
    scored_rows(holdout(filters), "holdout", filters)
}

fn scored_rows(scored: String, source: &str, filters: &Filters) -> String {
    statement!(
        "panels/scored_rows.sql",
        filters,
        scored = scored,
        source = source
    )
}

/// Customers of a status, and of a health score if one is given.
fn health_rows(status: &str, points: Option<i64>, filters: &Filters) -> String {
    statement!(
        "panels/health_rows.sql",
        filters,
        status = status,
        health_points = points
    )
}

/// Those at or above the threshold in the hold-out.
#[must_use]
pub fn threshold(evaluation: &Evaluation, terms: &Terms, filters: &Filters) -> Vec<PanelMark> {
    let percent = terms.threshold_percent;
    let sql = statement!(
        "panels/threshold_rows.sql",
        filters,
        scored_rows = holdout_rows(filters),
        threshold_percent = percent
    );
    let contacted = evaluation.outcome(percent, terms).contacted;
    vec![PanelMark {
        key: "contacted".to_owned(),
        label: format!("Hold-out customers at {percent}% or more"),
        filter: None,
        rows: Some(RowsQuery::counted(sql, ("call", "calls"), contacted as f64)),
    }]
}

/// A column of risks. In the order of the columns.
#[must_use]
pub fn risks(columns: &[Column], filters: &Filters) -> Vec<PanelMark> {
    let scored = list_rows(filters);
    columns
        .iter()
        .map(|column| {
            let (from, to) = bounds(column);
            let sql = statement!(
                "panels/risk_rows.sql",
                filters,
                scored_rows = &scored,
                first_percent = from,
                last_percent = to - 1
            );
            mark(
                format!("risk-{from}"),
                format!("Risk {from} to {to}%"),
                sql,
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
    let scored = list_rows(filters);
    rows.iter()
        .map(|row| {
            let sql = statement!(
                "panels/mrr-at-risk_rows.sql",
                filters,
                scored_rows = &scored,
                plan = &row.plan,
                threshold_percent = terms.threshold_percent
            );
            mark(
                row.plan.clone(),
                format!("{}, at or above the threshold", words(&row.plan)),
                sql,
                row.flagged_customers,
            )
        })
        .collect()
}

/// Who left with as much warning. In the order of the rows.
#[must_use]
pub fn leads(rows: &[LeadTime], terms: &Terms, filters: &Filters) -> Vec<PanelMark> {
    let departures = departures(filters, terms.threshold_percent);
    rows.iter()
        .map(|row| {
            let sql = statement!(
                "panels/lead-time_rows.sql",
                filters,
                departures = &departures,
                lead_days = row.days
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

/// Customers of a health and status. In the order of the rows.
#[must_use]
pub fn health(rows: &[HealthBin], filters: &Filters) -> Vec<PanelMark> {
    rows.iter()
        .map(|row| {
            let status = words(&row.status).to_lowercase();
            mark(
                format!("{}.{}", row.points, row.status),
                format!("{} points or more, {status}", row.points),
                health_rows(&row.status, Some(row.points), filters),
                row.customers,
            )
        })
        .collect()
}

/// Customers of a status. In the order of the rows.
#[must_use]
pub fn health_parts(rows: &[HealthParts], filters: &Filters) -> Vec<PanelMark> {
    rows.iter()
        .map(|row| {
            let sql = health_rows(&row.status, None, filters);
            mark(row.status.clone(), words(&row.status), sql, row.customers)
        })
        .collect()
}

/// Customers of a health who left. In the order of the rows.
#[must_use]
pub fn fates(rows: &[HealthFate], filters: &Filters) -> Vec<PanelMark> {
    let scored = holdout_rows(filters);
    rows.iter()
        .map(|row| {
            let sql = statement!(
                "panels/health-fate_rows.sql",
                filters,
                scored_rows = &scored,
                health_points = row.points
            );
            mark(
                format!("health-{}", row.points),
                format!("Churned with a health score of {}", health_bounds(row)),
                sql,
                row.churned,
            )
        })
        .collect()
}
