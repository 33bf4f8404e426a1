-- Planted days, and how many bills fell due on each that it can befall: those of one
-- plan where only its price was wrong. An invoice falls due as many days after its service
-- began as the subscription's invoices leave to pay them.
with first_attempts as (

    select
        subscription_id,
        -- An add-on is of no plan, and so is charged what was agreed.
        case when product = 'platform' then plan end as plan,
        service_starts_at,
        service_start_date,
        attempted_date

    from intermediate.int_revenue_normalized

    where
        is_attempt
        and attempt_no = 1
        and is_whole_term

),

invoices as (

    select
        subscription_id,
        min(date_diff('day', service_start_date, attempted_date)) as days_to_pay

    from first_attempts

    group by subscription_id

),

bills as (

    select
        first_attempts.subscription_id,
        first_attempts.service_starts_at,
        any_value(first_attempts.plan) as plan,
        any_value(first_attempts.service_start_date + cast(invoices.days_to_pay as integer)) as due_on

    from first_attempts

    inner join invoices
        on first_attempts.subscription_id = invoices.subscription_id

    group by first_attempts.subscription_id, first_attempts.service_starts_at

)

select
    planted.date,
    planted.last_date,
    cast(planted.kind as varchar) as kind,
    planted.factor,
    cast(count(bills.subscription_id) as double) as bills

from truth.anomaly_days as planted

left join bills
    on
        planted.date = bills.due_on
        and (planted.plan is null or cast(planted.plan as varchar) = bills.plan)

group by planted.date, planted.last_date, planted.kind, planted.factor

order by planted.date
