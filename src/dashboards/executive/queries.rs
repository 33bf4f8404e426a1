//! What the page asks the modelled warehouse.
//!
//! Everyone's figures come straight from the marts; those of some users from the rollups, by the
//! same definitions (`tests/parity/test_rollups.py` holds the two against each other).

use chrono::{Days, NaiveDate};

use crate::dashboards::movements_sql::movements;
use crate::state::filters::{Dimension, Filters};

/// Months of history a tile's sparkline needs, with those its averages look back on.
const HISTORY_MONTHS: u32 = 40;

/// Each month's headline figures up to the end of the range, oldest first. Active users are those
/// of the month's last day.
#[must_use]
pub fn headline(filters: &Filters) -> String {
    let last = filters.last_month();
    if !filters.has_users() {
        return format!(
            "
with

active_users as (

    select
        cast(date_trunc('month', date_day) as date) as date_month,
        max_by(mau, date_day) as active_users

    from marts.fct_daily_active_users

    group by 1

),

signups as (

    select
        cast(date_trunc('month', date_day) as date) as date_month,
        cast(sum(signups) as bigint) as signups

    from marts.fct_signups

    group by 1

)

select
    waterfall.date_month,
    waterfall.closing_mrr_cents as mrr_cents,
    waterfall.closing_mrr_cents * 12 as arr_cents,
    retention.nrr,
    active_users.active_users,
    coalesce(signups.signups, 0) as signups,
    retention.quick_ratio,
    retention.ltv_to_cac

from marts.fct_mrr_waterfall as waterfall

left join advanced.revenue_retention as retention
    on
        waterfall.date_month = retention.date_month
        and retention.cohort = 'all'
        and retention.segment_type = 'all'

left join active_users
    on waterfall.date_month = active_users.date_month

left join signups
    on waterfall.date_month = signups.date_month

where
    waterfall.segment_type = 'all'
    and waterfall.date_month <= date '{last}'

order by waterfall.date_month
"
        );
    }
    let users = filters.users_sql("rows");
    let signed_up = filters.signups_sql("rows", &Dimension::ALL);
    let movements = movements(filters, &format!("rows.date_month <= date '{last}'"));
    let spend = spend(filters);
    format!(
        "
with

months as (

    select date_month

    from marts.fct_mrr_waterfall

    where
        segment_type = 'all'
        and date_month between date '{last}' - interval {HISTORY_MONTHS} month and date '{last}'

),

movements as (
{movements}
),

retained as (

    select
        rows.date_month,
        sum(rows.mrr_cents) as mrr_cents,
        sum(rows.base_mrr_cents) as base_mrr_cents

    from rollups.retained_mrr as rows

    where {users}

    group by 1

),

signups as (

    select
        rows.cohort_month as date_month,
        count(*) as signups

    from rollups.users as rows

    where {signed_up}

    group by 1

),

spend as (
{spend}
),

first_payers as (

    select
        cast(date_trunc('month', rows.first_paid_date) as date) as date_month,
        count(*) as first_payers

    from rollups.users as rows

    where
        rows.first_paid_date is not null
        and {users}

    group by 1

),

active_changes as (

    select
        rows.date_day,
        sum(rows.change) as change

    from rollups.monthly_changes as rows

    where
        rows.date_day <= date '{as_of}'
        and {users}

    group by rows.date_day

),

active_months as (

    select
        cast(date_trunc('month', date_day) as date) as date_month,
        sum(change) as change

    from active_changes

    group by 1

),

active_users as (

    select
        date_month,
        sum(change) over (order by date_month) as active_users

    from active_months

),

joined as (

    select
        months.date_month,
        coalesce(movements.closing_mrr_cents, 0) as mrr_cents,
        movements.new_mrr_cents + movements.expansion_mrr_cents
        + movements.reactivation_mrr_cents as gained_cents,
        - movements.contraction_mrr_cents - movements.churn_mrr_cents as lost_cents,
        first_payers.first_payers,
        movements.closing_customers,
        sum(movements.churn_customers) over recent as churned_recently,
        sum(
            (movements.opening_customers + movements.transfer_customers)
            * case
                when last_day(months.date_month) <= date '{as_of}' then 1.0
                else day(date '{as_of}') / cast(day(last_day(months.date_month)) as double)
            end
        ) over recent as opened_recently,
        cast(retained.mrr_cents as double) / nullif(retained.base_mrr_cents, 0) as nrr,
        active_users.active_users,
        coalesce(signups.signups, 0) as signups,
        spend.spend_cents

    from months

    left join movements
        on months.date_month = movements.date_month

    left join retained
        on months.date_month = retained.date_month

    left join signups
        on months.date_month = signups.date_month

    left join spend
        on months.date_month = spend.date_month

    left join first_payers
        on months.date_month = first_payers.date_month

    asof left join active_users
        on months.date_month >= active_users.date_month

    window recent as (
        order by months.date_month
        rows between 2 preceding and current row
    )

)

select
    date_month,
    cast(mrr_cents as bigint) as mrr_cents,
    cast(mrr_cents * 12 as bigint) as arr_cents,
    nrr,
    cast(active_users as bigint) as active_users,
    cast(signups as bigint) as signups,
    cast(gained_cents as double) / nullif(lost_cents, 0) as quick_ratio,
    cast(mrr_cents as double) * 0.8
    / nullif(closing_customers, 0)
    / nullif(cast(churned_recently as double) / nullif(opened_recently, 0), 0)
    / nullif(cast(spend_cents as double) / nullif(first_payers, 0), 0) as ltv_to_cac

from joined

order by date_month
",
        as_of = filters.as_of(),
    )
}

