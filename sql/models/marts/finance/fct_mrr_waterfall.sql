{% set segment_types = ['all', 'plan', 'channel', 'country', 'company_size'] %}

with

customer_months as (

    select
        *,
        {{ month_index('date_month') }} as balance_month

    from {{ ref('fct_customer_mrr_monthly') }}

),

-- Each customer's month once for each kind of segment. In a plan's waterfall a
-- customer who changed plan arrives with last month's MRR as a transfer, and
-- leaves the other plan with it (decision 0022).
segmented as (

    {% for segment_type in segment_types %}
    select
        balance_month,
        '{{ segment_type }}' as segment_type,
        {% if segment_type == 'all' %}'all'{% else %}{{ segment_type }}{% endif %} as segment_value,
        movement,
        {% if segment_type == 'plan' %}
        case when previous_plan <> plan then 0 else previous_mrr_cents end
            as opening_mrr_cents,
        case when previous_plan <> plan then previous_mrr_cents else 0 end
            as transfer_mrr_cents,
        case when previous_plan <> plan then 1 else 0 end as transfer_customers,
        {% else %}
        previous_mrr_cents as opening_mrr_cents,
        0 as transfer_mrr_cents,
        0 as transfer_customers,
        {% endif %}
        movement_amount_cents,
        mrr_cents as closing_mrr_cents

    from customer_months

    union all
    {% endfor %}

    select
        balance_month,
        'plan' as segment_type,
        previous_plan as segment_value,
        'transfer_out' as movement,
        previous_mrr_cents as opening_mrr_cents,
        - previous_mrr_cents as transfer_mrr_cents,
        -1 as transfer_customers,
        0 as movement_amount_cents,
        0 as closing_mrr_cents

    from customer_months

    where previous_plan <> plan

),

aggregated as (

    select
        balance_month,
        segment_type,
        segment_value,
        sum(opening_mrr_cents) as opening_mrr_cents,
        {% for movement in ['new', 'expansion', 'contraction', 'churn', 'reactivation'] %}
        sum(
            case when movement = '{{ movement }}' then movement_amount_cents else 0 end
        ) as {{ movement }}_mrr_cents,
        {% endfor %}
        sum(transfer_mrr_cents) as transfer_mrr_cents,
        sum(closing_mrr_cents) as closing_mrr_cents,
        count(case when opening_mrr_cents > 0 then 1 end) as opening_customers,
        {% for movement in ['new', 'expansion', 'contraction', 'churn', 'reactivation'] %}
        count(case when movement = '{{ movement }}' then 1 end)
            as {{ movement }}_customers,
        {% endfor %}
        sum(transfer_customers) as transfer_customers,
        count(case when closing_mrr_cents > 0 then 1 end) as closing_customers

    from segmented

    group by
        balance_month,
        segment_type,
        segment_value

),

segments as (

    select
        segment_type,
        segment_value

    from aggregated

    union

    -- The whole has its months even before anyone pays.
    select
        'all' as segment_type,
        'all' as segment_value

),

first_month as (

    select min({{ month_index('cohort_month') }}) as first_month_index

    from {{ ref('stg_users') }}

),

months as (

    select
        first_month_index,
        {{ explode_range(month_index(as_of_date()) ~ ' - first_month_index + 1') }}
            as months_later

    from first_month

    where first_month_index is not null

),

months_by_segment as (

    select
        cast(months.first_month_index + months.months_later as int)
            as balance_month,
        segments.segment_type,
        segments.segment_value

    from months

    cross join segments

),

final as (

    select
        {{ month_from_index('months_by_segment.balance_month') }} as date_month,
        {{ is_month_over(month_from_index('months_by_segment.balance_month')) }}
            as is_complete,
        cast(months_by_segment.segment_type as string) as segment_type,
        cast(months_by_segment.segment_value as string) as segment_value,
        {% for amount in ['opening', 'new', 'expansion', 'contraction', 'churn', 'reactivation', 'transfer', 'closing'] %}
        cast(coalesce(aggregated.{{ amount }}_mrr_cents, 0) as bigint)
            as {{ amount }}_mrr_cents,
        {% endfor %}
        {% for amount in ['opening', 'new', 'expansion', 'contraction', 'churn', 'reactivation', 'transfer', 'closing'] %}
        cast(coalesce(aggregated.{{ amount }}_customers, 0) as bigint)
            as {{ amount }}_customers{% if not loop.last %},{% endif %}

        {% endfor %}

    from months_by_segment

    left join aggregated
        on
            months_by_segment.balance_month = aggregated.balance_month
            and months_by_segment.segment_type = aggregated.segment_type
            and months_by_segment.segment_value = aggregated.segment_value

)

select * from final
