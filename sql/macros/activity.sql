{# Each user's active days: those with at least one event (docs/decisions/0025-active-and-activated.md), and whether one of them was a core action. Give it stg_sessions. A session's events lie on its first's and its last's day: a test holds sessions to two. #}
{% macro active_days(sessions) -%}
    select
        user_id,
        active_date,
        max(is_core) as is_core

    from (

        select
            user_id,
            cast(first_event_at as date) as active_date,
            case
                when cast(first_core_action_at as date) = cast(first_event_at as date) then 1
                else 0
            end as is_core

        from {{ sessions }}

        where event_count > 0

        union all

        select
            user_id,
            cast(ended_at as date) as active_date,
            case
                when cast(last_core_action_at as date) = cast(ended_at as date) then 1
                else 0
            end as is_core

        from {{ sessions }}

        where
            event_count > 0
            and cast(ended_at as date) > cast(first_event_at as date)

    ) as session_days

    group by
        user_id,
        active_date
{%- endmacro %}

{# Each day on which a user begins (1) or ceases (-1) to count as active in the last so many days: summed up to a day, changes count who is active, for any choice of users. Give it srv_active_days. #}
{% macro activity_changes(user_days, window_days) -%}
    with

    days as (

        select
            *,
            lag(date_day) over by_user as previous_day,
            lead(date_day) over by_user as next_day

        from {{ user_days }}

        window by_user as (
            partition by user_id
            order by date_day
        )

    )

    select
        user_id,
        date_day,
        plan,
        channel,
        country,
        size,
        segment,
        cast(1 as tinyint) as change

    from days

    where
        previous_day is null
        or date_day > previous_day + cast({{ window_days }} as int)

    union all

    select
        user_id,
        date_day + cast({{ window_days }} as int) as date_day,
        plan,
        channel,
        country,
        size,
        segment,
        cast(-1 as tinyint) as change

    from days

    where
        next_day is null
        or next_day > date_day + cast({{ window_days }} as int)
{%- endmacro %}
