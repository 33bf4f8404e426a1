{#- Rows of each raw table. -#}
{%- for name, relation in sources %}
select '{{ name }}' as name, cast(count(*) as bigint) as n from {{ relation }}
{{- ' union all' if not loop.last }}
{%- endfor %}
