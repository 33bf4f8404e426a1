-- Charges against what the contract says. A yearly plan that grows within its
-- year is charged for the rest of it only, so those charges have no agreed sum.
with charges as (

    select
        payments.attempted_date as date_day,
        cast(payments.gross_cents as double) as gross_cents,
        cast(
            subscriptions.monthly_price_cents
            * case when subscriptions.billing_interval = 'year' then 12 else 1 end as double
        ) as agreed_cents

    from intermediate.int_revenue_normalized as payments

    inner join staging.stg_subscriptions as subscriptions
        on payments.subscription_id = subscriptions.subscription_id

    where
        payments.status = 'succeeded'
        and not (
            subscriptions.change_type = 'upgrade' and subscriptions.billing_interval = 'year'
        )

),

days as (

    select
        date_day,
        cast(count(*) as double) as compared_charges,
        sum(gross_cents) / nullif(sum(agreed_cents), 0) as total_ratio,
        median(gross_cents / nullif(agreed_cents, 0)) as median_ratio,
        cast(
            count(case
                when gross_cents < 0.9 * agreed_cents or gross_cents > 1.1 * agreed_cents then 1
            end) as double
        ) / count(*) as off_contract_share

    from charges

    group by date_day

)

select
    flags.date_day as date,
    flags.revenue_cents,
    flags.is_anomaly as is_flagged,
    coalesce(days.compared_charges, 0) as compared_charges,
    coalesce(days.total_ratio, 1) as total_ratio,
    coalesce(days.median_ratio, 1) as median_ratio,
    coalesce(days.off_contract_share, 0) as off_contract_share

from advanced.anomaly_flags as flags

left join days
    on flags.date_day = days.date_day

order by flags.date_day
