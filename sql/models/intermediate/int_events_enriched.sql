{{ config(materialized='view') }}

-- A view: a second table of ten million rows would not pay in memory.

with

features as (

    select * from {{ ref('feature_details') }}

),

event_types as (

    select * from {{ ref('event_type_details') }}

),

users as (

    select
        user_id,
        signup_date

    from {{ ref('stg_users') }}

),

final as (

    select
        events.event_id,
        events.session_id,
        events.user_id,
        events.event_at,
        events.event_date,
        events.event_type,
        events.feature,
        cast(features.category as string) as feature_category,
        cast(event_types.category as string) as category,
        cast(coalesce(event_types.is_core_action, false) as boolean)
            as is_core_action,
        cast({{ day_diff('users.signup_date', 'events.event_date') }} as int)
            as days_since_signup

    from {{ ref('stg_events') }} as events

    left join features
        on events.feature = features.feature

    left join event_types
        on events.event_type = event_types.event_type

    left join users
        on events.user_id = users.user_id

)

select * from final
