-- A seat costs about the same in all periods of a plan and interval; a price
-- rise leaves room for half as much again.

with

seats as (

    select
        subscription_id,
        plan,
        billing_interval,
        cast(monthly_price_cents as double) / nullif(seats, 0) as seat_price_cents

    from {{ ref('stg_subscriptions') }}

    where monthly_price_cents > 0

),

plans as (

    select
        plan,
        billing_interval,
        median(seat_price_cents) as usual_price_cents

    from seats

    group by
        plan,
        billing_interval

)

select
    seats.subscription_id,
    seats.plan,
    seats.seat_price_cents,
    plans.usual_price_cents

from seats

inner join plans
    on
        seats.plan = plans.plan
        and seats.billing_interval = plans.billing_interval

where
    seats.seat_price_cents > 1.6 * plans.usual_price_cents + 1
    or seats.seat_price_cents < plans.usual_price_cents / 1.6 - 1
