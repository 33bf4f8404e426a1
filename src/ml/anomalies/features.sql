-- Bills that fell due beside what billing did of them. A bill falls due each month or
-- year from the first day of a run of paid periods, while it lasts. More seats in the
-- middle of a year are charged between, and are left out.
with as_of as (

    select max(date_day) as as_of from advanced.anomaly_flags

),

runs as (

    select
        user_id,
        spell_number,
        billing_interval,
        case when billing_interval = 'year' then 12 else 1 end as term_months,
        min(valid_from_date) as starts_on,
        case when count(valid_to_date) = count(*) then max(valid_to_date) end as ends_on

    from intermediate.int_subscription_periods

    where is_paid

    group by user_id, spell_number, billing_interval

),

terms as (

    select
        starts_on,
        ends_on,
        term_months,
        unnest(range(
            1 + date_diff('month', starts_on, coalesce(ends_on, as_of)) // term_months
        )) as number

    from runs

    cross join as_of

),

bills as (

    select
        cast(starts_on + to_months(cast(number * term_months as integer)) as date) as date_day,
        ends_on

    from terms

),

due as (

    select
        date_day,
        cast(count(*) as double) as bills

    from bills

    where ends_on is null or date_day < ends_on

    group by date_day

),

first_attempts as (

    select
        payments.attempted_date as date_day,
        payments.status = 'failed' as is_failed,
        cast(payments.amount_cents as double)
            / nullif(subscriptions.monthly_price_cents * payments.term_months, 0) as price_ratio

    from intermediate.int_revenue_normalized as payments

    inner join staging.stg_subscriptions as subscriptions
        on payments.subscription_id = subscriptions.subscription_id

    inner join intermediate.int_subscription_periods as periods
        on payments.subscription_id = periods.subscription_id

    inner join runs
        on
            periods.user_id = runs.user_id
            and periods.spell_number = runs.spell_number
            and periods.billing_interval = runs.billing_interval

    where
        payments.is_attempt
        and payments.attempt_no = 1
        and date_sub('month', runs.starts_on, payments.attempted_date) % runs.term_months = 0

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
