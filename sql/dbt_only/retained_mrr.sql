{{ config(materialized='view', schema='semantic') }}

{% set base_lag_months = 12 %}

-- Customers who paid twelve months before a month, with the plan they had then and what
-- they pay now (decision 0023). In the tab this is the rollup of the same name.

with

paying_months as (

    select
        user_id,
        {{ month_index('date_month') }} as month_number,
        plan,
        channel,
        mrr_cents

    from {{ ref('fct_customer_mrr_monthly') }}

    where mrr_cents > 0

),

final as (

    select
        year_ago.user_id,
        {{ month_from_index('(year_ago.month_number + ' ~ base_lag_months ~ ')') }} as date_month,
        year_ago.plan,
        year_ago.channel,
        year_ago.mrr_cents as base_mrr_cents,
        coalesce(today.mrr_cents, 0) as retained_mrr_cents,
        least(coalesce(today.mrr_cents, 0), year_ago.mrr_cents) as kept_mrr_cents

    from paying_months as year_ago

    left join paying_months as today
        on
            year_ago.user_id = today.user_id
            and year_ago.month_number + {{ base_lag_months }} = today.month_number

    where year_ago.month_number + {{ base_lag_months }} <= {{ month_index(as_of_date()) }}

)

select * from final
