with

payments as (

    select * from {{ ref('stg_payments') }}

),

-- A period of a subscription lasts until the next one begins, whatever it says of itself.
periods as (

    select
        period_id,
        subscription_id,
        product,
        plan,
        billing_interval,
        billing_months,
        bill_cents,
        started_at as valid_from,
        least(
            coalesce(ended_at, lead(started_at) over by_subscription),
            coalesce(lead(started_at) over by_subscription, ended_at)
        ) as valid_to

    from {{ ref('stg_subscriptions') }}

    window by_subscription as (
        partition by subscription_id
        order by started_at, period_id
    )

),

-- Service ends with the subscription, if it has ended.
subscriptions as (

    select
        subscription_id,
        case
            when count(ended_at) = count(*) then max(cast(ended_at as date))
        end as ends_on

    from {{ ref('stg_subscriptions') }}

    group by subscription_id

),

-- What goes back is of the period that was charged.
served_payments as (

    select
        payments.payment_id,
        payments.subscription_id,
        payments.user_id,
        coalesce(payments.service_starts_at, charges.service_starts_at) as served_from

    from payments

    left join payments as charges
        on payments.refund_of = charges.payment_id

),

holdings as (

    select
        user_id,
        plan,
        valid_from,
        coalesce(valid_to, cast('9999-12-31' as timestamp)) as valid_to

    from {{ ref('int_subscription_periods') }}

),

payments_with_products as (

    select
        served_payments.payment_id,
        served_payments.served_from,
        periods.period_id,
        periods.product,
        periods.plan,
        periods.billing_interval,
        periods.billing_months,
        periods.bill_cents,
        -- Only these have to be looked for: what joins compare is then columns alone, which
        -- keeps a hash join one.
        case when periods.plan is null then served_payments.user_id end as user_without_plan_id

    from served_payments

    inner join periods
        on
            served_payments.subscription_id = periods.subscription_id
            and served_payments.served_from >= periods.valid_from
            and (periods.valid_to is null or served_payments.served_from < periods.valid_to)

),

-- An add-on is of no plan: it counts to the plan that the customer has beside it, as in MRR.
payments_with_periods as (

    select
        payments.payment_id,
        payments.period_id,
        payments.product,
        coalesce(payments.plan, holdings.plan) as plan,
        payments.billing_interval,
        payments.billing_months,
        payments.bill_cents

    from payments_with_products as payments

    left join holdings
        on
            payments.user_without_plan_id = holdings.user_id
            and payments.served_from >= holdings.valid_from
            and payments.served_from < holdings.valid_to

),

-- A first attempt opens a charge; its retries follow it, for the same service.
attempts_with_charge_numbers as (

    select
        payment_id,
        subscription_id,
        service_starts_at,
        status,
        sum(case when attempt_no = 1 then 1 else 0 end) over (
            partition by subscription_id, service_starts_at
            order by attempted_at nulls last, payment_id
            rows between unbounded preceding and current row
        ) as charge_number

    from payments

    where status not in ('refunded', 'disputed', 'dispute_won')

),

attempts as (

    select
        payment_id,
        charge_number,
        min(payment_id) over (
            partition by subscription_id, service_starts_at, charge_number
        ) as charge_id,
        max(case when status = 'succeeded' then 1 else 0 end) over (
            partition by subscription_id, service_starts_at, charge_number
        ) = 1 as is_collected

    from attempts_with_charge_numbers

),

-- A dispute takes the whole charge; what the company wins comes back.
reversals as (

    select
        refund_of,
        sum(case when status = 'refunded' then amount_cents else 0 end) as refunded_cents,
        sum(
            case
                when status = 'disputed' then amount_cents
                when status = 'dispute_won' then -amount_cents
                else 0
            end
        ) as disputed_cents

    from payments

    where
        status in ('refunded', 'disputed', 'dispute_won')
        and refund_of is not null

    group by refund_of

),

