{% set days_to_last_retry = 7 %}

with

payments as (

    select * from {{ ref('int_revenue_normalized') }}

),

users as (

    select * from {{ ref('stg_users') }}

),

charges as (

    select
        charge_id,
        count(*) as count_attempts,
        max(attempt_no) as last_attempt_no,
        min(attempted_at) as first_attempted_at,
        max(attempted_at) as last_attempted_at,
        max(attempted_date) as last_attempted_date

    from payments

    where is_attempt

    group by charge_id

),

final as (

    select
        payments.payment_id,
        payments.charge_id,
        payments.subscription_id,
        payments.user_id,
        payments.attempted_at,
        payments.attempted_date,
        payments.date_month,
        payments.product,
        payments.plan,
        payments.billing_interval,
        users.channel,
        users.country,
        users.company_size,
        payments.method,
        payments.status,
        payments.failure_code,
        payments.attempt_no,
        cast(charges.count_attempts as int) as count_attempts,
        cast(
            payments.attempted_at = charges.last_attempted_at as boolean
        ) as is_last_attempt,
        -- A charge that failed is lost once no retry can follow.
        cast(
            case
                when payments.status = 'refunded' then 'refund'
                when payments.status in ('disputed', 'dispute_won') then 'dispute'
                when payments.is_charge_collected and charges.last_attempt_no = 1
                    then 'paid_at_once'
                when payments.is_charge_collected then 'recovered'
                when
                    charges.last_attempt_no < 4
                    and {{ day_diff('charges.last_attempted_date', as_of_date()) }}
                    < {{ days_to_last_retry }}
                    then 'in_dunning'
                else 'lost'
            end as string
        ) as dunning_outcome,
        case
            when payments.is_recovered
                then cast(
                    {{ epoch_s('payments.attempted_at') }}
                    - {{ epoch_s('charges.first_attempted_at') }} as double
                ) / 86400
        end as days_to_recovery,
        payments.amount_cents,
        payments.gross_cents,
        payments.refunded_cents,
        payments.disputed_cents,
        payments.net_cents,
        payments.failed_cents,
        payments.recovered_cents,
        payments.refund_of,
        cast(
            payments.gross_cents > 0
            and payments.refunded_cents = payments.gross_cents as boolean
        ) as is_fully_refunded

    from payments

    left join charges
        on payments.charge_id = charges.charge_id

    left join users
        on payments.user_id = users.user_id

)

select * from final
