-- A subscription's services do not overlap: each bill begins where the last one ended, but
-- for more seats, which are paid from when they came to the end of the term. What was
-- collected again within a day, for the same service and amount, is no bill of its own once
-- it was refunded whole (decision 0152); until then it is a customer's money, and fails here.

with

first_attempts as (

    select
        payment_id,
        subscription_id,
        service_starts_at,
        service_ends_at,
        charge_number,
        is_whole_term,
        gross_cents,
        refunded_cents,
        {{ epoch_s('attempted_at') }} as attempted_s,
        lag(gross_cents) over by_service as last_gross_cents,
        lag({{ epoch_s('attempted_at') }}) over by_service as last_attempted_s

    from {{ ref('int_revenue_normalized') }}

    where
        is_attempt
        and attempt_no = 1

    window by_service as (
        partition by subscription_id, service_starts_at
        order by attempted_at nulls last, payment_id
    )

),

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

    from first_attempts

    where not coalesce(
        gross_cents > 0
        and refunded_cents = gross_cents
        and last_gross_cents = gross_cents
        and attempted_s - last_attempted_s < 86400,
        false
    )

)

select *

from charges

where
    charge_number > 1
    or (is_whole_term and service_starts_at < served_until)
    or (not is_whole_term and coalesce(service_ends_at <> served_until, true))
