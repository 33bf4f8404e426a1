-- Each run of paid periods once, as advanced.subscription_survival counts them: whole months of 30
-- days, and whether it ended with the customer leaving. The plan is the run's first.
with

periods as (

    select
        *,
        row_number() over (
            partition by user_id, spell_number
            order by valid_from, subscription_id
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
        cast(
            date_diff(
                'day',
                min(valid_from_date),
                max(coalesce(valid_to_date, date '{{ as_of }}'))
            ) // 30 as smallint
        ) as months_survived

    from periods

    group by 1, 2

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
    spells.months_survived

from spells

inner join rollups.users as users
    on spells.user_id = users.user_id

order by spells.started_date
