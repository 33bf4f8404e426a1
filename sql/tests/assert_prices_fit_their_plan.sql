-- A seat costs about the same in all periods of a plan and interval; a price
-- rise leaves room for half as much again. A discount is not above the bill.

with

seats as (

    select
        period_id,
        plan,
        billing_interval,
        unit_price_cents,
        discount_cents,
        bill_cents

    from {{ ref('stg_subscriptions') }}

    where
        plan is not null
        and unit_price_cents > 0

),

plans as (

    select
        plan,
        billing_interval,
        median(unit_price_cents) as usual_price_cents

    from seats

    group by
        plan,
        billing_interval

)

select
    seats.period_id,
    seats.plan,
    seats.unit_price_cents,
    seats.discount_cents,
    plans.usual_price_cents

from seats

inner join plans
    on
        seats.plan = plans.plan
        and seats.billing_interval = plans.billing_interval

where
    seats.unit_price_cents > 1.6 * plans.usual_price_cents + 1
    or seats.unit_price_cents < plans.usual_price_cents / 1.6 - 1
    or seats.discount_cents < 0
    or seats.bill_cents < 0
