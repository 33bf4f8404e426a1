{# Days of a block, and between two snapshots of a customer. #}
{% macro block_days() -%}
    30
{%- endmacro %}

{# Blocks of 30 days counted back from as_of: 0 for a date in the last 30 days. #}
{% macro block_number(date) -%}
    cast(floor(cast({{ day_diff(date, as_of_date()) }} as double) / {{ block_days() }}) as int)
{%- endmacro %}
