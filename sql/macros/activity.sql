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
