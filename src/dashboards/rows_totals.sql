{#- How many rows stand behind a mark, and what they add up to. -#}
select
    count(*) as count_rows,
    cast({{ 'coalesce(sum(' ~ column ~ '), 0)' if column else 'count(*)' }} as double) as total

from (
{{ rows }}
) as rows_behind
