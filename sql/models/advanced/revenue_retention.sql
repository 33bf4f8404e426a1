{% set segment_types = ['all', 'plan', 'channel', 'country', 'company_size'] %}
{% set gross_margin = 0.8 %}
{% set base_lag_months = 12 %}
{% set churn_window_months = 3 %}

-- Two kinds of rows (decision 0023). A cohort's
-- base is its MRR at the end of its first paying month. The base of cohort 'all'
-- is the MRR twelve months earlier of whoever paid then.

with

customer_months as (

    select
        *,
        {{ month_index('date_month') }} as balance_month,
        {{ month_index('cohort_month') }} as cohort_index

    from {{ ref('fct_customer_mrr_monthly') }}

),

paying_months as (

    select * from customer_months where mrr_cents > 0

),

-- What a cohort's customers paid at first, with the segments they had then.
cohort_bases as (

    select
        user_id,
        cohort_index,
        mrr_cents as base_mrr_cents,
        plan,
        channel,
        country,
        company_size

    from paying_months

    where balance_month = cohort_index

),

-- Each base customer at each later month; those who left bring nothing.
cohort_balances as (

    select
        cohort_bases.cohort_index,
        paying_months.balance_month,
        cohort_bases.plan,
        cohort_bases.channel,
        cohort_bases.country,
        cohort_bases.company_size,
        paying_months.mrr_cents,
        least(paying_months.mrr_cents, cohort_bases.base_mrr_cents)
            as kept_mrr_cents

    from paying_months

    inner join cohort_bases
        on paying_months.user_id = cohort_bases.user_id

),

year_ago_balances as (

    select
        base.balance_month + {{ base_lag_months }} as balance_month,
        base.plan,
        base.channel,
        base.country,
        base.company_size,
        base.mrr_cents as base_mrr_cents,
        coalesce(today.mrr_cents, 0) as mrr_cents,
        least(coalesce(today.mrr_cents, 0), base.mrr_cents) as kept_mrr_cents

    from paying_months as base

    left join paying_months as today
        on
            base.user_id = today.user_id
            and base.balance_month + {{ base_lag_months }} = today.balance_month

    where base.balance_month + {{ base_lag_months }} <= {{ month_index(as_of_date()) }}

),

cohort_segment_bases as (

    {% for segment_type in segment_types %}
    select
        cohort_index,
        '{{ segment_type }}' as segment_type,
        {% if segment_type == 'all' %}'all'{% else %}{{ segment_type }}{% endif %} as segment_value,
        base_mrr_cents

    from cohort_bases
    {% if not loop.last %}
    union all
    {% endif %}
    {% endfor %}

),

cohort_bases_aggregated_to_segments as (

    select
        cohort_index,
        segment_type,
        segment_value,
        sum(base_mrr_cents) as base_mrr_cents,
        count(*) as base_customers

    from cohort_segment_bases

    group by
        cohort_index,
        segment_type,
        segment_value

),

cohort_segment_balances as (

    {% for segment_type in segment_types %}
    select
        cohort_index,
        balance_month,
        '{{ segment_type }}' as segment_type,
        {% if segment_type == 'all' %}'all'{% else %}{{ segment_type }}{% endif %} as segment_value,
        mrr_cents,
        kept_mrr_cents

    from cohort_balances
    {% if not loop.last %}
    union all
    {% endif %}
    {% endfor %}

),

cohort_balances_aggregated_to_segments as (

    select
        cohort_index,
        balance_month,
        segment_type,
        segment_value,
        sum(mrr_cents) as mrr_cents,
        sum(kept_mrr_cents) as kept_mrr_cents,
        count(*) as customers

    from cohort_segment_balances

    group by
        cohort_index,
        balance_month,
        segment_type,
        segment_value

),

-- Every cohort at every month up to as_of, also after its last customer left.
cohort_months as (

    select
        cohort_index,
        segment_type,
        segment_value,
        base_mrr_cents,
        base_customers,
        {{ explode_range(month_index(as_of_date()) ~ ' - cohort_index + 1') }}
            as months_later

    from cohort_bases_aggregated_to_segments

),

cohort_series as (

    select
        cohort_months.cohort_index,
        cast(cohort_months.cohort_index + cohort_months.months_later as int)
            as balance_month,
        cohort_months.months_later,
        cohort_months.segment_type,
        cohort_months.segment_value,
        cohort_months.base_mrr_cents,
        cohort_months.base_customers,
        coalesce(balances.mrr_cents, 0) as mrr_cents,
        coalesce(balances.kept_mrr_cents, 0) as kept_mrr_cents,
        coalesce(balances.customers, 0) as customers

    from cohort_months

    left join cohort_balances_aggregated_to_segments as balances
        on
            cohort_months.cohort_index = balances.cohort_index
            and cohort_months.cohort_index + cohort_months.months_later
            = balances.balance_month
            and cohort_months.segment_type = balances.segment_type
            and cohort_months.segment_value = balances.segment_value

),

