-- Bills that fell due beside what billing did of them. A subscription's bills fall due each term from its
-- first paid day on, while it lasts, or as many days later as its invoices leave to pay them. More seats in
-- the middle of a term are charged between, and are left out.
with as_of as (

    select max(date_day) as as_of from advanced.anomaly_flags

),

first_attempts as (

    select
        subscription_id,
        attempted_date as date_day,
        service_start_date,
        status = 'failed' as is_failed,
        cast(amount_cents as double) / nullif(bill_cents, 0) as price_ratio

    from intermediate.int_revenue_normalized

    where
        is_attempt
        and attempt_no = 1
        and is_whole_term

),

invoices as (

    select
        subscription_id,
        min(date_diff('day', service_start_date, date_day)) as days_to_pay

    from first_attempts

    group by subscription_id

),

subscriptions as (

    select
        subscriptions.subscription_id,
        min(subscriptions.billing_months) as billing_months,
        min(cast(subscriptions.started_at as date)) as starts_on,
        case
            when count(subscriptions.ended_at) = count(*)
                then max(cast(subscriptions.ended_at as date))
        end as ends_on,
        any_value(invoices.days_to_pay) as days_to_pay

    from staging.stg_subscriptions as subscriptions

    -- When the first invoice of a subscription is due is not known before.
    inner join invoices
        on subscriptions.subscription_id = invoices.subscription_id

    where subscriptions.bill_cents > 0

    group by subscriptions.subscription_id

),

terms as (

    select
        subscriptions.*,
        unnest(range(
            1 + date_diff('month', starts_on, coalesce(ends_on, as_of)) // billing_months
        )) as number

    from subscriptions

    cross join as_of

),

bills as (

    select
        cast(starts_on + to_months(cast(number * billing_months as integer)) as date) as starts_on,
        ends_on,
        days_to_pay

    from terms

),

due as (

    select
        starts_on + cast(days_to_pay as integer) as date_day,
        cast(count(*) as double) as bills

    from bills

    where ends_on is null or starts_on < ends_on

    group by 1

),

attempts as (

    select
        date_day,
        cast(count(*) as double) as attempts,
        cast(count(*) filter (where is_failed) as double) as failed,
        cast(count(*) filter (where abs(price_ratio - 1) > 0.01) as double) as off_price,
        median(price_ratio) as price_ratio

    from first_attempts

    group by date_day

),

usual as (

    select sum(failed) / sum(attempts) as failed_share from attempts

)

-- Days have few bills: half a bill on either side, and five usual attempts, keep a
-- single one from making a day odd.
select
    flags.date_day as date,
    flags.revenue_cents,
    flags.is_anomaly as is_flagged,
    coalesce(due.bills, 0) as bills,
    (coalesce(attempts.attempts, 0) + 0.5) / (coalesce(due.bills, 0) + 0.5) as attempted_ratio,
    (coalesce(attempts.failed, 0) + 5 * coalesce(usual.failed_share, 0))
        / (coalesce(attempts.attempts, 0) + 5) as failed_share,
    coalesce(attempts.off_price, 0) / (coalesce(attempts.attempts, 0) + 5) as off_price_share,
    coalesce(attempts.price_ratio, 1) as price_ratio

from advanced.anomaly_flags as flags

cross join usual

left join due
    on flags.date_day = due.date_day

left join attempts
    on flags.date_day = attempts.date_day

order by flags.date_day
