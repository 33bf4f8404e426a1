-- The first attempts at a period's bills lie a billing interval apart.

with

charges as (

    select
        payment_id,
        subscription_id,
        {{ epoch_s('attempted_at') }} as attempted_s,
        lag({{ epoch_s('attempted_at') }}) over (
            partition by subscription_id
            order by attempted_at nulls last, payment_id
        ) as last_attempted_s

    from {{ ref('stg_payments') }}

    where
        status not in ('refunded', 'disputed', 'dispute_won')
        and attempt_no = 1

)

select * from charges where attempted_s - last_attempted_s < 20 * 86400
