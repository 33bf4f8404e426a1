-- Paying customers are yesterday's, plus new and reactivated, less churned.

with

days as (

    select
        *,
        lag(paying_customers) over (order by date_day) as last_paying_customers

    from {{ ref('north_star_metrics') }}

)

select *

from days

where
    paying_customers
    <> coalesce(last_paying_customers, 0)
    + new_customers + reactivated_customers - churned_customers