/// What campaigns cost in each month. They bill their channel, so what customers of a country, a
/// size, a plan or a segment cost is not known: null.
fn spend(filters: &Filters) -> String {
    let unknown = [
        Dimension::Plan,
        Dimension::Country,
        Dimension::Size,
        Dimension::Segment,
    ];
    let is_known = unknown
        .iter()
        .all(|dimension| filters.values(*dimension).is_empty());
    let cents = if is_known {
        "sum(rows.spend_cents)"
    } else {
        "cast(null as bigint)"
    };
    let words: Vec<String> = filters
        .values(Dimension::Channel)
        .iter()
        .map(|value| format!("'{}'", value.replace('\'', "''")))
        .collect();
    let channels = if words.is_empty() {
        "true".to_owned()
    } else {
        format!("rows.channel in ({})", words.join(", "))
    };
    format!(
        "
    select
        rows.date_month,
        {cents} as spend_cents

    from marts.fct_channel_performance as rows

    where
        rows.clicks > 0
        and {channels}

    group by rows.date_month
"
    )
}

/// MRR by month and plan, oldest first.
#[must_use]
pub fn mrr_by_plan(filters: &Filters) -> String {
    let others = [
        Dimension::Channel,
        Dimension::Country,
        Dimension::Size,
        Dimension::Segment,
    ];
    let months = filters.months_sql("rows.date_month");
    let is_filtered = others
        .iter()
        .any(|dimension| !filters.values(*dimension).is_empty());
    if is_filtered {
        // Clicking a plan here filters the other panels; this one keeps all plans in view.
        let users = filters.users_sql_of("rows", &others);
        format!(
            "
select
    rows.date_month,
    cast(rows.plan as varchar) as plan,
    cast(sum(rows.mrr_cents) as bigint) as mrr_cents

from rollups.mrr_months as rows

where
    {months}
    and {users}

group by
    rows.date_month,
    rows.plan

order by
    rows.date_month,
    rows.plan
"
        )
    } else {
        format!(
            "
select
    rows.date_month,
    rows.plan,
    rows.mrr_cents

from marts.fct_mrr as rows

where {months}

order by
    rows.date_month,
    rows.tier
"
        )
    }
}

/// What moved MRR in each month of the range, oldest first.
#[must_use]
pub fn mrr_movements(filters: &Filters) -> String {
    let rows = movements(filters, &filters.months_sql("rows.date_month"));
    format!("{rows}\norder by date_month\n")
}

/// Active users of each day of the range, oldest first; for everyone, up to the last day there is,
/// followed by the days that the forecast looks ahead, once it is learned.
#[must_use]
pub fn audience(filters: &Filters) -> String {
    let days = active_users(filters);
    let ahead = if has_forecast(filters) {
        "
union all

select
    date as date_day,
    null as dau,
    null as wau,
    null as mau,
    yhat as expected_dau,
    lower as lower_dau,
    upper as upper_dau

from ml.user_forecast

where actual is null
"
    } else {
        ""
    };
    format!(
        "
with

counted as (
{days}
)

select
    date_day,
    dau,
    wau,
    mau,
    cast(null as double) as expected_dau,
    cast(null as double) as lower_dau,
    cast(null as double) as upper_dau

from counted
{ahead}
order by date_day
",
        days = days.trim_end()
    )
}

