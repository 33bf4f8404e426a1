-- Days on which a paying customer counts as active in the week: intervals that never overlap for
-- one user, as in advanced.north_star_metrics. The plan is the one that was paid for then.
with

paid_periods as (

    select
        user_id,
        plan,
        valid_from_date as starts_on,
        coalesce(valid_to_date, date '{{ as_of }}' + 1) as ends_on

    from intermediate.int_subscription_periods

    where is_paid

),

core_days as (

    select
        user_id,
        cast(first_core_action_at as date) as core_date

    from staging.stg_sessions

    where
        first_core_action_at is not null
        and user_id in (select paid_periods.user_id from paid_periods)

    union

    select
        user_id,
        cast(last_core_action_at as date) as core_date

    from staging.stg_sessions

    where
        last_core_action_at is not null
        and user_id in (select paid_periods.user_id from paid_periods)

),

core_weeks as (

    select
        user_id,
        core_date as starts_on,
        least(
            core_date + 7,
            coalesce(
                lead(core_date) over (
                    partition by user_id
                    order by core_date
                ),
                core_date + 7
            )
        ) as ends_on

    from core_days

)

select
    core_weeks.user_id,
    greatest(core_weeks.starts_on, paid_periods.starts_on) as starts_on,
    least(core_weeks.ends_on, paid_periods.ends_on) as ends_on,
    try_cast(
        paid_periods.plan as enum ('free', 'starter', 'professional', 'enterprise')
    ) as plan,
    users.channel,
    users.country,
    users.size,
    users.segment

from core_weeks

inner join paid_periods
    on
        core_weeks.user_id = paid_periods.user_id
        and core_weeks.starts_on < paid_periods.ends_on
        and core_weeks.ends_on > paid_periods.starts_on

inner join rollups.users as users
    on core_weeks.user_id = users.user_id

order by 2
