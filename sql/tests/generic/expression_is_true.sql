{# The expression over the row's columns holds for every row; an unknown (null) result fails too. #}
{% test expression_is_true(model, expression) %}

select *

from {{ model }}

where not coalesce({{ expression }}, false)

{% endtest %}
