-- Days on which a paying customer counts as active in the week: intervals that never overlap for
-- one user, as in advanced.north_star_metrics.
with

spells as (

    select
        user_id,
        spell_number,
        min(valid_from_date) as starts_on,
        max(coalesce(valid_to_date, date '{{ as_of }}' + 1)) as ends_on

    from intermediate.int_subscription_periods

    where is_paid

    group by
        user_id,
        spell_number

),

core_days as (

    select
        user_id,
        cast(first_core_action_at as date) as core_date

    from staging.stg_sessions

    where
        first_core_action_at is not null
        and user_id in (select spells.user_id from spells)

    union

    select
        user_id,
        cast(last_core_action_at as date) as core_date

    from staging.stg_sessions

    where
        last_core_action_at is not null
        and user_id in (select spells.user_id from spells)

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
    greatest(core_weeks.starts_on, spells.starts_on) as starts_on,
    least(core_weeks.ends_on, spells.ends_on) as ends_on,
    users.plan,
    users.channel,
    users.country,
    users.size,
    users.segment

from core_weeks

inner join spells
    on
        core_weeks.user_id = spells.user_id
        and core_weeks.starts_on < spells.ends_on
        and core_weeks.ends_on > spells.starts_on

inner join rollups.users as users
    on core_weeks.user_id = users.user_id

order by 2
