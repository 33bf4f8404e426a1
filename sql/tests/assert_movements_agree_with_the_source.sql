-- What the price says a period did to MRR agrees with how the source says it began.
-- Between plans whose seats cost about the same, or are priced the other way
-- round, a move up may bring less and one down more. A price rise that reaches a
-- customer at the same bill can outweigh seats given up; it leaves room for half
-- as much again (assert_prices_fit_their_plan holds prices of seats). An add-on is an
-- expansion when it comes and a contraction when it goes.

with

usual_prices as (

    select
        plan,
        median(cast(monthly_price_cents - add_on_price_cents as double) / nullif(seats, 0))
            as seat_price_cents

    from {{ ref('int_subscription_periods') }}

    where is_paid

    group by plan

),

paid_periods as (

    select
        *,
        lag(seats) over by_user as previous_seats,
        add_on_price_cents <> lag(add_on_price_cents) over by_user as add_on_changes

    from {{ ref('int_subscription_periods') }}

    where is_paid

    window by_user as (
        partition by user_id
        order by paid_period_number nulls last
    )

),

periods as (

    select
        periods.user_id,
        periods.valid_from,
        periods.change_type,
        periods.movement,
        coalesce(periods.add_on_changes, false) as add_on_changes,
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
    user_id,
    valid_from,
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
        or (change_type = 'add_on' and movement = 'expansion')
        or (change_type = 'add_on_end' and movement = 'contraction')
        -- An add-on that comes or goes with the plan's change can outweigh it.
        or (add_on_changes and movement in ('renewal', 'expansion', 'contraction'))
    )
