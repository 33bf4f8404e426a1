//! The marks of the page's charts, and the rows behind them.

use chrono::NaiveDate;

use super::charts::{cohorts as cohort_chart, revenue as revenue_chart};
use super::options::{CohortSpan, Grain, RetentionOptions, Revenue};
use super::queries::{came_back, month_index};
use crate::components::format::{ValueFormat, words};
use crate::dashboards::marks::{MarkFilter, PanelMark, RowsQuery, Sql};
use crate::dashboards::periods::at_end_of;
use crate::dashboards::segment_colours::segment_name;
use crate::results::retention::{
    CohortCell, LifecycleMonth, RevenueCell, SegmentPeriod, SurvivalMonth,
};
use crate::state::filters::{Dimension, Filters};
use crate::state::statement::statement;

const CUSTOMERS: (&str, &str) = ("customer", "customers");

/// So many people, of a subquery of users.
fn people(
    count: i64,
    filters: &Filters,
    subquery: impl Fn(&Filters) -> String + Send + Sync + 'static,
) -> RowsQuery {
    let filters = filters.clone();
    let sql =
        Sql::new(move || statement!("panels/people.sql", &filters, people = subquery(&filters),));
    RowsQuery::counted(sql, ("person", "people"), count as f64)
}

/// A word of the data as part of a key.
fn key_of(value: &str) -> String {
    value.replace('+', "up")
}

/// A cell each: the people of the cohort who came back.
#[must_use]
pub fn cohorts(
    rows: &[CohortCell],
    filters: &Filters,
    options: &RetentionOptions,
) -> Vec<PanelMark> {
    let drawn = cohort_chart::drawn(rows).into_iter();
    let (options, grain) = (*options, options.grain.key());
    let cohort = CohortSpan::of(options.grain, filters);
    drawn
        .filter_map(|row| {
            let (first, period) = (row.cohort?, row.period);
            let index = match options.grain {
                Grain::Month => i64::from(month_index(first)),
                Grain::Week => (first - NaiveDate::from_ymd_opt(2000, 1, 3)?).num_days() / 7,
            };
            let subquery = move |filters: &Filters| {
                statement!(
                    "panels/cohorts_people.sql",
                    filters,
                    came_back = came_back(filters, &options),
                    period = period,
                    grain = grain,
                    first_index = index,
                    last_index = index + cohort.length() - 1,
                )
            };
            Some(PanelMark {
                key: format!("{first}.{period}"),
                label: format!("{}, {grain} {period}", cohort.name(first)),
                filter: None,
                rows: Some(people(row.retained, filters, subquery)),
            })
        })
        .collect()
}

/// A point of a curve each: the people of the segment who came back. A click sets the segment.
#[must_use]
pub fn segments(
    rows: &[SegmentPeriod],
    filters: &Filters,
    options: &RetentionOptions,
) -> Vec<PanelMark> {
    let options = *options;
    rows.iter()
        .map(|row| {
            let (segment, period) = (row.segment.clone(), row.period);
            let subquery = move |filters: &Filters| {
                statement!(
                    "panels/retention-curves_people.sql",
                    filters,
                    came_back = came_back(filters, &options),
                    period = period,
                    by = options.by.key(),
                    segment = segment.as_str(),
                )
            };
            PanelMark {
                key: format!("{}.{period}", key_of(&row.segment)),
                label: format!(
                    "{}, {} {period}",
                    segment_name(options.by, &row.segment),
                    options.grain.key(),
                ),
                filter: Some(MarkFilter::Only(options.by, row.segment.clone())),
                rows: Some(people(row.retained, filters, subquery)),
            }
        })
        .collect()
}

/// A step of a curve each: the customers who left in the month.
#[must_use]
pub fn survival(rows: &[SurvivalMonth], filters: &Filters) -> Vec<PanelMark> {
    rows.iter()
        .map(|row| {
            let (filters, plan, month) = (filters.clone(), row.plan.clone(), row.month);
            let sql = Sql::new(move || {
                statement!(
                    "panels/survival_rows.sql",
                    &filters,
                    plan = plan.as_str(),
                    month_number = month,
                )
            });
            PanelMark {
                key: format!("{}.{}", row.plan, row.month),
                label: format!("{}, churned in month {}", words(&row.plan), row.month),
                filter: Some(MarkFilter::Only(Dimension::Plan, row.plan.clone())),
                rows: (row.churned > 0)
                    .then(|| RowsQuery::counted(sql, CUSTOMERS, row.churned as f64)),
            }
        })
        .collect()
}

/// A state in a month each, newest first: the people in it at the month's end.
#[must_use]
pub fn lifecycle(rows: &[LifecycleMonth], filters: &Filters) -> Vec<PanelMark> {
    let months = rows.iter().rev();
    months
        .flat_map(|row| {
            let month = row.month;
            row.states().map(|(state, count)| {
                let subquery = move |filters: &Filters| {
                    statement!(
                        "panels/lifecycle_people.sql",
                        filters,
                        month_index = month_index(month),
                        state = state,
                    )
                };
                PanelMark {
                    key: format!("{}.{state}", month.format("%Y-%m")),
                    label: format!("{} {}", words(state), at_end_of(month, filters.as_of())),
                    filter: None,
                    rows: Some(people(count, filters, subquery)),
                }
            })
        })
        .collect()
}

/// A cell each: the customers of the cohort who still pay.
#[must_use]
pub fn revenue(rows: &[RevenueCell], filters: &Filters, revenue: Revenue) -> Vec<PanelMark> {
    let drawn = revenue_chart::drawn(rows, revenue).into_iter();
    let cohort = CohortSpan::of(Grain::Month, filters);
    drawn
        .filter_map(|row| {
            let (began, month, filters) = (row.cohort?, row.month, filters.clone());
            let first_index = i64::from(month_index(began));
            let sql = Sql::new(move || {
                statement!(
                    "panels/revenue-cohorts_rows.sql",
                    &filters,
                    first_index = first_index,
                    last_index = first_index + cohort.length() - 1,
                    month_number = month,
                )
            });
            let (value, column) = match revenue {
                Revenue::Net => (row.retained_cents, "mrr_cents"),
                Revenue::Gross => (row.kept_cents, "kept_mrr_cents"),
            };
            Some(PanelMark {
                key: format!("{}.{month}", began.format("%Y-%m")),
                label: format!("{}, month {month}", cohort.name(began)),
                filter: None,
                rows: Some(RowsQuery::summed(
                    sql,
                    CUSTOMERS,
                    value as f64,
                    column,
                    ValueFormat::Money,
                )),
            })
        })
        .collect()
}
