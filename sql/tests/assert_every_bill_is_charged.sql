-- A monthly plan is charged at least every 31 days, from the first day of its
-- period on.

with

charges as (

    select
        subscription_id,
        count(*) as count_charges

    from {{ ref('stg_payments') }}

    where
        status not in ('refunded', 'disputed', 'dispute_won')
        and attempt_no = 1

    group by subscription_id

),

periods as (

    select
        subscription_id,
        {{ epoch_s('started_at') }} as starts_s,
        {{ epoch_s('coalesce(ended_at, ' ~ as_of_end() ~ ')') }} as ends_s

    from {{ ref('stg_subscriptions') }}

    where
        billing_interval = 'month'
        and monthly_price_cents > 0

)

select
    periods.subscription_id,
    coalesce(charges.count_charges, 0) as count_charges

from periods

left join charges
    on periods.subscription_id = charges.subscription_id

where
    coalesce(charges.count_charges, 0) * 31 * 86400
    < periods.ends_s - periods.starts_s
