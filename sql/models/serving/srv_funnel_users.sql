{% set path_days = 7 %}

-- Seconds from the signup to each step of funnel_analysis, whatever the window: a step is the first
-- of its kind at or after the step before it. The plan is the one chosen at signup.

with

setup_events as (

    select
        user_id,
        event_type,
        {{ epoch_s('event_at') }} as event_s

    from {{ ref('stg_events') }}

    where event_type in ('integration_connected', 'report_created')

),

users as (

    select
        user_id,
        trial_type,
        experiment_variant,
        signed_up_at,
        first_paid_at,
        count_active_days_28d,
        {{ epoch_s('signed_up_at') }} as signed_up_s

    from {{ ref('dim_users') }}

),

started as (

    select
        users.user_id,
        min({{ epoch_s('sessions.started_at') }}) as started_s

    from users

    inner join {{ ref('stg_sessions') }} as sessions
        on
            users.user_id = sessions.user_id
            and {{ epoch_s('sessions.started_at') }} >= users.signed_up_s

    group by users.user_id

),

connected as (

    select
        started.user_id,
        min(setup_events.event_s) as connected_s

    from started

    inner join setup_events
        on
            started.user_id = setup_events.user_id
            and setup_events.event_type = 'integration_connected'
            and setup_events.event_s >= started.started_s

    group by started.user_id

),

reported as (

    select
        connected.user_id,
        min(setup_events.event_s) as reported_s

    from connected

    inner join setup_events
        on
            connected.user_id = setup_events.user_id
            and setup_events.event_type = 'report_created'
            and setup_events.event_s >= connected.connected_s

    group by connected.user_id

),

paid as (

    select
        reported.user_id,
        {{ epoch_s('users.first_paid_at') }} as paid_s

    from reported

    inner join users
        on
            reported.user_id = users.user_id
            and {{ epoch_s('users.first_paid_at') }} >= reported.reported_s

),

-- Looking around is left out: everyone does.
first_actions as (

    select
        events.user_id,
        events.event_type,
        min(events.event_at) as first_at

    from {{ ref('stg_events') }} as events

    inner join users
        on
            events.user_id = users.user_id
            and events.event_at >= users.signed_up_at
            and {{ epoch_s('events.event_at') }} < users.signed_up_s + {{ path_days }} * 86400

    where events.event_type not in ('page_view', 'feature_click')

    group by
        events.user_id,
        events.event_type

),

numbered as (

    select
        user_id,
        event_type,
        row_number() over (
            partition by user_id
            order by first_at, event_type
        ) as action_number

    from first_actions

),

paths as (

    select
        user_id,
        max(case when action_number = 1 then event_type end) as first_action,
        max(case when action_number = 2 then event_type end) as second_action,
        max(case when action_number = 3 then event_type end) as third_action

    from numbered

    where action_number <= 3

    group by user_id

),

final as (

    select
        users.user_id,
        dimensions.signup_plan as plan,
        dimensions.channel,
        dimensions.country,
        dimensions.size,
        dimensions.segment,
        {{ compact('users.trial_type', 'trial_type') }} as trial_type,
        {{ compact('users.experiment_variant', 'variant') }} as variant,
        dimensions.signup_date,
        cast({{ epoch_s(as_of_end()) }} - users.signed_up_s as int) as secs_observed,
        cast(started.started_s - users.signed_up_s as int) as secs_to_started,
        cast(connected.connected_s - users.signed_up_s as int) as secs_to_connected,
        cast(reported.reported_s - users.signed_up_s as int) as secs_to_reported,
        cast(paid.paid_s - users.signed_up_s as int) as secs_to_paid,
        users.first_paid_at is not null as has_paid,
        lifecycles.is_activated,
        lifecycles.is_activation_window_over,
        {{ compact_number('lifecycles.hours_to_activation') }} as hours_to_activation,
        users.count_active_days_28d as active_days_28d,
        paths.first_action,
        paths.second_action,
        paths.third_action

    from users

    inner join {{ ref('srv_users') }} as dimensions
        on users.user_id = dimensions.user_id

    inner join {{ ref('int_user_lifecycle') }} as lifecycles
        on users.user_id = lifecycles.user_id

    left join started
        on users.user_id = started.user_id

    left join connected
        on users.user_id = connected.user_id

    left join reported
        on users.user_id = reported.user_id

    left join paid
        on users.user_id = paid.user_id

    left join paths
        on users.user_id = paths.user_id

)

select * from final

order by signup_date
