{# One row for each of 0 … count - 1. Stands alone in a select list; count must be at least 1. #}
{% macro explode_range(count) -%}
    {% if target.type == 'spark' %}explode(sequence(0, cast({{ count }} as int) - 1)){% else %}unnest(range(0, cast({{ count }} as bigint))){% endif %}
{%- endmacro %}
