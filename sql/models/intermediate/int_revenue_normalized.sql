with

payments as (

    select * from {{ ref('stg_payments') }}

),

subscriptions as (

    select
        subscription_id,
        plan,
        billing_interval

    from {{ ref('stg_subscriptions') }}

),

-- A first attempt opens a charge; its retries follow it within the subscription.
attempts_with_charge_numbers as (

    select
        payment_id,
        subscription_id,
        status,
        sum(case when attempt_no = 1 then 1 else 0 end) over (
            partition by subscription_id
            order by attempted_at nulls last, payment_id
            rows between unbounded preceding and current row
        ) as charge_number

    from payments

    where status <> 'refunded'

),

attempts as (

    select
        payment_id,
        min(payment_id) over (
            partition by subscription_id, charge_number
        ) as charge_id,
        max(case when status = 'succeeded' then 1 else 0 end) over (
            partition by subscription_id, charge_number
        ) = 1 as is_collected

    from attempts_with_charge_numbers

),

refunds as (

    select
        refund_of,
        sum(amount_cents) as refunded_cents,
        count(*) as count_refunds

    from payments

    where
        status = 'refunded'
        and refund_of is not null

    group by refund_of

),

joined as (

    select
        payments.*,
        coalesce(subscriptions.plan, 'unknown') as plan,
        subscriptions.billing_interval,
        attempts.charge_id,
        coalesce(attempts.is_collected, false) as is_collected,
        payments.status = 'succeeded' as is_succeeded,
        payments.status = 'failed' as is_failed,
        payments.status = 'refunded' as is_refund,
        coalesce(refunds.refunded_cents, 0) as refunded_cents,
        case when subscriptions.billing_interval = 'year' then 12 else 1 end
            as recognition_months,
        {{ month_index('payments.attempted_at') }} as paid_month_index,
        {{ month_index(as_of_date()) }} as as_of_month_index

    from payments

    left join subscriptions
        on payments.subscription_id = subscriptions.subscription_id

    left join attempts
        on payments.payment_id = attempts.payment_id

    left join refunds
        on payments.payment_id = refunds.refund_of

),

measured as (

    select
        *,
        case when is_succeeded then amount_cents else 0 end as gross_cents,
        least(
            recognition_months,
            as_of_month_index - paid_month_index + 1
        ) as months_recognized

    from joined

),

recognized as (

    select
        *,
        cast(floor(gross_cents / nullif(recognition_months, 0)) as bigint)
            as recognized_monthly_cents,
        -- The last month takes what rounding left over.
        case
            when months_recognized >= recognition_months then gross_cents
            else cast(floor(gross_cents / nullif(recognition_months, 0)) as bigint)
                * months_recognized
        end as recognized_to_date_cents

    from measured

),

final as (

    select
        payment_id,
        subscription_id,
        user_id,
        attempted_at,
        attempted_date,
        {{ month_start('attempted_at') }} as date_month,
        cast(plan as string) as plan,
        billing_interval,
        status,
        failure_code,
        attempt_no,
        method,
        refund_of,
        cast(charge_id as bigint) as charge_id,
        amount_cents,
        cast(gross_cents as bigint) as gross_cents,
        cast(
            case when is_succeeded then refunded_cents else 0 end as bigint
        ) as refunded_cents,
        cast(
            case when is_succeeded then amount_cents - refunded_cents else 0 end
            as bigint
        ) as net_cents,
        cast(case when is_failed then amount_cents else 0 end as bigint)
            as failed_cents,
        cast(
            case when is_succeeded and attempt_no > 1 then amount_cents else 0 end
            as bigint
        ) as recovered_cents,
        cast(is_refund as boolean) as is_refund,
        cast(is_succeeded and attempt_no > 1 as boolean) as is_recovered,
        cast(is_collected as boolean) as is_charge_collected,
        cast(recognition_months as int) as recognition_months,
        cast(recognized_monthly_cents as bigint) as recognized_monthly_cents,
        cast(recognized_to_date_cents as bigint) as recognized_to_date_cents,
        cast(gross_cents - recognized_to_date_cents as bigint) as deferred_cents

    from recognized

)

select * from final
