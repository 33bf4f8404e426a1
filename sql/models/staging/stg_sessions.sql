{{ config(materialized='table') }}

-- The one full scan of events that the session, activity and retention models
-- share: they read sessions from here on.

with

event_types as (

    select
        event_type,
        is_core_action

    from {{ ref('event_type_details') }}

),

events_aggregated_to_sessions as (

    select
        events.session_id,
        count(*) as event_count,
        count(case when event_types.is_core_action then 1 end)
            as count_core_actions,
        count(case when events.event_type = 'support_ticket_opened' then 1 end)
            as count_support_tickets,
        min(events.event_at) as first_event_at,
        max(events.event_at) as last_event_at,
        min(case when event_types.is_core_action then events.event_at end)
            as first_core_action_at,
        max(case when event_types.is_core_action then events.event_at end)
            as last_core_action_at

    from {{ ref('stg_events') }} as events

    left join event_types
        on events.event_type = event_types.event_type

    group by events.session_id

),

-- Repeated rows of a session fall together: cheaper than a sort at this size.
sessions as (

    select
        session_id,
        min(user_id) as user_id,
        min(started_at) as started_at,
        min(platform) as platform,
        min(device) as device

    from {{ source('raw', 'sessions') }}

    where started_at < {{ as_of_end() }}

    group by session_id

),

joined as (

    select
        sessions.session_id,
        sessions.user_id,
        sessions.started_at,
        coalesce(events_aggregated_to_sessions.last_event_at, sessions.started_at)
            as ended_at,
        sessions.platform,
        sessions.device,
        coalesce(events_aggregated_to_sessions.event_count, 0) as event_count,
        coalesce(events_aggregated_to_sessions.count_core_actions, 0)
            as count_core_actions,
        coalesce(events_aggregated_to_sessions.count_support_tickets, 0)
            as count_support_tickets,
        events_aggregated_to_sessions.first_event_at,
        events_aggregated_to_sessions.first_core_action_at,
        events_aggregated_to_sessions.last_core_action_at

    from sessions

    left join events_aggregated_to_sessions
        on sessions.session_id = events_aggregated_to_sessions.session_id

),

measured as (

    select
        *,
        {{ epoch_s('ended_at') }} - {{ epoch_s('started_at') }}
            as duration_secs

    from joined

),

final as (

    select
        cast(session_id as bigint) as session_id,
        cast(user_id as bigint) as user_id,
        cast(started_at as timestamp) as started_at,
        cast(ended_at as timestamp) as ended_at,
        cast(started_at as date) as session_date,
        cast(ended_at as date) as ended_date,
        cast(platform as string) as platform,
        cast(device as string) as device,
        cast(event_count as bigint) as event_count,
        cast(count_core_actions as bigint) as count_core_actions,
        cast(count_support_tickets as bigint) as count_support_tickets,
        cast(first_event_at as timestamp) as first_event_at,
        cast(first_core_action_at as timestamp) as first_core_action_at,
        cast(last_core_action_at as timestamp) as last_core_action_at,
        cast(duration_secs as bigint) as duration_secs,
        cast(
            case
                when event_count <= 1 then 'bounce'
                when duration_secs < 180 then 'short'
                when duration_secs < 900 then 'medium'
                else 'deep'
            end as string
        ) as engagement_level

    from measured

)

select * from final
