{# unique, for dense integer keys of big tables: 32 neighbours share one bitmap, so that ten million keys take 300,000 groups.
   Names each block of keys that holds a repeat. #}
{% test unique_integer(model, column_name) %}

select
    cast(floor({{ column_name }} / 32) as bigint) * 32 as first_key_of_block,
    count(*) - bit_count(bit_or({{ bit_at(column_name ~ ' % 32') }})) as repeats

from {{ model }}

where {{ column_name }} is not null

group by cast(floor({{ column_name }} / 32) as bigint) * 32

having count(*) > bit_count(bit_or({{ bit_at(column_name ~ ' % 32') }}))

{% endtest %}
