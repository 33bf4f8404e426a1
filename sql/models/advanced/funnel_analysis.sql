{% set segment_types = ['all', 'channel', 'country', 'company_size', 'initial_plan', 'trial_type'] %}
{% set steps = ['signed_up', 'started', 'integration_connected', 'report_created', 'paid'] %}
{% set window_days = 60 %}

-- Ordered: each step is the first of its kind at or after the step before it, all
-- within {{ window_days }} days of the signup.

with

users as (

    select
        *,
        {{ epoch_s('signed_up_at') }} as step_1_s,
        {{ epoch_s('signed_up_at') }} + {{ window_days }} * 86400 as deadline_s

    from {{ ref('stg_users') }}

),

started as (

    select
        users.user_id,
        users.deadline_s,
        min({{ epoch_s('sessions.started_at') }}) as step_2_s

    from users

    inner join {{ ref('stg_sessions') }} as sessions
        on users.user_id = sessions.user_id

    where
        {{ epoch_s('sessions.started_at') }} >= users.step_1_s
        and {{ epoch_s('sessions.started_at') }} < users.deadline_s

    group by
        users.user_id,
        users.deadline_s

),

setup_events as (

    select
        events.user_id,
        events.event_type,
        {{ epoch_s('events.event_at') }} as event_s

    from {{ ref('stg_events') }} as events

    where events.event_type in ('integration_connected', 'report_created')

),

connected as (

    select
        started.user_id,
        started.deadline_s,
        min(setup_events.event_s) as step_3_s

    from started

    inner join setup_events
        on started.user_id = setup_events.user_id

    where
        setup_events.event_type = 'integration_connected'
        and setup_events.event_s >= started.step_2_s
        and setup_events.event_s < started.deadline_s

    group by
        started.user_id,
        started.deadline_s

),

reported as (

    select
        connected.user_id,
        connected.deadline_s,
        min(setup_events.event_s) as step_4_s

    from connected

    inner join setup_events
        on connected.user_id = setup_events.user_id

    where
        setup_events.event_type = 'report_created'
        and setup_events.event_s >= connected.step_3_s
        and setup_events.event_s < connected.deadline_s

    group by
        connected.user_id,
        connected.deadline_s

),

-- Who first paid before the set-up was done has reached the end in another order.
paid as (

    select
        reported.user_id,
        {{ epoch_s('lifecycles.first_paid_at') }} as step_5_s

    from reported

    inner join {{ ref('int_user_lifecycle') }} as lifecycles
        on reported.user_id = lifecycles.user_id

    where
        {{ epoch_s('lifecycles.first_paid_at') }} >= reported.step_4_s
        and {{ epoch_s('lifecycles.first_paid_at') }} < reported.deadline_s

),

user_paths as (

    select
        users.cohort_month,
        users.channel,
        users.country,
        users.company_size,
        users.initial_plan,
        users.trial_type,
        users.deadline_s > {{ epoch_s(as_of_end()) }} as is_window_open,
        users.step_1_s,
        started.step_2_s,
        connected.step_3_s,
        reported.step_4_s,
        paid.step_5_s

    from users

    left join started
        on users.user_id = started.user_id

    left join connected
        on users.user_id = connected.user_id

    left join reported
        on users.user_id = reported.user_id

    left join paid
        on users.user_id = paid.user_id

),

user_steps as (

    {% for step in steps %}
    select
        cohort_month,
        channel,
        country,
        company_size,
        initial_plan,
        trial_type,
        is_window_open,
        {{ loop.index }} as step_number,
        '{{ step }}' as step,
        step_{{ loop.index }}_s is not null as is_reached,
        {% if loop.first %}
        true as is_entered,
        cast(null as bigint) as secs_from_previous
        {% else %}
        step_{{ loop.index - 1 }}_s is not null as is_entered,
        step_{{ loop.index }}_s - step_{{ loop.index - 1 }}_s as secs_from_previous
        {% endif %}

    from user_paths
    {% if not loop.last %}
    union all
    {% endif %}
    {% endfor %}

),

segmented as (

    {% for segment_type in segment_types %}
    select
        cohort_month,
        '{{ segment_type }}' as segment_type,
        {% if segment_type == 'all' %}'all'{% else %}{{ segment_type }}{% endif %} as segment_value,
        step_number,
        step,
        is_window_open,
        is_entered,
        is_reached,
        secs_from_previous

    from user_steps
    {% if not loop.last %}
    union all
    {% endif %}
    {% endfor %}

),

aggregated as (

    select
        cohort_month,
        segment_type,
        segment_value,
        step_number,
        step,
        count(*) as signups,
        count(case when is_entered then 1 end) as entered,
        count(case when is_reached then 1 end) as reached,
        count(case when is_entered and not is_reached and is_window_open then 1 end)
            as still_in_window,
        count(case when is_entered and not is_reached and not is_window_open then 1 end)
            as dropped,
        median(cast(secs_from_previous as double)) / 3600 as median_hours_from_previous

    from segmented

    group by
        cohort_month,
        segment_type,
        segment_value,
        step_number,
        step

),

final as (

    select
        cohort_month,
        cast(segment_type as string) as segment_type,
        cast(segment_value as string) as segment_value,
        cast(step_number as int) as step_number,
        cast(step as string) as step,
        cast(entered as bigint) as entered,
        cast(reached as bigint) as reached,
        cast(still_in_window as bigint) as still_in_window,
        cast(dropped as bigint) as dropped,
        cast(reached as double) / nullif(entered, 0) as conversion_from_previous,
        cast(reached as double) / nullif(signups, 0) as conversion_from_start,
        cast(median_hours_from_previous as double) as median_hours_from_previous

    from aggregated

)

select * from final
