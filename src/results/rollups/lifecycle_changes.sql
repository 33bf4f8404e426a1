-- Each user's changes of state, month by month: at a month's end (or on the last day of data) a user
-- is in one of the states of intermediate.int_user_lifecycle, by its rules as of that day. The plan
-- is the one chosen at signup.
with

users as (

    select
        user_id,
        signup_date,
        initial_plan

    from marts.dim_users

),

last_days as (

    select
        user_id,
        cast(date_trunc('month', date_day) as date) as date_month,
        max(date_day) as last_day

    from rollups.active_days

    group by 1, 2

),

user_months as (

    select
        user_id,
        signup_date,
        cast(
            unnest(
                generate_series(
                    date_trunc('month', signup_date),
                    cast(date '{{ as_of }}' as timestamp),
                    interval 1 month
                )
            ) as date
        ) as date_month

    from users

),

month_ends as (

    select
        user_months.user_id,
        user_months.signup_date,
        user_months.date_month,
        least(last_day(user_months.date_month), date '{{ as_of }}') as date_day,
        coalesce(
            max(last_days.last_day) over (
                partition by user_months.user_id
                order by user_months.date_month
                rows between unbounded preceding and current row
            ),
            user_months.signup_date
        ) as last_active_day

    from user_months

    left join last_days
        on
            user_months.user_id = last_days.user_id
            and user_months.date_month = last_days.date_month

),

paid_periods as (

    select
        user_id,
        is_churn,
        valid_to_date as left_on,
        coalesce(
            lead(valid_from_date) over (
                partition by user_id
                order by valid_from
            ),
            date '9999-12-31'
        ) as back_on

    from intermediate.int_subscription_periods

    where is_paid

),

away as (

    select
        user_id,
        left_on,
        back_on

    from paid_periods

    where is_churn

),

states as (

    select
        month_ends.user_id,
        month_ends.date_month,
        case
            when away.user_id is not null then 'churned'
            when date_diff('day', month_ends.signup_date, month_ends.date_day) < 14 then 'new'
            when date_diff('day', month_ends.last_active_day, month_ends.date_day) < 14
                then 'active'
            when date_diff('day', month_ends.last_active_day, month_ends.date_day) < 30
                then 'at_risk'
            else 'dormant'
        end as state

    from month_ends

    left join away
        on
            month_ends.user_id = away.user_id
            and month_ends.date_day >= away.left_on
            and month_ends.date_day < away.back_on

),

with_previous as (

    select
        user_id,
        date_month,
        state,
        lag(state) over (
            partition by user_id
            order by date_month
        ) as previous_state

    from states

)

select
    with_previous.user_id,
    try_cast(
        users.initial_plan as enum ('free', 'starter', 'professional', 'enterprise')
    ) as plan,
    dimensions.channel,
    dimensions.country,
    dimensions.size,
    dimensions.segment,
    cast(date_diff('month', date '2000-01-01', with_previous.date_month) as smallint)
        as month_index,
    cast(
        coalesce(with_previous.previous_state, 'none')
        as enum ('none', 'new', 'active', 'at_risk', 'dormant', 'churned')
    ) as previous_state,
    cast(
        with_previous.state
        as enum ('none', 'new', 'active', 'at_risk', 'dormant', 'churned')
    ) as state

from with_previous

inner join users
    on with_previous.user_id = users.user_id

inner join rollups.users as dimensions
    on with_previous.user_id = dimensions.user_id

where with_previous.previous_state is distinct from with_previous.state

order by with_previous.date_month
