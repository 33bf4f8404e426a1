-- Each user's days with activity. A day opens an interval of 7 and one of 30 days, which the next
-- day cuts short: a user's intervals never overlap, so counting those that cover a day counts
-- users, for any choice of users (as marts.fct_daily_active_users does for all of them).
with

session_days as (

    select
        user_id,
        session_date as date_day

    from staging.stg_sessions

    where event_count > 0

    union

    select
        user_id,
        ended_date as date_day

    from staging.stg_sessions

    where
        event_count > 0
        and ended_date > session_date

),

with_next as (

    select
        user_id,
        date_day,
        lead(date_day) over (
            partition by user_id
            order by date_day
        ) as next_date

    from session_days

)

select
    with_next.user_id,
    with_next.date_day,
    least(with_next.date_day + 7, coalesce(with_next.next_date, with_next.date_day + 7))
        as end_of_7_days,
    least(with_next.date_day + 30, coalesce(with_next.next_date, with_next.date_day + 30))
        as end_of_30_days,
    users.plan,
    users.channel,
    users.country,
    users.size,
    users.segment

from with_next

inner join rollups.users as users
    on with_next.user_id = users.user_id

order by with_next.date_day
