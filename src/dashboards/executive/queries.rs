//! What the page asks the modelled warehouse.

/// A month's headline figures, oldest first. Active users are those of the month's last day.
pub const HEADLINE: &str = "
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

where waterfall.segment_type = 'all'

order by waterfall.date_month
";

/// MRR by month and plan, oldest first.
pub const MRR_BY_PLAN: &str = "
select
    date_month,
    plan,
    mrr_cents

from marts.fct_mrr

order by
    date_month,
    tier
";

/// What moved MRR in each of the last twelve months, oldest first.
pub const MRR_MOVEMENTS: &str = "
select
    date_month,
    opening_mrr_cents,
    new_mrr_cents,
    expansion_mrr_cents,
    reactivation_mrr_cents,
    contraction_mrr_cents,
    churn_mrr_cents,
    closing_mrr_cents

from marts.fct_mrr_waterfall

where segment_type = 'all'

qualify row_number() over (order by date_month desc) <= 12

order by date_month
";

/// Active users of each of the last 365 days, oldest first.
pub const ACTIVE_USERS: &str = "
select
    date_day,
    dau,
    wau,
    mau

from marts.fct_daily_active_users

qualify row_number() over (order by date_day desc) <= 365

order by date_day
";

/// The driver tree's nodes on the last day and 28 days before.
pub const DRIVERS: &str = "
select
    date_day,
    weekly_active_customers,
    paying_customers,
    customer_activity_rate,
    new_customers_28d,
    reactivated_customers_28d,
    churned_customers_28d,
    signups_28d,
    new_customers_per_signup_28d,
    activation_rate_28d

from advanced.north_star_metrics

qualify row_number() over (order by date_day desc) in (1, 29)

order by date_day
";

/// Signups of the last month by channel, beside the mean month of the year before it.
pub const SIGNUPS_BY_CHANNEL: &str = "
with

monthly as (

    select
        channel,
        cast(date_trunc('month', date_day) as date) as date_month,
        sum(signups) as signups

    from marts.fct_signups

    group by all

),

last_month as (

    select
        max(date_month) as date_month,
        count(distinct date_month) - 1 as months_before

    from monthly

)

select
    monthly.channel,
    last_month.date_month,
    cast(
        coalesce(
            sum(monthly.signups) filter (
                where monthly.date_month = last_month.date_month
            ),
            0
        ) as bigint
    ) as signups,
    cast(
        sum(monthly.signups) filter (
            where monthly.date_month < last_month.date_month
        ) as double
    ) / nullif(least(12, last_month.months_before), 0) as usual_signups

from monthly

cross join last_month

where monthly.date_month >= last_month.date_month - interval 12 month

group by all

order by signups desc
";
