{#- The movements of each month; `months_of` limits them, by rows.date_month. For everyone from the mart, for some
users from the rollup. With a plan chosen, what came from other plans less what went to them is `transfer`
(docs/decisions/0022-plan-transfers.md). -#}
{%- set amounts = ['new', 'expansion', 'reactivation', 'contraction', 'churn'] -%}
{%- if not has_users -%}
select
    date_month,
    {%- for name in ['opening'] + amounts + ['transfer', 'closing'] %}
    {{ name }}_mrr_cents,
    {{ name }}_customers{{ ',' if not loop.last }}
    {%- endfor %}

from {{ ref('fct_mrr_waterfall') }} as rows

where
    segment_type = 'all'
    and {{ months_of }}
{%- else -%}
with

-- Few groups first: sixteen sums with a condition each over all rows would take three times as long.
grouped as (

    select
        rows.date_month,
        rows.movement,
        {{ chosen('plan', 'rows.plan') }} as is_now,
        {{ chosen('plan', 'rows.previous_plan') }} as is_before,
        sum(rows.movement_amount_cents) as amount_cents,
        sum(rows.previous_mrr_cents) as previous_cents,
        sum(rows.mrr_cents) as mrr_cents,
        count(*) as customers,
        count(*) filter (where rows.previous_mrr_cents > 0) as customers_before,
        count(*) filter (where rows.mrr_cents > 0) as customers_after

    from serving.srv_mrr_months as rows

    where
        {{ months_of }}
        and {{ users('rows', but=['plan']) }}

    group by all

)

select
    date_month,
    cast(coalesce(sum(previous_cents) filter (where is_before), 0) as bigint) as opening_mrr_cents,
    cast(coalesce(sum(customers_before) filter (where is_before), 0) as bigint)
        as opening_customers,
    {%- for name in amounts %}
    cast(
        coalesce(sum(amount_cents) filter (where is_now and movement = '{{ name }}'), 0) as bigint
    ) as {{ name }}_mrr_cents,
    cast(
        coalesce(sum(customers) filter (where is_now and movement = '{{ name }}'), 0) as bigint
    ) as {{ name }}_customers,
    {%- endfor %}
    cast(
        coalesce(sum(previous_cents) filter (where is_now), 0)
        - coalesce(sum(previous_cents) filter (where is_before), 0) as bigint
    ) as transfer_mrr_cents,
    cast(
        coalesce(sum(customers_before) filter (where is_now), 0)
        - coalesce(sum(customers_before) filter (where is_before), 0) as bigint
    ) as transfer_customers,
    cast(coalesce(sum(mrr_cents) filter (where is_now), 0) as bigint) as closing_mrr_cents,
    cast(coalesce(sum(customers_after) filter (where is_now), 0) as bigint) as closing_customers

from grouped

group by date_month
{%- endif %}
{%- if is_ordered %}

order by date_month
{%- endif %}
