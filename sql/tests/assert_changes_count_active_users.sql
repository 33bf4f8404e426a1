-- Changes of the serving layer, summed up to a day, count the users that
-- fct_daily_active_users has.

with

changes as (

    select
        date_day,
        sum(change) as weekly_change,
        0 as monthly_change

    from {{ ref('srv_weekly_changes') }}

    group by date_day

    union all

    select
        date_day,
        0 as weekly_change,
        sum(change) as monthly_change

    from {{ ref('srv_monthly_changes') }}

    group by date_day

    union all

    select
        date_day,
        0 as weekly_change,
        0 as monthly_change

    from {{ ref('fct_daily_active_users') }}

),

changes_aggregated_to_days as (

    select
        date_day,
        sum(weekly_change) as weekly_change,
        sum(monthly_change) as monthly_change

    from changes

    group by date_day

),

counted as (

    select
        date_day,
        sum(weekly_change) over (order by date_day) as wau,
        sum(monthly_change) over (order by date_day) as mau

    from changes_aggregated_to_days

)

select
    days.date_day,
    days.wau,
    counted.wau as serving_wau,
    days.mau,
    counted.mau as serving_mau

from {{ ref('fct_daily_active_users') }} as days

inner join counted
    on days.date_day = counted.date_day

where
    days.wau <> counted.wau
    or days.mau <> counted.mau
