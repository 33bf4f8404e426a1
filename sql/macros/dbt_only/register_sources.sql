{# Gives every source a view over its Parquet file, or its folder of files, so that staging reads raw.* as it does in the tab. #}
{% macro register_sources() %}
    {% if execute and var('raw_path') and flags.WHICH in ['run', 'build', 'test'] %}
        {% do run_query('create schema if not exists raw') %}
        {% for node in graph.sources.values() %}
            {% set file = var('raw_path') ~ '/' ~ node.identifier ~ '.parquet' %}
            {% if target.type == 'spark' %}
                {% do run_query('drop table if exists raw.' ~ node.identifier) %}
                {% do run_query('create table raw.' ~ node.identifier ~ " using parquet location '" ~ file ~ "'") %}
            {% else %}
                {# Spark reads a folder by its name; DuckDB wants to be told that it is one. #}
                {% set parts = run_query("select count(*) as parts from glob('" ~ file ~ "/*.parquet')").columns[0].values()[0] %}
                {% set file = file ~ '/*.parquet' if parts > 0 else file %}
                {% do run_query('create or replace view raw.' ~ node.identifier ~ " as select * from read_parquet('" ~ file ~ "')") %}
            {% endif %}
        {% endfor %}
    {% endif %}
{% endmacro %}
