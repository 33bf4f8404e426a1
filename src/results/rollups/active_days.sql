-- Each user's active days, as the macro active_days has them: those with at least one event. The page's
-- other tables read activity from here.
with

session_days as (

    select
        user_id,
        cast(first_event_at as date) as date_day

    from staging.stg_sessions

    where event_count > 0

    union

    select
        user_id,
        cast(ended_at as date) as date_day

    from staging.stg_sessions

    where
        event_count > 0
        and cast(ended_at as date) > cast(first_event_at as date)

)

select
    session_days.user_id,
    session_days.date_day,
    users.plan,
    users.channel,
    users.country,
    users.size,
    users.segment

from session_days

inner join rollups.users as users
    on session_days.user_id = users.user_id

order by session_days.date_day
