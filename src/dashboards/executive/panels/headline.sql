{%- if not has_users -%}
with

active_users as (

    select
        cast(date_trunc('month', date_day) as date) as date_month,
        max_by(mau, date_day) as active_users

    from {{ ref('fct_daily_active_users') }}

    group by 1

),

signups as (

    select
        cast(date_trunc('month', date_day) as date) as date_month,
        cast(sum(signups) as bigint) as signups

    from {{ ref('fct_signups') }}

    group by 1

)

select
    waterfall.date_month,
    waterfall.closing_mrr_cents as mrr_cents,
    waterfall.closing_mrr_cents * 12 as arr_cents,
    retention.nrr,
    active_users.active_users,
    coalesce(signups.signups, 0) as signups,
    retention.quick_ratio,
    retention.ltv_to_cac

from {{ ref('fct_mrr_waterfall') }} as waterfall

left join {{ ref('revenue_retention') }} as retention
    on
        waterfall.date_month = retention.date_month
        and retention.cohort = 'all'
        and retention.segment_type = 'all'

left join active_users
    on waterfall.date_month = active_users.date_month

left join signups
    on waterfall.date_month = signups.date_month

where
    waterfall.segment_type = 'all'
    and waterfall.date_month <= date '{{ last_month }}'

order by waterfall.date_month
{%- else -%}
with

months as (

    select date_month

    from {{ ref('fct_mrr_waterfall') }}

    where
        segment_type = 'all'
        and date_month between date '{{ last_month }}' - interval {{ history_months }} month and date '{{ last_month }}'

),

movements as (

{{ movements }}

),

retained as (

    select
        rows.date_month,
        sum(rows.mrr_cents) as mrr_cents,
        sum(rows.base_mrr_cents) as base_mrr_cents

    from serving.srv_retained_mrr as rows

    where {{ users('rows') }}

    group by 1

),

signups as (

    select
        rows.cohort_month as date_month,
        count(*) as signups

    from serving.srv_users as rows

    where {{ signups('rows') }}

    group by 1

),

-- Campaigns bill their channel, so what customers of a country, a size, a plan or a segment cost is not known.
spend as (

    select
        rows.date_month,
        {%- if values.plan or values.country or values.size or values.segment %}
        cast(null as bigint) as spend_cents
        {%- else %}
        sum(rows.spend_cents) as spend_cents
        {%- endif %}

    from {{ ref('fct_channel_performance') }} as rows

    where
        rows.clicks > 0
        {%- if values.channel %}
        and rows.channel in ({% for channel in values.channel %}{{ quoted(channel) }}{{ ', ' if not loop.last }}{% endfor %})
        {%- endif %}

    group by rows.date_month

),

first_payers as (

    select
        cast(date_trunc('month', rows.first_paid_date) as date) as date_month,
        count(*) as first_payers

    from serving.srv_users as rows

    where
        rows.first_paid_date is not null
        and {{ users('rows') }}

    group by 1

),

active_changes as (

    select
        rows.date_day,
        sum(rows.change) as change

    from serving.srv_monthly_changes as rows

    where
        rows.date_day <= date '{{ as_of }}'
        and {{ users('rows') }}

    group by rows.date_day

),

active_months as (

    select
        cast(date_trunc('month', date_day) as date) as date_month,
        sum(change) as change

    from active_changes

    group by 1

),

active_users as (

    select
        date_month,
        sum(change) over (order by date_month) as active_users

    from active_months

),

joined as (

    select
        months.date_month,
        coalesce(movements.closing_mrr_cents, 0) as mrr_cents,
        movements.new_mrr_cents + movements.expansion_mrr_cents
        + movements.reactivation_mrr_cents as gained_cents,
        - movements.contraction_mrr_cents - movements.churn_mrr_cents as lost_cents,
        first_payers.first_payers,
        movements.closing_customers,
        sum(movements.churn_customers) over recent as churned_recently,
        sum(
            (movements.opening_customers + movements.transfer_customers)
            * case
                when last_day(months.date_month) <= date '{{ as_of }}' then 1.0
                else day(date '{{ as_of }}') / cast(day(last_day(months.date_month)) as double)
            end
        ) over recent as opened_recently,
        cast(retained.mrr_cents as double) / nullif(retained.base_mrr_cents, 0) as nrr,
        active_users.active_users,
        coalesce(signups.signups, 0) as signups,
        spend.spend_cents

    from months

    left join movements
        on months.date_month = movements.date_month

    left join retained
        on months.date_month = retained.date_month

    left join signups
        on months.date_month = signups.date_month

    left join spend
        on months.date_month = spend.date_month

    left join first_payers
        on months.date_month = first_payers.date_month

    asof left join active_users
        on months.date_month >= active_users.date_month

    window recent as (
        order by months.date_month
        rows between 2 preceding and current row
    )

)

select
    date_month,
    cast(mrr_cents as bigint) as mrr_cents,
    cast(mrr_cents * 12 as bigint) as arr_cents,
    nrr,
    cast(active_users as bigint) as active_users,
    cast(signups as bigint) as signups,
    cast(gained_cents as double) / nullif(lost_cents, 0) as quick_ratio,
    cast(mrr_cents as double) * {{ var('gross_margin') }}
    / nullif(closing_customers, 0)
    / nullif(cast(churned_recently as double) / nullif(opened_recently, 0), 0)
    / nullif(cast(spend_cents as double) / nullif(first_payers, 0), 0) as ltv_to_cac

from joined

order by date_month
{%- endif %}
