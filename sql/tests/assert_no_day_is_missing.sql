-- A day on which nobody was active, where a week before and after some thirty
-- were, is a day that was not delivered.

with

days as (

    select
        date_day,
        dau,
        lag(dau, 7) over (order by date_day) as dau_a_week_before,
        lead(dau, 7) over (order by date_day) as dau_a_week_later

    from {{ ref('fct_daily_active_users') }}

)

select *

from days

where
    dau = 0
    and coalesce(dau_a_week_before, dau_a_week_later)
    + coalesce(dau_a_week_later, dau_a_week_before) >= 60
