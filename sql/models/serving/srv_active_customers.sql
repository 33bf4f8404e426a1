{% set window_days = 7 %}

-- Intervals of one user never overlap, as in north_star_metrics. The plan is the one that was
-- paid for then.

with

paid_periods as (

    select
        user_id,
        plan,
        valid_from_date as starts_on,
        coalesce(valid_to_date, {{ as_of_date() }} + cast(1 as int)) as ends_on

    from {{ ref('int_subscription_periods') }}

    where is_paid

),

sessions as (

    select
        user_id,
        first_core_action_at,
        last_core_action_at

    from {{ ref('stg_sessions') }}

    where
        first_core_action_at is not null
        and user_id in (select paid_periods.user_id from paid_periods)

),

core_days as (

    select
        user_id,
        cast(first_core_action_at as date) as core_date

    from sessions

    union

    select
        user_id,
        cast(last_core_action_at as date) as core_date

    from sessions

),

core_weeks as (

    select
        user_id,
        core_date as starts_on,
        least(
            core_date + cast({{ window_days }} as int),
            coalesce(
                lead(core_date) over (
                    partition by user_id
                    order by core_date
                ),
                core_date + cast({{ window_days }} as int)
            )
        ) as ends_on

    from core_days

),

users as (

    select * from {{ ref('srv_users') }}

),

final as (

    select
        core_weeks.user_id,
        greatest(core_weeks.starts_on, paid_periods.starts_on) as starts_on,
        least(core_weeks.ends_on, paid_periods.ends_on) as ends_on,
        {{ compact('paid_periods.plan', 'plan') }} as plan,
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

    inner join users
        on core_weeks.user_id = users.user_id

)

select * from final

order by starts_on
