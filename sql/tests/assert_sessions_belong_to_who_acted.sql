-- A user's sessions hold as many events as the user has.

with

from_events as (

    select
        user_id,
        count(*) as count_events

    from {{ ref('stg_events') }}

    group by user_id

),

from_sessions as (

    select
        user_id,
        sum(event_count) as count_events

    from {{ ref('stg_sessions') }}

    group by user_id

)

select
    coalesce(from_events.user_id, from_sessions.user_id) as user_id,
    from_events.count_events,
    from_sessions.count_events as count_events_in_sessions

from from_events

full outer join from_sessions
    on from_events.user_id = from_sessions.user_id

where coalesce(from_events.count_events, 0) <> coalesce(from_sessions.count_events, 0)
