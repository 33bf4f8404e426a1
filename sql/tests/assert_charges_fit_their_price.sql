-- No charge is far above what its period costs: the highest planted day brings
-- ten times the usual, a slip of the currency's unit a hundred times.

select
    payments.payment_id,
    payments.amount_cents,
    subscriptions.monthly_price_cents

from {{ ref('stg_payments') }} as payments

inner join {{ ref('stg_subscriptions') }} as subscriptions
    on payments.subscription_id = subscriptions.subscription_id

where
    payments.amount_cents
    > 10.5 * subscriptions.monthly_price_cents
    * case when subscriptions.billing_interval = 'year' then 12 else 1 end
