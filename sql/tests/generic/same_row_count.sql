{# As many rows as another model: a join that fans out or drops rows changes the count. #}
{% test same_row_count(model, other) %}

with

counts as (

    select
        (select count(*) from {{ model }}) as count_here,
        (select count(*) from {{ other }}) as count_there

)

select * from counts where count_here <> count_there

{% endtest %}
