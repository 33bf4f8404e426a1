{#- A click on a plan filters the other panels; this one keeps all plans in view. -#}
{%- if values.channel or values.country or values.size or values.segment -%}
select
    rows.date_month,
    cast(rows.plan as varchar) as plan,
    cast(sum(rows.mrr_cents) as bigint) as mrr_cents

from serving.srv_mrr_months as rows

where
    {{ months('rows.date_month') }}
    and {{ users('rows', but=['plan']) }}

group by
    rows.date_month,
    rows.plan

order by
    rows.date_month,
    rows.plan
{%- else -%}
select
    rows.date_month,
    rows.plan,
    rows.mrr_cents

from {{ ref('fct_mrr') }} as rows

where {{ months('rows.date_month') }}

order by
    rows.date_month,
    rows.tier
{%- endif %}
