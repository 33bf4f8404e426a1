-- A subscription's services do not overlap: each bill begins where the last one ended, but
-- for more seats, which are paid from when they came to the end of the term. What was
-- collected again for the same service is no bill of its own once it was refunded whole
-- (decision 0152); until then it is a customer's money, and fails here.

with

charges as (

    select
        payment_id,
        subscription_id,
        service_starts_at,
        service_ends_at,
        charge_number,
        is_whole_term,
        max(case when is_whole_term then service_ends_at end) over (
            partition by subscription_id
            order by service_starts_at, charge_number, payment_id
            rows between unbounded preceding and 1 preceding
        ) as served_until

    from {{ ref('int_revenue_normalized') }}

    where
        is_attempt
        and attempt_no = 1
        and not (charge_number > 1 and gross_cents > 0 and refunded_cents = gross_cents)

)

select *

from charges

where
    charge_number > 1
    or (is_whole_term and service_starts_at < served_until)
    or (not is_whole_term and coalesce(service_ends_at <> served_until, true))
