-- Exact distinct users over moving windows without joining a day to its window:
-- a day of activity opens an interval of 7 (or 30) days that the next day of
-- activity cuts short, so intervals of a user never overlap, and the running
-- sum of what opens less what closes counts users.

with

user_days as (

    {{ active_days(ref('stg_sessions')) }}

),

user_days_with_neighbours as (

    select
        active_date,
        is_core,
        lag(active_date) over by_user as previous_date,
        lead(active_date) over by_user as next_date

    from user_days

    window by_user as (
        partition by user_id
        order by active_date
    )

),

intervals as (

    select
        active_date,
        is_core,
        least(active_date + cast(7 as int), coalesce(next_date, active_date + cast(7 as int)))
            as end_of_7_days,
        least(active_date + cast(30 as int), coalesce(next_date, active_date + cast(30 as int)))
            as end_of_30_days,
        previous_date is null as is_first,
        previous_date < active_date - cast(7 as int) as is_return,
        coalesce(next_date > active_date + cast(7 as int), true) as is_lapse

    from user_days_with_neighbours

),

changes as (

    select
        active_date as date_day,
        count(*) as dau,
        sum(is_core) as core_dau,
        count(case when is_first then 1 end) as new_users,
        count(case when is_return then 1 end) as resurrected_users,
        0 as lapsed_users,
        count(*) as wau_change,
        count(*) as mau_change

    from intervals

    group by active_date

    union all

    select
        end_of_7_days as date_day,
        0 as dau,
        0 as core_dau,
        0 as new_users,
        0 as resurrected_users,
        count(case when is_lapse then 1 end) as lapsed_users,
        - count(*) as wau_change,
        0 as mau_change

    from intervals

    group by end_of_7_days

    union all

    select
        end_of_30_days as date_day,
        0 as dau,
        0 as core_dau,
        0 as new_users,
        0 as resurrected_users,
        0 as lapsed_users,
        0 as wau_change,
        - count(*) as mau_change

    from intervals

    group by end_of_30_days

),

changes_aggregated_to_days as (

    select
        date_day,
        sum(dau) as dau,
        sum(core_dau) as core_dau,
        sum(new_users) as new_users,
        sum(resurrected_users) as resurrected_users,
        sum(lapsed_users) as lapsed_users,
        sum(wau_change) as wau_change,
        sum(mau_change) as mau_change

    from changes

    group by date_day

),

first_day as (

    select min(signup_date) as first_date

    from {{ ref('stg_users') }}

),

days as (

    select
        first_date,
        {{ explode_range(day_diff('first_date', as_of_date()) ~ ' + 1') }}
            as days_later

    from first_day

    where first_date is not null

),

days_filled as (

    select
        days.first_date + cast(days.days_later as int) as date_day,
        coalesce(changes.dau, 0) as dau,
        coalesce(changes.core_dau, 0) as core_dau,
        coalesce(changes.new_users, 0) as new_users,
        coalesce(changes.resurrected_users, 0) as resurrected_users,
        coalesce(changes.lapsed_users, 0) as lapsed_users,
        coalesce(changes.wau_change, 0) as wau_change,
        coalesce(changes.mau_change, 0) as mau_change

    from days

    left join changes_aggregated_to_days as changes
        on days.first_date + cast(days.days_later as int) = changes.date_day

),

windows as (

    select
        *,
        sum(wau_change) over so_far as wau,
        sum(mau_change) over so_far as mau

    from days_filled

    window so_far as (
        order by date_day
        rows between unbounded preceding and current row
    )

),

final as (

    select
        cast(date_day as date) as date_day,
        cast(dau as bigint) as dau,
        cast(wau as bigint) as wau,
        cast(mau as bigint) as mau,
        cast(core_dau as bigint) as core_dau,
        cast(dau as double) / nullif(mau, 0) as stickiness,
        cast(new_users as bigint) as new_users,
        cast(resurrected_users as bigint) as resurrected_users,
        cast(lapsed_users as bigint) as lapsed_users

    from windows

)

select * from final
