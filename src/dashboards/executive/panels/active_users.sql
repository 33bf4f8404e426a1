with

{%- if not has_users %}

counted as (

    select
        date_day,
        dau,
        wau,
        mau

    from {{ ref('fct_daily_active_users') }}

    where {{ days('date_day') }}

)

{%- else %}

daily as (

    select
        rows.date_day,
        count(*) as dau

    from serving.srv_active_days as rows

    where
        {{ days('rows.date_day') }}
        and {{ users('rows') }}

    group by rows.date_day

),

weekly as (

    select
        rows.date_day,
        sum(rows.change) as change

    from serving.srv_weekly_changes as rows

    where
        rows.date_day <= date '{{ last_day }}'
        and {{ users('rows') }}

    group by rows.date_day

),

monthly as (

    select
        rows.date_day,
        sum(rows.change) as change

    from serving.srv_monthly_changes as rows

    where
        rows.date_day <= date '{{ last_day }}'
        and {{ users('rows') }}

    group by rows.date_day

),

-- Who is active counts from the first day of all, whatever the range.
running as (

    select
        days.date_day,
        sum(coalesce(weekly.change, 0)) over so_far as wau,
        sum(coalesce(monthly.change, 0)) over so_far as mau

    from {{ ref('fct_daily_active_users') }} as days

    left join weekly
        on days.date_day = weekly.date_day

    left join monthly
        on days.date_day = monthly.date_day

    where days.date_day <= date '{{ last_day }}'

    window so_far as (order by days.date_day)

),

counted as (

    select
        rows.date_day,
        coalesce(daily.dau, 0) as dau,
        cast(rows.wau as bigint) as wau,
        cast(rows.mau as bigint) as mau

    from running as rows

    left join daily
        on rows.date_day = daily.date_day

    where {{ days('rows.date_day') }}

)

{%- endif %}

select
    date_day,
    dau,
    wau,
    mau,
    cast(null as double) as expected_dau,
    cast(null as double) as lower_dau,
    cast(null as double) as upper_dau

from counted

{%- if has_forecast %}

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
{%- endif %}

order by date_day
