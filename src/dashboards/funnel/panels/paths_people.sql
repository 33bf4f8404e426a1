{#- Who went from a place of the paths to another; `actions` are the three levels' named actions. -#}
{%- macro is_at(level, name) -%}
    {%- set action = ['first_action', 'second_action', 'third_action'][level - 1] -%}
    {%- if level == 4 -%}
        {% if name != 'activated' %}not {% endif %}users.is_activated
    {%- elif level == 5 -%}
        {% if name != 'paid' %}not {% endif %}users.has_paid
    {%- elif name == 'nothing' -%}
        users.{{ action }} is null
    {%- elif name == 'other' -%}
        users.{{ action }} not in (
        {%- for named in actions[level - 1] %}{{ quoted(named) }}{% if not loop.last %}, {% endif %}{% endfor -%}
        )
    {%- else -%}
        users.{{ action }} = {{ quoted(name) }}
    {%- endif -%}
{%- endmacro -%}

users.is_activation_window_over
and {{ is_at(source_level, source) }}
and {{ is_at(target_level, target) }}
{%- if target_level == 4 and source_level < 3 %}
{#- Who went straight to the outcome did nothing in between. #}
and {{ is_at(source_level + 1, 'nothing') }}
{%- endif -%}
