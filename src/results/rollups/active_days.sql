-- Each user's days with activity.
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
