{# Each row once for each kind of segment, with its segment_type and segment_value; 'all' is the whole. Columns are those to keep besides. #}
{% macro rows_by_segment(relation, columns, segment_types) -%}
    {% for segment_type in segment_types %}
    select
        {{ columns | join(', ') }},
        '{{ segment_type }}' as segment_type,
        {% if segment_type == 'all' %}'all'{% else %}{{ segment_type }}{% endif %} as segment_value

    from {{ relation }}
    {% if not loop.last %}
    union all
    {% endif %}
    {% endfor %}
{%- endmacro %}
