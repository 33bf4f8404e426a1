-- What the price says a period did to MRR agrees with how the source says it began.
-- Between plans whose seats cost about the same, or are priced the other way
-- round, a move up may bring less and one down more. A price rise that reaches a
-- customer at the same bill can outweigh seats given up; it leaves room for half
-- as much again (assert_prices_fit_their_plan holds prices of seats).

with

usual_prices as (

    select
        plan,
        median(cast(monthly_price_cents as double) / nullif(seats, 0)) as seat_price_cents

    from {{ ref('stg_subscriptions') }}

    where monthly_price_cents > 0

    group by plan

),

paid_periods as (

    select
        *,
        lag(seats) over (
            partition by user_id
            order by paid_period_number nulls last
        ) as previous_seats

    from {{ ref('int_subscription_periods') }}

    where is_paid

),

periods as (

    select
        periods.subscription_id,
        periods.change_type,
        periods.movement,
        coalesce(
            new_prices.seat_price_cents <= 1.6 * old_prices.seat_price_cents
            and periods.plan <> periods.previous_plan, false
        ) as may_bring_less,
        coalesce(
            case
                when periods.plan = periods.previous_plan
                    then periods.seats < periods.previous_seats
                else old_prices.seat_price_cents <= 1.6 * new_prices.seat_price_cents
            end, false
        ) as may_bring_more

    from paid_periods as periods

    left join usual_prices as new_prices
        on periods.plan = new_prices.plan

    left join usual_prices as old_prices
        on periods.previous_plan = old_prices.plan

)

select
    subscription_id,
    change_type,
    movement

from periods

where
    not (
        (change_type = 'new' and movement = 'new')
        or (change_type = 'reactivation' and movement = 'reactivation')
        or (change_type = 'upgrade' and movement in ('expansion', 'renewal'))
        or (change_type = 'upgrade' and movement = 'contraction' and may_bring_less)
        or (change_type = 'downgrade' and movement in ('contraction', 'renewal'))
        or (change_type = 'downgrade' and movement = 'expansion' and may_bring_more)
        or (
            change_type in ('renewal', 'price_change')
            and movement in ('renewal', 'expansion', 'contraction')
        )
    )