joined as (

    select
        payments.*,
        periods.period_id,
        coalesce(periods.product, 'unknown') as product,
        coalesce(periods.plan, 'unknown') as plan,
        periods.billing_interval,
        periods.billing_months,
        periods.bill_cents,
        attempts.charge_id,
        attempts.charge_number,
        coalesce(attempts.is_collected, false) as is_collected,
        payments.status = 'succeeded' as is_succeeded,
        payments.status = 'failed' as is_failed,
        payments.status not in ('refunded', 'disputed', 'dispute_won') as is_attempt,
        coalesce(reversals.refunded_cents, 0) as refunded_cents,
        coalesce(reversals.disputed_cents, 0) as disputed_cents,
        coalesce(
            cast(payments.service_starts_at as date), payments.attempted_date
        ) as service_start_date,
        least(
            coalesce(cast(payments.service_ends_at as date), subscriptions.ends_on),
            coalesce(subscriptions.ends_on, cast(payments.service_ends_at as date))
        ) as served_until

    from payments

    left join payments_with_periods as periods
        on payments.payment_id = periods.payment_id

    left join subscriptions
        on payments.subscription_id = subscriptions.subscription_id

    left join attempts
        on payments.payment_id = attempts.payment_id

    left join reversals
        on payments.payment_id = reversals.refund_of

),

served as (

    select
        *,
        -- The first day that is no longer paid for, at least a day later.
        greatest(
            service_start_date + cast(1 as int),
            coalesce(served_until, service_start_date + cast(1 as int))
        ) as service_end_date

    from joined

),

measured as (

    select
        *,
        -- A bill for more seats in mid-term is for less than a term.
        coalesce(
            {{ day_diff('cast(service_starts_at as date)', 'cast(service_ends_at as date)') }}
            >= 30 * billing_months - 2,
            false
        ) as is_whole_term,
        case when is_succeeded then amount_cents else 0 end as gross_cents,
        case
            when is_succeeded then amount_cents - refunded_cents - disputed_cents
            else 0
        end as kept_cents,
        {{ day_diff('service_start_date', 'service_end_date') }} as service_days,
        least(
            {{ day_diff('service_start_date', 'service_end_date') }},
            {{ day_diff('service_start_date', as_of_date()) }} + 1
        ) as served_days

    from served

),

-- Day by day; what was paid back or lost to a dispute was neither earned nor is it
-- still to be (decision 0130).
recognized as (

    select
        *,
        cast(floor(kept_cents * cast(served_days as double) / nullif(service_days, 0)) as bigint)
            as recognized_to_date_cents

    from measured

),

final as (

    select
        payment_id,
        subscription_id,
        period_id,
        user_id,
        attempted_at,
        attempted_date,
        {{ month_start('attempted_at') }} as date_month,
        cast(product as string) as product,
        cast(plan as string) as plan,
        billing_interval,
        currency,
        status,
        failure_code,
        attempt_no,
        method,
        refund_of,
        cast(charge_id as bigint) as charge_id,
        -- The second charge of a service is one too many.
        cast(charge_number as int) as charge_number,
        amount_cents,
        cast(gross_cents as bigint) as gross_cents,
        cast(
            case when is_succeeded then refunded_cents else 0 end as bigint
        ) as refunded_cents,
        cast(
            case when is_succeeded then disputed_cents else 0 end as bigint
        ) as disputed_cents,
        cast(kept_cents as bigint) as net_cents,
        cast(case when is_failed then amount_cents else 0 end as bigint)
            as failed_cents,
        cast(
            case when is_succeeded and attempt_no > 1 then amount_cents else 0 end
            as bigint
        ) as recovered_cents,
        cast(is_attempt as boolean) as is_attempt,
        cast(is_succeeded and attempt_no > 1 as boolean) as is_recovered,
        cast(is_collected as boolean) as is_charge_collected,
        cast(billing_months as int) as billing_months,
        cast(bill_cents as bigint) as bill_cents,
        cast(is_whole_term as boolean) as is_whole_term,
        case when is_attempt then service_starts_at end as service_starts_at,
        case when is_attempt then service_ends_at end as service_ends_at,
        case when is_attempt then cast(service_start_date as date) end
            as service_start_date,
        case when is_attempt then cast(service_end_date as date) end
            as service_end_date,
        cast(recognized_to_date_cents as bigint) as recognized_to_date_cents,
        cast(kept_cents - recognized_to_date_cents as bigint) as deferred_cents

    from recognized

)

select * from final
