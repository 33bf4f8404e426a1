{{ config(materialized='view') }}

-- A view: sessions join two small tables, so a third copy would not pay.

with

users as (

    select * from {{ ref('stg_users') }}

),

periods as (

    select
        user_id,
        plan,
        is_paid,
        valid_from,
        -- Plain comparisons keep the join below a hash join.
        coalesce(valid_to, {{ as_of_end() }}) as valid_to

    from {{ ref('int_subscription_periods') }}

),

first_subscriptions as (

    select
        user_id,
        min(valid_from) as first_subscribed_at

    from periods

    where is_paid

    group by user_id

),

final as (

    select
        sessions.session_id,
        sessions.user_id,
        sessions.started_at,
        sessions.ended_at,
        sessions.session_date,
        sessions.platform,
        sessions.device,
        sessions.event_count,
        sessions.count_core_actions,
        sessions.duration_secs,
        sessions.engagement_level,
        users.cohort_month,
        users.channel,
        users.country,
        users.company_size,
        cast(
            case when periods.is_paid then periods.plan else 'free' end as string
        ) as plan,
        cast({{ day_diff('users.signup_date', 'sessions.session_date') }} as int)
            as days_since_signup,
        cast(
            case
                when periods.is_paid then 'customer'
                when first_subscriptions.first_subscribed_at <= sessions.started_at
                    then 'churned'
                when periods.plan is not null then 'trial'
                when {{ day_diff('users.signup_date', 'sessions.session_date') }} < 7
                    then 'onboarding'
                else 'free'
            end as string
        ) as lifecycle_stage

    from {{ ref('stg_sessions') }} as sessions

    left join users
        on sessions.user_id = users.user_id

    -- Periods of a user never overlap, so at most one holds the session's start.
    left join periods
        on
            sessions.user_id = periods.user_id
            and sessions.started_at >= periods.valid_from
            and sessions.started_at < periods.valid_to

    left join first_subscriptions
        on sessions.user_id = first_subscriptions.user_id

)

select * from final
