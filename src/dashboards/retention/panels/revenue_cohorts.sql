{#- What the customers of each cohort still pay, and of all cohorts together. -#}
with

balances as (

    select
        months.cohort_index,
        months.month_number,
        count(*) as customers,
        sum(months.mrr_cents) as mrr_cents,
        sum(months.kept_mrr_cents) as kept_mrr_cents

    from serving.srv_customer_months as months

    where
        {{ months('months.cohort_month') }}
        and {{ users('months') }}

    group by 1, 2

),

-- Every cohort at every month up to the last, also after its last customer left.
observed as (

    select
        cohort_index,
        customers,
        mrr_cents as base_mrr_cents,
        unnest(range(0, least({{ last_month_index }} - cohort_index, 24) + 1)) as month_number

    from balances

    where month_number = 0

),

cohorts as (

    select
        cast(
            date_trunc('{{ cohort }}', date '2000-01-01' + to_months(observed.cohort_index)) as date
        ) as cohort_date,
        observed.month_number,
        sum(observed.customers) as customers,
        sum(observed.base_mrr_cents) as base_mrr_cents,
        sum(coalesce(balances.mrr_cents, 0)) as retained_mrr_cents,
        sum(coalesce(balances.kept_mrr_cents, 0)) as kept_mrr_cents,
        -- The youngest customers' month is the latest.
        max(observed.cohort_index + observed.month_number) <= {{ last_whole_month_index }} as is_over

    from observed

    left join balances
        on
            observed.cohort_index = balances.cohort_index
            and observed.month_number = balances.month_number

    group by 1, 2

),

sized as (

    select
        cohort_date,
        month_number,
        max(customers) over (partition by cohort_date) as cohort_customers,
        customers,
        base_mrr_cents,
        retained_mrr_cents,
        kept_mrr_cents,
        is_over and customers = max(customers) over (partition by cohort_date)
        and cast(cohort_date + interval 1 {{ cohort }} as date) - 1 <= date '{{ as_of }}' as is_complete

    from cohorts

),

with_all as (

    select
        cast(null as date) as cohort_date,
        month_number,
        sum(cohort_customers) as cohort_customers,
        sum(customers) as customers,
        sum(base_mrr_cents) as base_mrr_cents,
        sum(retained_mrr_cents) as retained_mrr_cents,
        sum(kept_mrr_cents) as kept_mrr_cents,
        true as is_complete

    from sized

    -- What is observed in part is left out of the mean.
    where is_complete

    group by month_number

    union all

    select * from sized

)

select
    cohort_date,
    cast(month_number as int) as month_number,
    cast(cohort_customers as bigint) as cohort_customers,
    cast(customers as bigint) as customers,
    cast(base_mrr_cents as bigint) as base_mrr_cents,
    cast(retained_mrr_cents as bigint) as retained_mrr_cents,
    cast(kept_mrr_cents as bigint) as kept_mrr_cents,
    cast(retained_mrr_cents as double) / nullif(base_mrr_cents, 0) as nrr,
    cast(kept_mrr_cents as double) / nullif(base_mrr_cents, 0) as grr,
    is_complete

from with_all

order by
    cohort_date nulls first,
    month_number
