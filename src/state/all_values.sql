{#- The counts of a metric with every value of its dimension, also those of which nothing was counted. -#}
with

all_values as (

    select unnest([{{ values | join(', ') }}]) as {{ key }}

),

counted as (

{{ counted | indent(4, true) }}

)

select
    all_values.{{ key }},
    coalesce(counted.{{ metric }}, 0) as {{ metric }}

from all_values

left join counted
    on all_values.{{ key }} = cast(counted.{{ called }} as varchar)

order by
    {{ metric }} desc,
    all_values.{{ key }}