/// Whether the forecast can stand behind the days of the range: it is of everyone, and begins on
/// the day after the last.
#[must_use]
pub fn has_forecast(filters: &Filters) -> bool {
    !filters.has_users() && filters.to == filters.as_of()
}

/// The days of the range's months on which the Isolation Forest finds charges out of line.
///
/// Days are compared as they are: DuckDB 1.4.3 lets a day too many through where a truncated date is held
/// against the last month (`tests/metrics/test_engine.py`).
#[must_use]
pub fn unusual_days(filters: &Filters) -> String {
    let (first, last) = (filters.first_month(), filters.last_month());
    format!(
        "
select
    date,
    score

from ml.revenue_anomalies

where
    is_anomaly
    and date between date '{first}' and last_day(date '{last}')

order by date
"
    )
}

/// Active users of each day of the range, oldest first.
fn active_users(filters: &Filters) -> String {
    let to = filters.to;
    if !filters.has_users() {
        return format!(
            "
select
    date_day,
    dau,
    wau,
    mau

from marts.fct_daily_active_users

where {days}

order by date_day
",
            days = filters.days_sql("date_day")
        );
    }
    let users = filters.users_sql("rows");
    format!(
        "
with

daily as (

    select
        rows.date_day,
        count(*) as dau

    from rollups.active_days as rows

    where
        {days}
        and {users}

    group by rows.date_day

),

weekly as (

    select
        rows.date_day,
        sum(rows.change) as change

    from rollups.weekly_changes as rows

    where
        rows.date_day <= date '{to}'
        and {users}

    group by rows.date_day

),

monthly as (

    select
        rows.date_day,
        sum(rows.change) as change

    from rollups.monthly_changes as rows

    where
        rows.date_day <= date '{to}'
        and {users}

    group by rows.date_day

),

-- Who is active counts from the first day of all, whatever the range.
running as (

    select
        days.date_day,
        sum(coalesce(weekly.change, 0)) over so_far as wau,
        sum(coalesce(monthly.change, 0)) over so_far as mau

    from marts.fct_daily_active_users as days

    left join weekly
        on days.date_day = weekly.date_day

    left join monthly
        on days.date_day = monthly.date_day

    where days.date_day <= date '{to}'

    window so_far as (order by days.date_day)

)

select
    rows.date_day,
    coalesce(daily.dau, 0) as dau,
    cast(rows.wau as bigint) as wau,
    cast(rows.mau as bigint) as mau

from running as rows

left join daily
    on rows.date_day = daily.date_day

where {days}

order by rows.date_day
",
        days = filters.days_sql("rows.date_day")
    )
}

/// The day that the driver tree is set against: 28 days before the last, or the last day of the
/// period before, where the filters compare; there may be no such day.
#[must_use]
pub fn driver_day_before(filters: &Filters) -> Option<NaiveDate> {
    if filters.compare {
        return filters.compared().map(|before| before.to);
    }
    let before = filters.to.checked_sub_days(Days::new(28))?;
    (before >= filters.starts_on()).then_some(before)
}

