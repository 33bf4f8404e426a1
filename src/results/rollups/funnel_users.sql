-- Every user once: seconds from the signup to each step of advanced.funnel_analysis, whatever the
-- window (a step is the first of its kind at or after the step before it), activation, and the first
-- three different things done in the first seven days. The plan is the one chosen at signup.
with

setup_events as (

    select
        user_id,
        event_type,
        floor(epoch_us(event_at) / 1000000) as event_s

    from staging.stg_events

    where event_type in ('integration_connected', 'report_created')

),

users as (

    select
        user_id,
        initial_plan,
        trial_type,
        experiment_variant,
        signed_up_at,
        count_active_days_28d,
        first_paid_at,
        floor(epoch_us(signed_up_at) / 1000000) as signed_up_s

    from marts.dim_users

),

started as (

    select
        users.user_id,
        min(floor(epoch_us(sessions.started_at) / 1000000)) as started_s

    from users

    inner join staging.stg_sessions as sessions
        on
            users.user_id = sessions.user_id
            and floor(epoch_us(sessions.started_at) / 1000000) >= users.signed_up_s

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
        floor(epoch_us(users.first_paid_at) / 1000000) as paid_s

    from reported

    inner join users
        on
            reported.user_id = users.user_id
            and floor(epoch_us(users.first_paid_at) / 1000000) >= reported.reported_s

),

-- Looking around is left out: everyone does.
first_actions as (

    select
        events.user_id,
        events.event_type,
        min(events.event_at) as first_at

    from staging.stg_events as events

    inner join users
        on
            events.user_id = users.user_id
            and events.event_at >= users.signed_up_at
            and events.event_at < users.signed_up_at + interval 7 day

    where events.event_type not in ('page_view', 'feature_click')

    group by 1, 2

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

)

select
    users.user_id,
    try_cast(
        users.initial_plan as enum ('free', 'starter', 'professional', 'enterprise')
    ) as plan,
    dimensions.channel,
    dimensions.country,
    dimensions.size,
    dimensions.segment,
    try_cast(users.trial_type as enum ('freemium', 'opt_in', 'opt_out')) as trial_type,
    try_cast(users.experiment_variant as enum ('control', 'treatment')) as variant,
    dimensions.signup_date,
    cast(
        date_diff('day', date '1970-01-01', date '{{ as_of }}' + 1) * 86400
        - users.signed_up_s as int
    ) as secs_observed,
    cast(started.started_s - users.signed_up_s as int) as secs_to_started,
    cast(connected.connected_s - users.signed_up_s as int) as secs_to_connected,
    cast(reported.reported_s - users.signed_up_s as int) as secs_to_reported,
    cast(paid.paid_s - users.signed_up_s as int) as secs_to_paid,
    users.first_paid_at is not null as has_paid,
    lifecycles.is_activated,
    lifecycles.is_activation_window_over,
    cast(lifecycles.hours_to_activation as float) as hours_to_activation,
    users.count_active_days_28d as active_days_28d,
    paths.first_action,
    paths.second_action,
    paths.third_action

from users

inner join rollups.users as dimensions
    on users.user_id = dimensions.user_id

inner join intermediate.int_user_lifecycle as lifecycles
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

order by dimensions.signup_date
