//! The marks of the page's charts, and the rows behind them.

use chrono::NaiveDate;

use super::charts::{cohorts as cohort_chart, revenue as revenue_chart};
use super::options::{CohortSpan, Grain, RetentionOptions, Revenue};
use super::queries::{counted, month_index};
use crate::components::format::{ValueFormat, words};
use crate::dashboards::marks::{MarkFilter, PanelMark, RowsQuery, quoted};
use crate::dashboards::periods::at_end_of;
use crate::dashboards::segment_colours::segment_name;
use crate::results::retention::{
    CohortCell, LifecycleMonth, RevenueCell, SegmentPeriod, SurvivalMonth,
};
use crate::state::filters::{Dimension, Filters};

/// What is shown of a person behind a mark; `people` is a subquery of users.
fn people(source: &str) -> String {
    format!(
        "select
    dim_users.user_id,
    dim_users.full_name,
    dim_users.initial_plan,
    dim_users.current_plan,
    dim_users.channel,
    dim_users.country,
    dim_users.company_size,
    dim_users.segment,
    dim_users.signup_date,
    cast(dim_users.last_active_at as date) as last_active_date

from (
{source}
) as people

inner join marts.dim_users as dim_users
    on people.user_id = dim_users.user_id"
    )
}

const PEOPLE: (&str, &str) = ("person", "people");

/// A word of the data as part of a key.
fn key_of(value: &str) -> String {
    value.replace('+', "up")
}

/// SQL: the people of a period, out of some of them, who came back. What the filters say is written once:
/// there are hundreds of cells.
fn came_back(filters: &Filters, options: &RetentionOptions) -> impl Fn(i64, &str) -> String {
    let (_, retained) = counted(options.grain, options.mode);
    let limits = format!(
        "{}
        and {}",
        filters.days_sql("users.signup_date"),
        filters.users_sql("users"),
    );
    move |period, of| {
        people(&format!(
            "    select users.user_id

    from rollups.retention_users as users

    inner join rollups.retention_periods as periods
        on periods.period = {period}

    where
        {retained}
        and {of}
        and {limits}"
        ))
    }
}

/// A cell each: the people of the cohort who came back.
#[must_use]
pub fn cohorts(
    rows: &[CohortCell],
    filters: &Filters,
    options: &RetentionOptions,
) -> Vec<PanelMark> {
    let drawn = cohort_chart::drawn(rows).into_iter();
    let came_back = came_back(filters, options);
    let cohort = CohortSpan::of(options.grain, filters);
    drawn
        .filter_map(|row| {
            let first = row.cohort?;
            let index = match options.grain {
                Grain::Month => i64::from(month_index(first)),
                Grain::Week => (first - NaiveDate::from_ymd_opt(2000, 1, 3)?).num_days() / 7,
            };
            let unit = options.grain.key();
            let last = index + cohort.length() - 1;
            let of = format!("users.{unit}_index between {index} and {last}");
            Some(PanelMark {
                key: format!("{first}.{}", row.period),
                label: format!("{}, {unit} {}", cohort.name(first), row.period),
                filter: None,
                rows: Some(RowsQuery::counted(
                    came_back(row.period, &of),
                    PEOPLE,
                    row.retained as f64,
                )),
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
    let dimension = options.by.key();
    let came_back = came_back(filters, options);
    rows.iter()
        .map(|row| {
            let of = format!("users.{dimension} = {}", quoted(&row.segment));
            PanelMark {
                key: format!("{}.{}", key_of(&row.segment), row.period),
                label: format!(
                    "{}, {} {}",
                    segment_name(options.by, &row.segment),
                    options.grain.key(),
                    row.period
                ),
                filter: Some(MarkFilter::Only(options.by, row.segment.clone())),
                rows: Some(RowsQuery::counted(
                    came_back(row.period, &of),
                    PEOPLE,
                    row.retained as f64,
                )),
            }
        })
        .collect()
}

/// A step of a curve each: the customers who left in the month.
#[must_use]
pub fn survival(rows: &[SurvivalMonth], filters: &Filters) -> Vec<PanelMark> {
    rows.iter()
        .map(|row| {
            let sql = format!(
                "select
    spells.user_id,
    dim_users.full_name,
    cast(spells.plan as varchar) as first_plan,
    dim_users.channel,
    dim_users.country,
    dim_users.company_size,
    spells.started_date,
    spells.ended_date

from rollups.subscription_spells as spells

inner join marts.dim_users as dim_users
    on spells.user_id = dim_users.user_id

where
    spells.is_churned
    and spells.plan = {}
    and case when spells.part = 0 then spells.months else spells.months + 1 end = {}
    and {}
    and {}",
                quoted(&row.plan),
                row.month,
                filters.days_sql("spells.started_date"),
                filters.users_sql("spells"),
            );
            PanelMark {
                key: format!("{}.{}", row.plan, row.month),
                label: format!("{}, churned in month {}", words(&row.plan), row.month),
                filter: Some(MarkFilter::Only(Dimension::Plan, row.plan.clone())),
                rows: (row.churned > 0).then(|| {
                    RowsQuery::counted(sql, ("customer", "customers"), row.churned as f64)
                }),
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
            row.states().map(|(state, count)| {
                let sql = people(&format!(
                    "    select changes.user_id

    from rollups.lifecycle_changes as changes

    where
        changes.month_index <= {}
        and {}

    group by changes.user_id

    having max_by(changes.state, changes.month_index) = {}",
                    month_index(row.month),
                    filters.users_sql("changes"),
                    quoted(state),
                ));
                PanelMark {
                    key: format!("{}.{state}", row.month.format("%Y-%m")),
                    label: format!("{} {}", words(state), at_end_of(row.month, filters.as_of())),
                    filter: None,
                    rows: Some(RowsQuery::counted(sql, PEOPLE, count as f64)),
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
    let column = match revenue {
        Revenue::Net => "mrr_cents",
        Revenue::Gross => "kept_mrr_cents",
    };
    let limits = format!(
        "{}
    and {}",
        filters.months_sql("months.cohort_month"),
        filters.users_sql("months"),
    );
    drawn
        .filter_map(|row| {
            let began = row.cohort?;
            let first = i64::from(month_index(began));
            let sql = format!(
                "select
    months.user_id,
    dim_users.full_name,
    cast(months.plan as varchar) as first_plan,
    dim_users.current_plan,
    dim_users.channel,
    dim_users.country,
    dim_users.company_size,
    months.mrr_cents,
    months.kept_mrr_cents

from rollups.customer_months as months

inner join marts.dim_users as dim_users
    on months.user_id = dim_users.user_id

where
    months.cohort_index between {first} and {}
    and months.month_number = {}
    and {limits}",
                first + cohort.length() - 1,
                row.month,
            );
            let value = match revenue {
                Revenue::Net => row.retained_cents,
                Revenue::Gross => row.kept_cents,
            };
            Some(PanelMark {
                key: format!("{}.{}", began.format("%Y-%m"), row.month),
                label: format!("{}, month {}", cohort.name(began), row.month),
                filter: None,
                rows: Some(RowsQuery::summed(
                    sql,
                    ("customer", "customers"),
                    value as f64,
                    column,
                    ValueFormat::Money,
                )),
            })
        })
        .collect()
}