year_ago_segment_balances as (

    {% for segment_type in segment_types %}
    select
        balance_month,
        '{{ segment_type }}' as segment_type,
        {% if segment_type == 'all' %}'all'{% else %}{{ segment_type }}{% endif %} as segment_value,
        base_mrr_cents,
        mrr_cents,
        kept_mrr_cents

    from year_ago_balances
    {% if not loop.last %}
    union all
    {% endif %}
    {% endfor %}

),

year_ago_aggregated_to_segments as (

    select
        balance_month,
        segment_type,
        segment_value,
        sum(base_mrr_cents) as base_mrr_cents,
        sum(mrr_cents) as retained_mrr_cents,
        sum(kept_mrr_cents) as kept_mrr_cents,
        count(*) as base_customers

    from year_ago_segment_balances

    group by
        balance_month,
        segment_type,
        segment_value

),

-- Marketing spend on the people who signed up in a month; the plan of those who
-- never paid is unknown, so plans have no CAC.
spend_by_signup as (

    select
        {{ month_index('touches.signup_month') }} as balance_month,
        users.channel,
        users.country,
        users.company_size,
        sum(touches.cost_cents) as spend_cents

    from {{ ref('int_marketing_attributed') }} as touches

    inner join {{ ref('stg_users') }} as users
        on touches.user_id = users.user_id

    group by
        {{ month_index('touches.signup_month') }},
        users.channel,
        users.country,
        users.company_size

),

spend_by_segment as (

    {% for segment_type in ['all', 'channel', 'country', 'company_size'] %}
    select
        balance_month,
        '{{ segment_type }}' as segment_type,
        {% if segment_type == 'all' %}'all'{% else %}{{ segment_type }}{% endif %} as segment_value,
        spend_cents

    from spend_by_signup
    {% if not loop.last %}
    union all
    {% endif %}
    {% endfor %}

),

spend_aggregated_to_segments as (

    select
        balance_month,
        segment_type,
        segment_value,
        sum(spend_cents) as spend_cents

    from spend_by_segment

    group by
        balance_month,
        segment_type,
        segment_value

),

-- Who paid for the first time in a month: money that came, not a bill that failed.
first_payers as (

    select
        {{ month_index('lifecycles.first_paid_at') }} as balance_month,
        users.channel,
        users.country,
        users.company_size

    from {{ ref('int_user_lifecycle') }} as lifecycles

    inner join {{ ref('stg_users') }} as users
        on lifecycles.user_id = users.user_id

    where lifecycles.first_paid_at is not null

),

first_payers_by_segment as (

    {% for segment_type in ['all', 'channel', 'country', 'company_size'] %}
    select
        balance_month,
        '{{ segment_type }}' as segment_type,
        {% if segment_type == 'all' %}'all'{% else %}{{ segment_type }}{% endif %} as segment_value

    from first_payers
    {% if not loop.last %}
    union all
    {% endif %}
    {% endfor %}

),

first_payers_aggregated_to_segments as (

    select
        balance_month,
        segment_type,
        segment_value,
        count(*) as first_payers

    from first_payers_by_segment

    group by
        balance_month,
        segment_type,
        segment_value

),

-- One CAC for a month and a segment, whoever reads it.
acquisition_costs as (

    select
        spend.balance_month,
        spend.segment_type,
        spend.segment_value,
        cast(spend.spend_cents as double)
            / nullif(first_payers.first_payers, 0) as cac_cents

    from spend_aggregated_to_segments as spend

    left join first_payers_aggregated_to_segments as first_payers
        on
            spend.balance_month = first_payers.balance_month
            and spend.segment_type = first_payers.segment_type
            and spend.segment_value = first_payers.segment_value

),

waterfall as (

    select
        *,
        {{ month_index('date_month') }} as balance_month,
        sum(churn_customers) over recent as churned_customers_recent,
        -- Customers at risk, each for the share of the month that has gone by: a
        -- month that has just begun has had no time to lose anybody.
        sum(
            (opening_customers + transfer_customers)
            * {{ share_of_month_gone('date_month') }}
        ) over recent as customer_months_recent

    from {{ ref('fct_mrr_waterfall') }}

    window recent as (
        partition by segment_type, segment_value
        order by date_month
        rows between {{ churn_window_months - 1 }} preceding and current row
    )

),

