-- Each run of paid periods once, as advanced.subscription_survival counts them: whole months and the
-- part of the next that it lasted, and whether it ended with the customer leaving. The plan is the
-- run's first.
with

periods as (

    select
        *,
        row_number() over (
            partition by user_id, spell_number
            order by valid_from
        ) as period_number

    from intermediate.int_subscription_periods

    where is_paid

),

spells as (

    select
        user_id,
        spell_number,
        max(case when period_number = 1 then plan end) as first_plan,
        min(valid_from_date) as started_date,
        max(valid_to_date) as ended_date,
        bool_or(is_churn) as is_churned,
        max(coalesce(valid_to_date, date '{{ as_of }}')) as seen_until

    from periods

    group by 1, 2

),

-- The anniversary of a day that a month lacks is that month's last day.
with_anniversaries as (

    select
        *,
        least(day(started_date), day(last_day(seen_until))) as day_of_anniversary,
        day(seen_until - cast(day(seen_until) as int)) as days_of_month_before

    from spells

),

ages as (

    select
        *,
        (year(seen_until) - year(started_date)) * 12 + month(seen_until) - month(started_date)
        - case when day(seen_until) < day_of_anniversary then 1 else 0 end as months,
        case
            when day(seen_until) < day_of_anniversary
                then cast(
                    day(seen_until) + greatest(days_of_month_before - day(started_date), 0)
                    as double
                ) / days_of_month_before
            else cast(day(seen_until) - day_of_anniversary as double) / day(last_day(seen_until))
        end as part

    from with_anniversaries

)

select
    spells.user_id,
    spells.spell_number,
    try_cast(
        spells.first_plan as enum ('free', 'starter', 'professional', 'enterprise')
    ) as plan,
    users.channel,
    users.country,
    users.size,
    users.segment,
    spells.started_date,
    spells.ended_date,
    spells.is_churned,
    cast(spells.months as smallint) as months,
    cast(spells.part as float) as part

from ages as spells

inner join rollups.users as users
    on spells.user_id = users.user_id

order by spells.started_date
