{# The rows are unique on these columns together: the key test of a composite grain. #}
{% test unique_combination(model, columns) %}

select
    {{ columns | join(', ') }},
    count(*) as occurrences

from {{ model }}

group by {{ columns | join(', ') }}

having count(*) > 1

{% endtest %}
