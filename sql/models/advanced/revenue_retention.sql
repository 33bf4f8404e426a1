{% set segment_types = ['all', 'plan', 'channel', 'country', 'company_size'] %}
{% set base_lag_months = 12 %}
{% set churn_window_months = 3 %}

-- Two kinds of rows (decision 0023): a cohort's, and
-- cohort 'all', whose base is the MRR twelve months earlier of whoever paid then.

with

paying_months as (

    select
        user_id,
        {{ month_index('date_month') }} as month_number,
        plan,
        channel,
        country,
        company_size,
        mrr_cents

    from {{ ref('fct_customer_mrr_monthly') }}

    where mrr_cents > 0

),

-- Who paid twelve months before a month, with the segments they had then, and what
-- they pay now.
year_ago_customers as (

    select
        year_ago.month_number + {{ base_lag_months }} as month_number,
        year_ago.plan,
        year_ago.channel,
        year_ago.country,
        year_ago.company_size,
        year_ago.mrr_cents as base_mrr_cents,
        coalesce(today.mrr_cents, 0) as retained_mrr_cents,
        least(coalesce(today.mrr_cents, 0), year_ago.mrr_cents) as kept_mrr_cents

    from paying_months as year_ago

    left join paying_months as today
        on
            year_ago.user_id = today.user_id
            and year_ago.month_number + {{ base_lag_months }} = today.month_number

    where year_ago.month_number + {{ base_lag_months }} <= {{ month_index(as_of_date()) }}

),

year_ago_bases as (

    select
        {{ month_from_index('month_number') }} as date_month,
        segment_type,
        segment_value,
        count(*) as base_customers,
        sum(base_mrr_cents) as base_mrr_cents,
        sum(retained_mrr_cents) as retained_mrr_cents,
        sum(kept_mrr_cents) as kept_mrr_cents

    from ({{ rows_by_segment('year_ago_customers', ['month_number', 'base_mrr_cents', 'retained_mrr_cents', 'kept_mrr_cents'], segment_types) }}) as segmented

    group by
        month_number,
        segment_type,
        segment_value

),

waterfall as (

    select
        *,
        opening_mrr_cents + transfer_mrr_cents as month_base_cents,
        - contraction_mrr_cents - churn_mrr_cents as lost_mrr_cents,
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

all_rows as (

    select
        cast(null as date) as cohort_month,
        waterfall.date_month,
        {{ base_lag_months }} as months_since_base,
        waterfall.segment_type,
        waterfall.segment_value,
        coalesce(bases.base_customers, 0) as base_customers,
        waterfall.closing_customers as customers,
        coalesce(bases.base_mrr_cents, 0) as base_mrr_cents,
        coalesce(bases.retained_mrr_cents, 0) as retained_mrr_cents,
        coalesce(bases.kept_mrr_cents, 0) as kept_mrr_cents,
        cast(
            waterfall.month_base_cents + waterfall.expansion_mrr_cents
            - waterfall.lost_mrr_cents as double
        ) / nullif(waterfall.month_base_cents, 0) as monthly_nrr,
        cast(waterfall.month_base_cents - waterfall.lost_mrr_cents as double)
            / nullif(waterfall.month_base_cents, 0) as monthly_grr,
        cast(
            waterfall.new_mrr_cents + waterfall.expansion_mrr_cents
            + waterfall.reactivation_mrr_cents as double
        ) / nullif(waterfall.lost_mrr_cents, 0) as quick_ratio,
        cast(waterfall.new_mrr_cents + waterfall.expansion_mrr_cents as double)
            / nullif(waterfall.lost_mrr_cents, 0) as quick_ratio_without_reactivation,
        -- Margin on the average customer, for 1 / churn months.
        cast(waterfall.closing_mrr_cents as double) * {{ var('gross_margin') }}
            / nullif(waterfall.closing_customers, 0)
            / nullif(
                cast(waterfall.churned_customers_recent as double)
                / nullif(waterfall.customer_months_recent, 0), 0
            ) as ltv_cents,
        costs.cac_cents

    from waterfall

    left join year_ago_bases as bases
        on
            waterfall.date_month = bases.date_month
            and waterfall.segment_type = bases.segment_type
            and waterfall.segment_value = bases.segment_value

    left join {{ ref('int_acquisition_costs') }} as costs
        on
            waterfall.date_month = costs.date_month
            and waterfall.segment_type = costs.segment_type
            and waterfall.segment_value = costs.segment_value

),

cohort_rows as (

    select
        cohorts.cohort_month,
        cohorts.date_month,
        cohorts.months_since_base,
        cohorts.segment_type,
        cohorts.segment_value,
        cohorts.base_customers,
        cohorts.customers,
        cohorts.base_mrr_cents,
        cohorts.retained_mrr_cents,
        cohorts.kept_mrr_cents,
        cast(null as double) as monthly_nrr,
        cast(null as double) as monthly_grr,
        cast(null as double) as quick_ratio,
        cast(null as double) as quick_ratio_without_reactivation,
        -- The margin that the cohort has brought so far.
        cast(
            sum(cohorts.retained_mrr_cents) over (
                partition by
                    cohorts.cohort_month,
                    cohorts.segment_type,
                    cohorts.segment_value
                order by cohorts.date_month
                rows between unbounded preceding and current row
            ) as double
        ) * {{ var('gross_margin') }} / nullif(cohorts.base_customers, 0) as ltv_cents,
        costs.cac_cents

    from {{ ref('fct_cohort_mrr') }} as cohorts

    left join {{ ref('int_acquisition_costs') }} as costs
        on
            cohorts.cohort_month = costs.date_month
            and cohorts.segment_type = costs.segment_type
            and cohorts.segment_value = costs.segment_value

),

united as (

    select * from cohort_rows

    union all

    select * from all_rows

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

    from united

)

select * from final
