{# A bigint with only this bit set; position 0 … 62. #}
{% macro bit_at(position) -%}
    {% if target.type == 'spark' %}shiftleft(cast(1 as bigint), cast({{ position }} as int)){% else %}(cast(1 as bigint) << cast({{ position }} as int)){% endif %}
{%- endmacro %}
