-- A monthly plan is charged at least every 31 days, from the first day of its
-- period on. What was collected again within a day and refunded whole stands for no
-- bill (decision 0152).

with

first_attempts as (

    select
        subscription_id,
        gross_cents,
        refunded_cents,
        {{ epoch_s('attempted_at') }} as attempted_s,
        lag(gross_cents) over (
            partition by subscription_id
            order by attempted_at nulls last, payment_id
        ) as last_gross_cents,
        lag({{ epoch_s('attempted_at') }}) over (
            partition by subscription_id
            order by attempted_at nulls last, payment_id
        ) as last_attempted_s

    from {{ ref('int_revenue_normalized') }}

    where
        is_attempt
        and attempt_no = 1

),

charges as (

    select
        subscription_id,
        count(*) as count_charges

    from first_attempts

    where not coalesce(
        gross_cents > 0
        and refunded_cents = gross_cents
        and last_gross_cents = gross_cents
        and attempted_s - last_attempted_s < 86400,
        false
    )

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
