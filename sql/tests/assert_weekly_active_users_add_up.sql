-- Weekly active users are yesterday's, plus who came and came back, less who lapsed;
-- a day without activity in any window has no users in it.

with

days as (

    select
        *,
        lag(wau) over (order by date_day) as last_wau

    from {{ ref('fct_daily_active_users') }}

)

select *

from days

where
    wau <> coalesce(last_wau, 0) + new_users + resurrected_users - lapsed_users
    or dau < 0
    or core_dau < 0
