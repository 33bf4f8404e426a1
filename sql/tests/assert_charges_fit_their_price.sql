-- What is kept of a charge is never above the bill that was agreed: a price that was
-- too high for a day goes back by the difference (decision 0152). No attempt is far
-- above it: the highest wrong price is ten times the agreed one, a slip of the
-- currency's unit a hundred times.

select
    payment_id,
    status,
    amount_cents,
    refunded_cents,
    bill_cents

from {{ ref('int_revenue_normalized') }}

where
    gross_cents - refunded_cents > bill_cents
    or amount_cents > 10.5 * bill_cents
