{#- How many people reached each step within the window: everyone, or a row a segment. -#}
{%- set steps = [
    ['signed_up', 'started'],
    ['started', 'connected'],
    ['connected', 'reported'],
    ['reported', 'paid'],
] -%}

{%- macro is_reached(step) -%}
    {% if step == 'signed_up' %}true{% else %}users.secs_to_{{ step }} < {{ window_secs }}{% endif %}
{%- endmacro -%}

{#- A segment is grouped by the enum itself: by its words, the engine would write out the text of every row. -#}
{%- macro reached_of(in_range) -%}
    select
        {% if by %}cast(users.{{ by }} as varchar){% else %}'all'{% endif %} as segment_value,
        count(*) as signed_up,
        {%- if is_compared %}
        count(*) filter (where users.secs_observed >= {{ window_secs }}) as settled,
        {%- endif %}
        {%- for step_before, step in steps %}
        count(*) filter (where {{ is_reached(step) }}) as {{ step }},
        count(*) filter (
            where
                {{ is_reached(step_before) }}
                and not coalesce({{ is_reached(step) }}, false)
                and users.secs_observed < {{ window_secs }}
        ) as {{ step }}_open,
        median(users.secs_to_{{ step }}{% if not loop.first %} - users.secs_to_{{ step_before }}{% endif %})
            filter (where {{ is_reached(step) }}) / 3600 as {{ step }}_hours
        {%- if is_compared %},
        count(*) filter (where {{ is_reached(step) }} and users.secs_observed >= {{ window_secs }})
            as {{ step }}_settled
        {%- endif %}
        {%- if not loop.last %},{% endif %}
        {%- endfor %}

    from serving.srv_funnel_users as users

    where
        {{ in_range }}
        and {{ users('users') }}

    {% if by %}group by users.{{ by }}{% else %}having count(*) > 0{% endif %}
{%- endmacro -%}

{#- Periods are compared among those whose time is over: the others were watched for less. -#}
{%- macro settled_rates(period) -%}
    unnest([
            cast(null as double)
        {%- for step_before, step in steps %},
            {% if is_compared %}cast({{ period }}.{{ step }}_settled as double) / nullif({{ period }}.settled, 0)
            {%- else %}cast(null as double){% endif %}
        {%- endfor %}
        ])
{%- endmacro -%}

with

now as (

    {{ reached_of(days('users.signup_date')) }}

),

{% if is_compared -%}
previous as (

    {{ reached_of(days_before('users.signup_date')) }}

),

{% endif -%}
steps as (

    select
        now.segment_value,
        now.signed_up,
        unnest([1, 2, 3, 4, 5]) as step_number,
        unnest(['signed_up', 'started', 'integration_connected', 'report_created', 'paid']) as step,
        unnest([now.signed_up, now.signed_up, now.started, now.connected, now.reported])
            as entered,
        unnest([now.signed_up, now.started, now.connected, now.reported, now.paid]) as reached,
        unnest([0, now.started_open, now.connected_open, now.reported_open, now.paid_open])
            as still_in_window,
        unnest([null, now.started_hours, now.connected_hours, now.reported_hours, now.paid_hours])
            as median_hours,
        {{ settled_rates('now') }} as settled_overall_rate,
        {{ settled_rates('previous') }} as previous_overall_rate

    from now
    {%- if is_compared %}

    left join previous
        on now.segment_value = previous.segment_value
    {%- endif %}

)

select
    segment_value,
    step_number,
    step,
    entered,
    reached,
    still_in_window,
    entered - reached - still_in_window as dropped,
    cast(reached as double) / nullif(entered, 0) as step_rate,
    cast(reached as double) / nullif(signed_up, 0) as overall_rate,
    settled_overall_rate,
    previous_overall_rate,
    median_hours

from steps

order by
    signed_up desc,
    segment_value,
    step_number
