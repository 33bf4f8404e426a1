{%- if not has_users -%}
select
    rows.date_month,
    rows.nrr,
    rows.grr,
    rows.base_mrr_cents,
    rows.retained_mrr_cents,
    rows.base_customers

from {{ ref('revenue_retention') }} as rows

where
    rows.cohort = 'all'
    and rows.segment_type = 'all'
    and {{ months('rows.date_month') }}

order by rows.date_month
{%- else -%}
select
    rows.date_month,
    cast(sum(rows.mrr_cents) as double) / nullif(sum(rows.base_mrr_cents), 0) as nrr,
    cast(sum(rows.kept_mrr_cents) as double) / nullif(sum(rows.base_mrr_cents), 0) as grr,
    cast(sum(rows.base_mrr_cents) as bigint) as base_mrr_cents,
    cast(sum(rows.mrr_cents) as bigint) as retained_mrr_cents,
    count(*) as base_customers

from serving.srv_retained_mrr as rows

where
    {{ months('rows.date_month') }}
    and {{ users('rows') }}

group by rows.date_month

order by rows.date_month
{%- endif %}
