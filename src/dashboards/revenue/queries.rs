//! What the page asks the modelled warehouse.

use crate::state::filters::{Dimension, Filters};

/// Revenue kept from the customers of twelve months before, month by month, oldest first.
#[must_use]
pub fn retention(filters: &Filters) -> String {
    let months = filters.months_sql("rows.date_month");
    if !filters.has_users() {
        return format!(
            "
select
    rows.date_month,
    rows.nrr,
    rows.grr,
    rows.base_mrr_cents,
    rows.retained_mrr_cents,
    rows.base_customers

from advanced.revenue_retention as rows

where
    rows.cohort = 'all'
    and rows.segment_type = 'all'
    and {months}

order by rows.date_month
"
        );
    }
    let users = filters.users_sql("rows");
    format!(
        "
select
    rows.date_month,
    cast(sum(rows.mrr_cents) as double) / nullif(sum(rows.base_mrr_cents), 0) as nrr,
    cast(sum(rows.kept_mrr_cents) as double) / nullif(sum(rows.base_mrr_cents), 0) as grr,
    cast(sum(rows.base_mrr_cents) as bigint) as base_mrr_cents,
    cast(sum(rows.mrr_cents) as bigint) as retained_mrr_cents,
    count(*) as base_customers

from rollups.retained_mrr as rows

where
    {months}
    and {users}

group by rows.date_month

order by rows.date_month
"
    )
}

/// Charges of the range by why they failed at first and how they ended.
#[must_use]
pub fn dunning(filters: &Filters) -> String {
    let (table, day) = payments(filters);
    let days = filters.days_sql(day);
    let users = filters.users_sql("rows");
    format!(
        "
select
    rows.failure_code,
    rows.dunning_outcome,
    count(*) as charges,
    cast(sum(rows.amount_cents) as bigint) as amount_cents

from {table} as rows

where
    rows.attempt_no = 1
    and rows.status not in ('refunded', 'disputed', 'dispute_won')
    and {days}
    and {users}

group by
    rows.failure_code,
    rows.dunning_outcome

order by
    charges desc,
    rows.failure_code,
    rows.dunning_outcome
"
    )
}

/// Refunds and disputes of each month, oldest first. A dispute that is won counts where its money
/// comes back.
#[must_use]
pub fn refunds(filters: &Filters) -> String {
    let (table, _) = payments(filters);
    let months = filters.months_sql("rows.date_month");
    let users = filters.users_sql("rows");
    format!(
        "
select
    rows.date_month,
    count(*) filter (where rows.status = 'refunded') as refunds,
    cast(
        coalesce(sum(rows.amount_cents) filter (where rows.status = 'refunded'), 0) as bigint
    ) as refunded_cents,
    count(*) filter (where rows.status = 'disputed') as disputes,
    cast(
        coalesce(sum(rows.amount_cents) filter (where rows.status = 'disputed'), 0)
        - coalesce(sum(rows.amount_cents) filter (where rows.status = 'dispute_won'), 0) as bigint
    ) as disputed_cents,
    cast(coalesce(sum(rows.gross_cents), 0) as bigint) as gross_cents

from {table} as rows

where
    {months}
    and {users}

group by rows.date_month

order by rows.date_month
"
    )
}

/// Hold-out users whose year is over, in tenths of their predicted value; the lowest first.
#[must_use]
pub fn ltv_deciles(filters: &Filters) -> String {
    format!(
        "
with

placed as (
{}
)

select
    decile,
    count(*) as users,
    cast(avg(predicted_cents) as double) as mean_predicted_cents,
    cast(avg(actual_cents) as double) as mean_actual_cents,
    cast(sum(actual_cents) as bigint) as actual_cents

from placed

group by decile

order by decile
",
        ltv_users(filters)
    )
}

/// Hold-out users whose year is over, each with the tenth of its predicted value; without an order.
#[must_use]
pub fn ltv_users(filters: &Filters) -> String {
    let (join, users) = if filters.has_users() {
        (
            "
inner join rollups.users as rows
    on predictions.user_id = rows.user_id
",
            filters.signups_sql("rows", &Dimension::ALL),
        )
    } else {
        ("", "true".to_owned())
    };
    format!(
        "
select
    predictions.user_id,
    predictions.predicted_cents,
    predictions.lower_cents,
    predictions.upper_cents,
    predictions.actual_cents,
    -- The tenth in which the middle of the equal predictions stands: equal ones share it.
    cast(
        1 + floor(
            10 * (
                2 * (rank() over (order by predictions.predicted_cents) - 1)
                + count(*) over (partition by predictions.predicted_cents)
            ) / (2 * count(*) over ())
        ) as bigint
    ) as decile

from ml.ltv_predictions as predictions
{join}
where
    predictions.is_holdout
    and predictions.actual_cents is not null
    and {users}
"
    )
}

/// Each day's revenue, what is usual for it, who takes it for unusual, and, with `truth`, what was
/// planted on it.
#[must_use]
pub fn anomalies(filters: &Filters, truth: bool) -> String {
    let days = filters.days_sql("flags.date_day");
    let (kind, factor, is_after_outage, join) = if truth {
        (
            "cast(truth.kind as varchar)",
            "truth.factor",
            "outages.date is not null",
            "
left join truth.anomaly_days as truth
    on flags.date_day = truth.date

left join truth.anomaly_days as outages
    on
        flags.date_day = outages.last_date
        and outages.kind = 'outage'
",
        )
    } else {
        ("cast(null as varchar)", "cast(null as double)", "false", "")
    };
    format!(
        "
select
    flags.date_day,
    flags.revenue_cents,
    flags.usual_revenue_cents,
    flags.is_anomaly as is_flagged,
    forest.score as forest_score,
    coalesce(forest.is_anomaly, false) as is_called,
    flags.charges,
    {kind} as planted_kind,
    {factor} as planted_factor,
    {is_after_outage} as is_after_outage

from advanced.anomaly_flags as flags

left join ml.revenue_anomalies as forest
    on flags.date_day = forest.date
{join}
where {days}

order by flags.date_day
"
    )
}

/// Where payments come from: the mart for everyone, the rollup for some; and their day.
fn payments(filters: &Filters) -> (&'static str, &'static str) {
    if filters.has_users() {
        ("rollups.payments", "rows.date_day")
    } else {
        ("marts.fct_payments", "rows.attempted_date")
    }
}
