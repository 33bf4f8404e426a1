-- What is kept of a charge is never above what its period costs: a price that was
-- too high for a day goes back by the difference (decision 0152). No attempt is far
-- above it: the highest wrong price is ten times the agreed one, a slip of the
-- currency's unit a hundred times.

select
    payments.payment_id,
    payments.status,
    payments.amount_cents,
    payments.refunded_cents,
    subscriptions.monthly_price_cents

from {{ ref('int_revenue_normalized') }} as payments

inner join {{ ref('stg_subscriptions') }} as subscriptions
    on payments.subscription_id = subscriptions.subscription_id

where
    payments.gross_cents - payments.refunded_cents
    > subscriptions.monthly_price_cents * payments.term_months
    or payments.amount_cents
    > 10.5 * subscriptions.monthly_price_cents * payments.term_months
