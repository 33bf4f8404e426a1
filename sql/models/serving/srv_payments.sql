-- The plan is the one that was paid for.

with

payments as (

    select * from {{ ref('fct_payments') }}

),

users as (

    select * from {{ ref('srv_users') }}

),

final as (

    select
        payments.payment_id,
        payments.user_id,
        payments.attempted_date as date_day,
        payments.date_month,
        payments.status,
        payments.failure_code,
        payments.attempt_no,
        payments.is_last_attempt,
        payments.dunning_outcome,
        payments.amount_cents,
        payments.gross_cents,
        payments.refunded_cents,
        payments.disputed_cents,
        payments.net_cents,
        payments.failed_cents,
        payments.recovered_cents,
        {{ compact('payments.plan', 'plan') }} as plan,
        users.channel,
        users.country,
        users.size,
        users.segment

    from payments

    inner join users
        on payments.user_id = users.user_id

)

select * from final

order by date_day