cohort_rows as (

    select
        cohort_series.cohort_index,
        cohort_series.balance_month,
        cohort_series.months_later as months_since_base,
        cohort_series.segment_type,
        cohort_series.segment_value,
        cohort_series.base_mrr_cents,
        cohort_series.base_customers,
        cohort_series.mrr_cents as retained_mrr_cents,
        cohort_series.kept_mrr_cents,
        cohort_series.customers,
        cast(null as double) as monthly_nrr,
        cast(null as double) as monthly_grr,
        cast(null as double) as quick_ratio,
        cast(null as double) as quick_ratio_without_reactivation,
        cast(
            sum(cohort_series.mrr_cents) over (
                partition by
                    cohort_series.cohort_index,
                    cohort_series.segment_type,
                    cohort_series.segment_value
                order by cohort_series.balance_month
                rows between unbounded preceding and current row
            ) as double
        ) * {{ gross_margin }} / nullif(cohort_series.base_customers, 0)
            as ltv_cents,
        costs.cac_cents

    from cohort_series

    left join acquisition_costs as costs
        on
            cohort_series.cohort_index = costs.balance_month
            and cohort_series.segment_type = costs.segment_type
            and cohort_series.segment_value = costs.segment_value

),

all_rows as (

    select
        cast(null as int) as cohort_index,
        waterfall.balance_month,
        {{ base_lag_months }} as months_since_base,
        waterfall.segment_type,
        waterfall.segment_value,
        coalesce(year_ago.base_mrr_cents, 0) as base_mrr_cents,
        coalesce(year_ago.base_customers, 0) as base_customers,
        coalesce(year_ago.retained_mrr_cents, 0) as retained_mrr_cents,
        coalesce(year_ago.kept_mrr_cents, 0) as kept_mrr_cents,
        waterfall.closing_customers as customers,
        cast(
            waterfall.opening_mrr_cents + waterfall.transfer_mrr_cents
            + waterfall.expansion_mrr_cents + waterfall.contraction_mrr_cents
            + waterfall.churn_mrr_cents as double
        ) / nullif(waterfall.opening_mrr_cents + waterfall.transfer_mrr_cents, 0)
            as monthly_nrr,
        cast(
            waterfall.opening_mrr_cents + waterfall.transfer_mrr_cents
            + waterfall.contraction_mrr_cents + waterfall.churn_mrr_cents
            as double
        ) / nullif(waterfall.opening_mrr_cents + waterfall.transfer_mrr_cents, 0)
            as monthly_grr,
        cast(
            waterfall.new_mrr_cents + waterfall.expansion_mrr_cents
            + waterfall.reactivation_mrr_cents as double
        ) / nullif(
            - waterfall.contraction_mrr_cents - waterfall.churn_mrr_cents, 0
        ) as quick_ratio,
        cast(
            waterfall.new_mrr_cents + waterfall.expansion_mrr_cents as double
        ) / nullif(
            - waterfall.contraction_mrr_cents - waterfall.churn_mrr_cents, 0
        ) as quick_ratio_without_reactivation,
        -- Margin on the average customer, for 1 / churn months.
        cast(waterfall.closing_mrr_cents as double) * {{ gross_margin }}
            / nullif(waterfall.closing_customers, 0)
            / nullif(
                cast(waterfall.churned_customers_recent as double)
                / nullif(waterfall.customer_months_recent, 0), 0
            ) as ltv_cents,
        costs.cac_cents

    from waterfall

    left join year_ago_aggregated_to_segments as year_ago
        on
            waterfall.balance_month = year_ago.balance_month
            and waterfall.segment_type = year_ago.segment_type
            and waterfall.segment_value = year_ago.segment_value

    left join acquisition_costs as costs
        on
            waterfall.balance_month = costs.balance_month
            and waterfall.segment_type = costs.segment_type
            and waterfall.segment_value = costs.segment_value

),

united as (

    select * from cohort_rows

    union all

    select * from all_rows

),

dated as (

    select
        *,
        {{ month_from_index('cohort_index') }} as cohort_month,
        {{ month_from_index('balance_month') }} as date_month

    from united

),

final as (

    select
        cast(coalesce(cast(cohort_month as string), 'all') as string) as cohort,
        cast(cohort_month as date) as cohort_month,
        cast(date_month as date) as date_month,
        {{ is_month_over('date_month') }} as is_complete,
        cast(segment_type as string) as segment_type,
        cast(segment_value as string) as segment_value,
        cast(months_since_base as int) as months_since_base,
        cast(base_customers as bigint) as base_customers,
        cast(customers as bigint) as customers,
        cast(base_mrr_cents as bigint) as base_mrr_cents,
        cast(retained_mrr_cents as bigint) as retained_mrr_cents,
        cast(kept_mrr_cents as bigint) as kept_mrr_cents,
        cast(retained_mrr_cents as double) / nullif(base_mrr_cents, 0) as nrr,
        cast(kept_mrr_cents as double) / nullif(base_mrr_cents, 0) as grr,
        monthly_nrr,
        monthly_grr,
        quick_ratio,
        quick_ratio_without_reactivation,
        ltv_cents,
        cac_cents,
        ltv_cents / nullif(cac_cents, 0) as ltv_to_cac

    from dated

)

select * from final
