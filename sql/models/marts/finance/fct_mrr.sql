with

customer_months as (

    select
        date_month,
        plan,
        sum(mrr_cents) as mrr_cents,
        count(*) as customers

    from {{ ref('fct_customer_mrr_monthly') }}

    where mrr_cents > 0

    group by
        date_month,
        plan

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

paid_plans as (

    select
        plan,
        tier

    from {{ ref('plan_details') }}

    where tier > 0

),

months_by_plan as (

    select
        {{ month_from_index('(months.first_month_index + months.months_later)') }}
            as date_month,
        paid_plans.plan,
        paid_plans.tier

    from months

    cross join paid_plans

),

final as (

    select
        months_by_plan.date_month,
        {{ is_month_over('months_by_plan.date_month') }} as is_complete,
        cast(months_by_plan.plan as string) as plan,
        cast(months_by_plan.tier as int) as tier,
        cast(coalesce(customer_months.mrr_cents, 0) as bigint) as mrr_cents,
        cast(coalesce(customer_months.mrr_cents, 0) * 12 as bigint) as arr_cents,
        cast(coalesce(customer_months.customers, 0) as bigint) as customers,
        cast(customer_months.mrr_cents as double)
            / nullif(customer_months.customers, 0) as arpu_cents

    from months_by_plan

    left join customer_months
        on
            months_by_plan.date_month = customer_months.date_month
            and months_by_plan.plan = customer_months.plan

)

select * from final
