{# The table has rows: a spine that came out empty is a silent error. #}
{% test not_empty(model) %}

select count(*) as count_rows

from {{ model }}

having count(*) = 0

{% endtest %}
