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

-- Terms are counted from the first day of a run of paid periods, so that a
-- charge in mid-term (more seats) is for the rest of the term. Service ends with
-- the run, if it has ended.
paid_runs as (

    select
        user_id,
        spell_number,
        billing_interval,
        min(valid_from_date) as starts_on,
        case
            when count(valid_to_date) = count(*) then max(valid_to_date)
        end as ends_on

    from {{ ref('int_subscription_periods') }}

    where is_paid

    group by
        user_id,
        spell_number,
        billing_interval

),

runs as (

    select
        periods.subscription_id,
        paid_runs.starts_on,
        paid_runs.ends_on

    from {{ ref('int_subscription_periods') }} as periods

    inner join paid_runs
        on
            periods.user_id = paid_runs.user_id
            and periods.spell_number = paid_runs.spell_number
            and periods.billing_interval = paid_runs.billing_interval

    where periods.is_paid

),

-- A first attempt opens a charge; its retries follow it within the subscription.
attempts_with_charge_numbers as (

    select
        payment_id,
        subscription_id,
        status,
        attempted_date,
        sum(case when attempt_no = 1 then 1 else 0 end) over (
            partition by subscription_id
            order by attempted_at nulls last, payment_id
            rows between unbounded preceding and current row
        ) as charge_number

    from payments

    where status not in ('refunded', 'disputed', 'dispute_won')

),

attempts as (

    select
        payment_id,
        min(payment_id) over (
            partition by subscription_id, charge_number
        ) as charge_id,
        min(attempted_date) over (
            partition by subscription_id, charge_number
        ) as billed_date,
        max(case when status = 'succeeded' then 1 else 0 end) over (
            partition by subscription_id, charge_number
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
        coalesce(subscriptions.plan, 'unknown') as plan,
        subscriptions.billing_interval,
        attempts.charge_id,
        coalesce(attempts.is_collected, false) as is_collected,
        payments.status = 'succeeded' as is_succeeded,
        payments.status = 'failed' as is_failed,
        payments.status not in ('refunded', 'disputed', 'dispute_won') as is_attempt,
        coalesce(reversals.refunded_cents, 0) as refunded_cents,
        coalesce(reversals.disputed_cents, 0) as disputed_cents,
        case when subscriptions.billing_interval = 'year' then 12 else 1 end
            as term_months,
        coalesce(attempts.billed_date, payments.attempted_date) as billed_date,
        runs.starts_on,
        runs.ends_on

    from payments

    left join subscriptions
        on payments.subscription_id = subscriptions.subscription_id

    left join runs
        on payments.subscription_id = runs.subscription_id

    left join attempts
        on payments.payment_id = attempts.payment_id

    left join reversals
        on payments.payment_id = reversals.refund_of

),

-- Where no run is known, or the bill is from before it, the bill begins a term.
anchored as (

    select
        *,
        case
            when starts_on <= billed_date then starts_on
            else billed_date
        end as anchor_date

    from joined

),

termed as (

    select
        *,
        term_months
            * (1 + cast(floor({{ whole_months('anchor_date', 'billed_date') }} / nullif(term_months, 0)) as int))
            as months_to_term_end

    from anchored

),

served as (

    select
        *,
        billed_date as service_start_date,
        -- The first day that is no longer paid for, at least a day later.
        greatest(
            billed_date + cast(1 as int),
            least(
                {{ add_months('anchor_date', 'months_to_term_end') }},
                coalesce(ends_on, {{ add_months('anchor_date', 'months_to_term_end') }})
            )
        ) as service_end_date

    from termed

),

measured as (

    select
        *,
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
        cast(term_months as int) as term_months,
        case when is_attempt then cast(service_start_date as date) end
            as service_start_date,
        case when is_attempt then cast(service_end_date as date) end
            as service_end_date,
        cast(recognized_to_date_cents as bigint) as recognized_to_date_cents,
        cast(kept_cents - recognized_to_date_cents as bigint) as deferred_cents

    from recognized

)

select * from final
