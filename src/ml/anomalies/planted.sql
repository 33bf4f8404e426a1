-- Planted days, and how many bills fell due on each that it can befall: those of one
-- plan where only its price was wrong.
with runs as (

    select
        user_id,
        spell_number,
        billing_interval,
        case when billing_interval = 'year' then 12 else 1 end as term_months,
        min(valid_from_date) as starts_on

    from intermediate.int_subscription_periods

    where is_paid

    group by user_id, spell_number, billing_interval

)

select
    planted.date,
    planted.last_date,
    cast(planted.kind as varchar) as kind,
    planted.factor,
    cast(count(periods.subscription_id) as double) as bills

from truth.anomaly_days as planted

left join runs
    on
        planted.date = cast(
            runs.starts_on + to_months(cast(
                round(date_diff('month', runs.starts_on, planted.date) / runs.term_months) * runs.term_months
                as integer
            )) as date
        )

-- The period that begins or goes on when the bill falls due.
left join intermediate.int_subscription_periods as periods
    on
        runs.user_id = periods.user_id
        and runs.spell_number = periods.spell_number
        and runs.billing_interval = periods.billing_interval
        and periods.is_paid
        and periods.valid_from_date <= planted.date
        and (periods.valid_to_date is null or periods.valid_to_date > planted.date)
        and (planted.plan is null or cast(planted.plan as varchar) = cast(periods.plan as varchar))

group by planted.date, planted.last_date, planted.kind, planted.factor

order by planted.date
