-- What the price says a period did to MRR agrees with how the source says it began.

select
    subscription_id,
    change_type,
    movement

from {{ ref('int_subscription_periods') }}

where
    is_paid
    and not (
        (change_type = 'new' and movement = 'new')
        or (change_type = 'reactivation' and movement = 'reactivation')
        or (change_type = 'upgrade' and movement in ('expansion', 'renewal'))
        or (change_type = 'downgrade' and movement in ('contraction', 'renewal'))
        or (
            change_type in ('renewal', 'price_change')
            and movement in ('renewal', 'expansion', 'contraction')
        )
    )