/// The driver tree's nodes on the last day of the range and on the day it is set against.
#[must_use]
pub fn drivers(filters: &Filters) -> String {
    let days: Vec<String> = driver_day_before(filters)
        .into_iter()
        .chain([filters.to])
        .map(|day| format!("date '{day}'"))
        .collect();
    let days = days.join(", ");
    if !filters.has_users() {
        return format!(
            "
select
    date_day,
    weekly_active_customers,
    paying_customers,
    customer_activity_rate,
    new_customers_28d,
    reactivated_customers_28d,
    churned_customers_28d,
    cast(0 as bigint) as transferred_customers_28d,
    signups_28d,
    new_customers_per_signup_28d,
    activation_rate_28d

from advanced.north_star_metrics

where date_day in ({days})

order by date_day
"
        );
    }
    let users = filters.users_sql("rows");
    let signed_up = filters.signups_sql("rows", &Dimension::ALL);
    format!(
        "
with

days as (

    select date_day

    from advanced.north_star_metrics

    where date_day in ({days})

),

active as (

    select
        days.date_day,
        count(*) as weekly_active_customers

    from rollups.active_customers as rows

    inner join days
        on
            rows.starts_on <= days.date_day
            and rows.ends_on > days.date_day

    where {users}

    group by 1

),

customers as (

    select
        days.date_day,
        count(*) filter (where rows.change in ('new', 'reactivation', 'transfer_in'))
        - count(*) filter (where rows.change in ('churn', 'transfer_out')) as paying_customers,
        count(*) filter (
            where rows.change = 'new' and rows.date_day > days.date_day - 28
        ) as new_customers,
        count(*) filter (
            where rows.change = 'reactivation' and rows.date_day > days.date_day - 28
        ) as reactivated_customers,
        count(*) filter (
            where rows.change = 'churn' and rows.date_day > days.date_day - 28
        ) as churned_customers,
        -- Moves between the plans chosen and the others; over all plans there are none.
        count(*) filter (
            where rows.change = 'transfer_in' and rows.date_day > days.date_day - 28
        )
        - count(*) filter (
            where rows.change = 'transfer_out' and rows.date_day > days.date_day - 28
        ) as transferred_customers

    from rollups.customer_changes as rows

    inner join days
        on rows.date_day <= days.date_day

    where {users}

    group by 1

),

-- Activation is judged on signups whose week is over.
signups as (

    select
        days.date_day,
        count(*) filter (where rows.signup_date > days.date_day - 28) as signups,
        count(*) filter (where rows.signup_date <= days.date_day - 8) as settled,
        count(*) filter (
            where rows.signup_date <= days.date_day - 8 and rows.is_activated
        ) as activated

    from rollups.users as rows

    inner join days
        on
            rows.signup_date <= days.date_day
            and rows.signup_date > days.date_day - 36

    where {signed_up}

    group by 1

)

select
    days.date_day,
    coalesce(active.weekly_active_customers, 0) as weekly_active_customers,
    coalesce(customers.paying_customers, 0) as paying_customers,
    cast(coalesce(active.weekly_active_customers, 0) as double)
    / nullif(customers.paying_customers, 0) as customer_activity_rate,
    coalesce(customers.new_customers, 0) as new_customers_28d,
    coalesce(customers.reactivated_customers, 0) as reactivated_customers_28d,
    coalesce(customers.churned_customers, 0) as churned_customers_28d,
    coalesce(customers.transferred_customers, 0) as transferred_customers_28d,
    coalesce(signups.signups, 0) as signups_28d,
    cast(customers.new_customers as double)
    / nullif(signups.signups, 0) as new_customers_per_signup_28d,
    cast(signups.activated as double)
    / nullif(signups.settled, 0) as activation_rate_28d

from days

left join active
    on days.date_day = active.date_day

left join customers
    on days.date_day = customers.date_day

left join signups
    on days.date_day = signups.date_day

order by days.date_day
"
    )
}

/// Signups of the range by channel, most first, beside those of the period before where the filters
/// compare.
#[must_use]
pub fn signups_by_channel(filters: &Filters) -> String {
    // Clicking a channel here filters the other panels; this one keeps all channels in view.
    let users = filters.signups_sql(
        "rows",
        &[
            Dimension::Plan,
            Dimension::Country,
            Dimension::Size,
            Dimension::Segment,
        ],
    );
    let days = filters.days_sql("rows.signup_date");
    let before = match filters.compared() {
        Some(before) => format!(
            "count(*) filter (where {})",
            before.days_sql("rows.signup_date")
        ),
        None => "cast(null as bigint)".to_owned(),
    };
    let table = if filters.has_users() {
        "rollups.users"
    } else {
        "marts.dim_users"
    };
    format!(
        "
select
    cast(rows.channel as varchar) as channel,
    count(*) filter (where {days}) as signups,
    {before} as previous_signups

from {table} as rows

where {users}

group by 1

order by
    signups desc,
    channel
"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filters(query: &str) -> Filters {
        let day = |month| NaiveDate::from_ymd_opt(2025, month, 1).unwrap_or_default();
        Filters::from_query(query, day(1), day(12)).0
    }

    #[test]
    fn unusual_days_are_those_of_whole_months_and_none_after_them() {
        let days = unusual_days(&filters("from=2025-02-10&to=2025-04-10"));
        assert!(
            days.contains("date between date '2025-02-01' and last_day(date '2025-04-01')"),
            "{days}"
        );
    }

    #[test]
    fn campaigns_bill_their_channel_and_no_country() {
        let of_channels = spend(&filters("channel=email,paid_search"));
        assert!(
            of_channels.contains("sum(rows.spend_cents)"),
            "{of_channels}"
        );
        assert!(
            of_channels.contains("rows.channel in ('email', 'paid_search')"),
            "{of_channels}"
        );
        for query in [
            "country=US",
            "plan=starter",
            "size=1-10",
            "segment=power",
            "channel=email&country=US",
        ] {
            let unknown = spend(&filters(query));
            assert!(
                unknown.contains("cast(null as bigint)"),
                "{query}: {unknown}"
            );
        }
    }
}
