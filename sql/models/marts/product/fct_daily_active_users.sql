-- Exact distinct users over moving windows without joining a day to its window: a day
-- of activity keeps a user in the window for 7 (or 30) days, or until the user's next
-- such day begins a stay of its own. Stays of a user never overlap, so whoever began
-- one up to a day, less whoever ended one, is in the window.

with

user_days as (

    {{ active_days(ref('stg_sessions')) }}

),

neighbours as (

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

stays as (

    select
        active_date,
        is_core,
        previous_date,
        least(active_date + cast(7 as int), coalesce(next_date, active_date + cast(7 as int)))
            as end_of_7_days,
        least(active_date + cast(30 as int), coalesce(next_date, active_date + cast(30 as int)))
            as end_of_30_days,
        coalesce(next_date > active_date + cast(7 as int), true) as is_lapse

    from neighbours

),

activity as (

    select
        active_date as date_day,
        count(*) as dau,
        sum(is_core) as core_dau,
        count(case when previous_date is null then 1 end) as new_users,
        count(case when previous_date < active_date - cast(7 as int) then 1 end)
            as resurrected_users

    from stays

    group by active_date

),

ends_of_7_days as (

    select
        end_of_7_days as date_day,
        count(*) as ended_stays,
        count(case when is_lapse then 1 end) as lapsed_users

    from stays

    group by end_of_7_days

),

ends_of_30_days as (

    select
        end_of_30_days as date_day,
        count(*) as ended_stays

    from stays

    group by end_of_30_days

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
        coalesce(activity.dau, 0) as dau,
        coalesce(activity.core_dau, 0) as core_dau,
        coalesce(activity.new_users, 0) as new_users,
        coalesce(activity.resurrected_users, 0) as resurrected_users,
        coalesce(ends_of_7_days.lapsed_users, 0) as lapsed_users,
        coalesce(ends_of_7_days.ended_stays, 0) as ended_stays_of_7_days,
        coalesce(ends_of_30_days.ended_stays, 0) as ended_stays_of_30_days

    from days

    left join activity
        on days.first_date + cast(days.days_later as int) = activity.date_day

    left join ends_of_7_days
        on days.first_date + cast(days.days_later as int) = ends_of_7_days.date_day

    left join ends_of_30_days
        on days.first_date + cast(days.days_later as int) = ends_of_30_days.date_day

),

windows as (

    select
        *,
        sum(dau - ended_stays_of_7_days) over so_far as wau,
        sum(dau - ended_stays_of_30_days) over so_far as mau

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
