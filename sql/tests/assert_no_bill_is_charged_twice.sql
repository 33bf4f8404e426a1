-- The first attempts at a period's bills lie a billing interval apart. What was
-- collected again within a day is no bill of its own once it was refunded whole
-- (decision 0152); until then it is a customer's money, and fails here.

with

charges as (

    select
        payment_id,
        subscription_id,
        gross_cents,
        refunded_cents,
        {{ epoch_s('attempted_at') }} as attempted_s,
        lag(gross_cents) over (
            partition by subscription_id
            order by attempted_at nulls last, payment_id
        ) as last_gross_cents,
        lag({{ epoch_s('attempted_at') }}) over (
            partition by subscription_id
            order by attempted_at nulls last, payment_id
        ) as last_attempted_s

    from {{ ref('int_revenue_normalized') }}

    where
        is_attempt
        and attempt_no = 1

),

bills as (

    select
        payment_id,
        subscription_id,
        attempted_s,
        lag(attempted_s) over (
            partition by subscription_id
            order by attempted_s nulls last, payment_id
        ) as last_attempted_s

    from charges

    where not coalesce(
        gross_cents > 0
        and refunded_cents = gross_cents
        and last_gross_cents = gross_cents
        and attempted_s - last_attempted_s < 86400,
        false
    )

)

select * from bills where attempted_s - last_attempted_s < 20 * 86400
