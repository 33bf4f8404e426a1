{% set segment_types = ['all', 'plan', 'channel', 'country', 'company_size'] %}

-- A cohort's base is its MRR at the end of its first paying month
-- (decision 0023).

with

paying_months as (

    select * from {{ ref('fct_customer_mrr_monthly') }} where mrr_cents > 0

),

-- What customers paid at first, with the segments they had then.
bases as (

    select * from paying_months where months_since_first_payment = 0

),

-- What the same customers pay later; those who left bring nothing.
customer_months as (

    select
        bases.cohort_month,
        paying_months.months_since_first_payment as months_since_base,
        bases.plan,
        bases.channel,
        bases.country,
        bases.company_size,
        paying_months.mrr_cents,
        least(paying_months.mrr_cents, bases.mrr_cents) as kept_mrr_cents

    from paying_months

    inner join bases
        on paying_months.user_id = bases.user_id

),

aggregated as (

    select
        cohort_month,
        months_since_base,
        segment_type,
        segment_value,
        count(*) as customers,
        sum(mrr_cents) as mrr_cents,
        sum(kept_mrr_cents) as kept_mrr_cents

    from ({{ rows_by_segment('customer_months', ['cohort_month', 'months_since_base', 'mrr_cents', 'kept_mrr_cents'], segment_types) }}) as segmented

    group by
        cohort_month,
        months_since_base,
        segment_type,
        segment_value

),

-- Every cohort at every month up to as_of, also after its last customer left.
cohort_months as (

    select
        cohort_month,
        segment_type,
        segment_value,
        customers as base_customers,
        mrr_cents as base_mrr_cents,
        {{ explode_range(month_index(as_of_date()) ~ ' - ' ~ month_index('cohort_month') ~ ' + 1') }}
            as months_since_base

    from aggregated

    where months_since_base = 0

),

final as (

    select
        cast(cohort_months.cohort_month as date) as cohort_month,
        {{ month_from_index('(' ~ month_index('cohort_months.cohort_month') ~ ' + cohort_months.months_since_base)') }}
            as date_month,
        cast(cohort_months.months_since_base as int) as months_since_base,
        cast(cohort_months.segment_type as string) as segment_type,
        cast(cohort_months.segment_value as string) as segment_value,
        cast(cohort_months.base_customers as bigint) as base_customers,
        cast(coalesce(aggregated.customers, 0) as bigint) as customers,
        cast(cohort_months.base_mrr_cents as bigint) as base_mrr_cents,
        cast(coalesce(aggregated.mrr_cents, 0) as bigint) as retained_mrr_cents,
        cast(coalesce(aggregated.kept_mrr_cents, 0) as bigint) as kept_mrr_cents

    from cohort_months

    left join aggregated
        on
            cohort_months.cohort_month = aggregated.cohort_month
            and cohort_months.months_since_base = aggregated.months_since_base
            and cohort_months.segment_type = aggregated.segment_type
            and cohort_months.segment_value = aggregated.segment_value

)

select * from final
