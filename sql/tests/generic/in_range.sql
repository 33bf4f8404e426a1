{# Values lie from min_value to max_value, both included; nulls pass. Leave one out for an open end. #}
{% test in_range(model, column_name, min_value=none, max_value=none) %}

select {{ column_name }} as value_out_of_range

from {{ model }}

where
    {{ column_name }} is not null
    and (
        1 = 0
        {% if min_value is not none %}or {{ column_name }} < {{ min_value }}{% endif %}
        {% if max_value is not none %}or {{ column_name }} > {{ max_value }}{% endif %}
    )

{% endtest %}
