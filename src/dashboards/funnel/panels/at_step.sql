{#- Who reached a step within the window (reached); or the step before it and not this one, with time left
    (open) or without (dropped). -#}
{%- macro is_reached(step) -%}
    {% if step == 'signed-up' %}true{% else %}users.secs_to_{{ step }} < {{ window_secs }}{% endif %}
{%- endmacro -%}

{%- if outcome == 'reached' -%}
{{ is_reached(step) }}
{%- else -%}
{{ is_reached(step_before) }}
and not coalesce({{ is_reached(step) }}, false)
and users.secs_observed {{ '<' if outcome == 'open' else '>=' }} {{ window_secs }}
{%- endif -%}
