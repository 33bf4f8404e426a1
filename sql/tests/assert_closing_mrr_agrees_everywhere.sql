-- A month's MRR is the same in the waterfall, summed over customers, over plans,
-- and on its last day in the driver tree.

with

from_waterfall as (

    select
        date_month,
        closing_mrr_cents,
        closing_customers

    from {{ ref('fct_mrr_waterfall') }}

    where segment_type = 'all'

),

from_customers as (

    select
        date_month,
        sum(mrr_cents) as mrr_cents,
        count(case when mrr_cents > 0 then 1 end) as customers

    from {{ ref('fct_customer_mrr_monthly') }}

    group by date_month

),

from_plans as (

    select
        date_month,
        sum(mrr_cents) as mrr_cents,
        sum(customers) as customers

    from {{ ref('fct_mrr') }}

    group by date_month

),

last_days as (

    select
        {{ month_start('date_day') }} as date_month,
        max_by(mrr_cents, date_day) as mrr_cents,
        max_by(paying_customers, date_day) as customers

    from {{ ref('north_star_metrics') }}

    group by {{ month_start('date_day') }}

)

select
    from_plans.date_month,
    from_plans.mrr_cents as mrr_by_plan_cents,
    from_waterfall.closing_mrr_cents,
    from_customers.mrr_cents as mrr_of_customers_cents,
    last_days.mrr_cents as mrr_of_last_day_cents

from from_plans

left join from_waterfall
    on from_plans.date_month = from_waterfall.date_month

left join from_customers
    on from_plans.date_month = from_customers.date_month

left join last_days
    on from_plans.date_month = last_days.date_month

where
    from_plans.mrr_cents <> coalesce(from_waterfall.closing_mrr_cents, 0)
    or from_plans.mrr_cents <> coalesce(from_customers.mrr_cents, 0)
    or from_plans.mrr_cents <> coalesce(last_days.mrr_cents, -1)
    or from_plans.customers <> coalesce(from_waterfall.closing_customers, 0)
    or from_plans.customers <> coalesce(from_customers.customers, 0)
    or from_plans.customers <> coalesce(last_days.customers, -1)
