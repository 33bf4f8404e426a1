-- A refund points at a collected charge of the same payer, made before it, and
-- refunds of a charge stay within its amount.

select
    refunds.payment_id,
    refunds.refund_of

from {{ ref('stg_payments') }} as refunds

left join {{ ref('int_revenue_normalized') }} as charges
    on refunds.refund_of = charges.payment_id

where
    refunds.status = 'refunded'
    and not coalesce(
        charges.status = 'succeeded'
        and charges.user_id = refunds.user_id
        and charges.attempted_at <= refunds.attempted_at
        and charges.refunded_cents <= charges.amount_cents,
        false
    )
