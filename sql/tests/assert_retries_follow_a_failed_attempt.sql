-- Attempts at a charge count up from 1, and only the last one can succeed.

with

attempts as (

    select
        payment_id,
        attempt_no,
        lag(attempt_no) over by_charge as last_attempt_no,
        lag(status) over by_charge as last_status

    from {{ ref('int_revenue_normalized') }}

    where is_attempt

    window by_charge as (
        partition by subscription_id, charge_id
        order by attempted_at nulls last, payment_id
    )

)

select *

from attempts

where
    attempt_no <> coalesce(last_attempt_no, 0) + 1
    or last_status = 'succeeded'
