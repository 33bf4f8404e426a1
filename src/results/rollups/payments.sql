-- Every payment attempt, refund and step of a dispute; the plan is the one that was paid for.
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
    try_cast(payments.plan as enum ('free', 'starter', 'professional', 'enterprise')) as plan,
    users.channel,
    users.country,
    users.size,
    users.segment

from marts.fct_payments as payments

inner join rollups.users as users
    on payments.user_id = users.user_id

order by payments.attempted_date
