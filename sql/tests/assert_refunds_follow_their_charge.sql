-- A refund or dispute points at a collected charge of the same payer, made before
-- it; what went back of a charge stays within its amount. A dispute is about all
-- of the charge.

select
    refunds.payment_id,
    refunds.refund_of

from {{ ref('stg_payments') }} as refunds

left join {{ ref('int_revenue_normalized') }} as charges
    on refunds.refund_of = charges.payment_id

where
    refunds.status in ('refunded', 'disputed', 'dispute_won')
    and not coalesce(
        charges.status = 'succeeded'
        and charges.user_id = refunds.user_id
        and charges.attempted_at <= refunds.attempted_at
        and charges.refunded_cents + charges.disputed_cents <= charges.amount_cents
        and charges.disputed_cents >= 0
        and (
            refunds.status = 'refunded'
            or refunds.amount_cents = charges.amount_cents
        ),
        false
    )
