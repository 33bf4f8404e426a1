{# None of the columns is ever null: one reading of a wide table, where not_null would read it for each. #}
{% test not_null_columns(model, columns) %}

select *

from {{ model }}

where
    {% for column in columns %}
    {% if not loop.first %}or {% endif %}{{ column }} is null
    {% endfor %}

{% endtest %}
