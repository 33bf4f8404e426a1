{#- What a run changed in a model's rows: the statement that `asked` names. Rows of both tables are joined by `key`;
where there is none, whole rows are compared. `shared` are the other columns that both tables have. -#}

{%- macro differs(column) -%}
    {%- if column.is_retyped -%}
        cast(old_rows.{{ column.name }} as varchar) is distinct from cast(new_rows.{{ column.name }} as varchar)
    {%- else -%}
        old_rows.{{ column.name }} is distinct from new_rows.{{ column.name }}
    {%- endif -%}
{%- endmacro -%}

{#- Rows with the same key and other values. -#}
{%- macro is_changed() -%}
    old_rows.is_there and new_rows.is_there and (
        {%- for column in shared %}{{ differs(column) }}{{ ' or ' if not loop.last }}{% else %}false{% endfor -%}
    )
{%- endmacro -%}

{%- macro keys_of(side) -%}
    {%- for name in key %}{{ side }}.{{ name }}{{ ', ' if not loop.last }}{% endfor -%}
{%- endmacro -%}

{%- macro rows_of(table) -%}
    select true as is_there, {{ columns | join(', ') }} from {{ table }}
    {%- if one_in > 1 %} where hash(
        {%- for name in key %}cast({{ name }} as varchar){{ ', ' if not loop.last }}{% endfor -%}
    ) % {{ one_in }} = 0{% endif -%}
{%- endmacro -%}

{%- macro both_tables() -%}
with old_rows as ({{ rows_of(before) }}),
new_rows as ({{ rows_of(after) }})
{%- endmacro -%}

{%- macro joined() -%}
from old_rows full join new_rows on {% for name in key -%}
    old_rows.{{ name }} is not distinct from new_rows.{{ name }}{{ ' and ' if not loop.last }}
{%- endfor %}
{%- endmacro -%}

{#- Whole rows that only one table has, as often as it has them more. -#}
{%- macro whole_columns() -%}
    {%- for column in shared -%}
        {{ 'cast(' ~ column.name ~ ' as varchar) as ' if column.is_retyped }}{{ column.name }}{{ ', ' if not loop.last }}
    {%- else -%}
        1 as nothing_in_common
    {%- endfor -%}
{%- endmacro -%}
{%- macro only_in(here, there) -%}
    select {{ whole_columns() }} from {{ here }} except all select {{ whole_columns() }} from {{ there }}
{%- endmacro -%}

{%- if asked == 'repeats' -%}
select
    cast((select count(*) - count(distinct row({{ key | join(', ') }})) from {{ before }}) as bigint) as repeats_before,
    cast((select count(*) - count(distinct row({{ key | join(', ') }})) from {{ after }}) as bigint) as repeats_after

{%- elif asked == 'counts' and not key -%}
select
    cast((select count(*) from ({{ only_in(after, before) }})) as bigint) as added,
    cast((select count(*) from ({{ only_in(before, after) }})) as bigint) as gone,
    cast(0 as bigint) as changed

{%- elif asked == 'counts' -%}
{{ both_tables() }}
select
    cast(count(*) filter (where old_rows.is_there is null) as bigint) as added,
    cast(count(*) filter (where new_rows.is_there is null) as bigint) as gone,
    cast(count(*) filter (where {{ is_changed() }}) as bigint) as changed
    {%- for column in shared %},
    cast(
        count(*) filter (where old_rows.is_there and new_rows.is_there and {{ differs(column) }}) as bigint
    ) as column_{{ loop.index0 }}
    {%- endfor %}
{{ joined() }}

{%- elif asked == 'changed' -%}
{{ both_tables() }}
select {{ keys_of('new_rows') }}
    {%- for column in touched %}{% set name = column.name %},
    case
        when {{ differs(column) }}
            then coalesce(cast(old_rows.{{ name }} as varchar), 'null')
                || ' → ' || coalesce(cast(new_rows.{{ name }} as varchar), 'null')
        else cast(new_rows.{{ name }} as varchar)
    end as {{ name }}
    {%- endfor %}
{{ joined() }}
where {{ is_changed() }}
order by {{ keys_of('new_rows') }}
limit {{ sample }}

{%- elif not key -%}
{{ only_in(after, before) if asked == 'added' else only_in(before, after) }}
limit {{ sample }}

{%- else -%}
{%- set here, there = ('new_rows', 'old_rows') if asked == 'added' else ('old_rows', 'new_rows') -%}
{{ both_tables() }}
select {{ keys_of(here) }}{% for column in shared[:most_columns] %}, {{ here }}.{{ column.name }}{% endfor %}
{{ joined() }}
where {{ there }}.is_there is null
order by {{ keys_of(here) }}
limit {{ sample }}
{%- endif %}
