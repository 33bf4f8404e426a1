{#- One page of the rows behind a mark, sorted by the column at a position. -#}
select *

from (
{{ rows }}
) as rows_behind

order by {{ column }} {{ 'desc' if is_descending else 'asc' }} nulls last, 1
limit {{ limit }} offset {{ offset }}
