{% set new_days = 14 %}
{% set at_risk_days = 14 %}
{% set dormant_days = 30 %}

-- At a month's end, or on the last day of data, a user is in one of the states of
-- int_user_lifecycle, by its rules as of that day. The plan is the one chosen at signup.

with

users as (

    select * from {{ ref('srv_users') }}

),

last_days as (

    select
        user_id,
        {{ month_index('date_day') }} as month_number,
        max(date_day) as last_day

    from {{ ref('srv_active_days') }}

    group by
        user_id,
        {{ month_index('date_day') }}

),

months_later as (

    select
        user_id,
        signup_date,
        {{ month_index('signup_date') }} as first_month,
        {{ explode_range(month_index(as_of_date()) ~ ' - ' ~ month_index('signup_date') ~ ' + 1') }}
            as months_later

    from users

),

user_months as (

    select
        user_id,
        signup_date,
        cast(first_month + months_later as int) as month_number

    from months_later

),

month_ends as (

    select
        user_months.user_id,
        user_months.signup_date,
        user_months.month_number,
        least(
            last_day({{ month_from_index('user_months.month_number') }}),
            {{ as_of_date() }}
        ) as date_day,
        coalesce(
            max(last_days.last_day) over (
                partition by user_months.user_id
                order by user_months.month_number
                rows between unbounded preceding and current row
            ),
            user_months.signup_date
        ) as last_active_day

    from user_months

    left join last_days
        on
            user_months.user_id = last_days.user_id
            and user_months.month_number = last_days.month_number

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
            cast('9999-12-31' as date)
        ) as back_on

    from {{ ref('int_subscription_periods') }}

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
        month_ends.month_number,
        case
            when away.user_id is not null then 'churned'
            when
                {{ day_diff('month_ends.signup_date', 'month_ends.date_day') }}
                < {{ new_days }}
                then 'new'
            when
                {{ day_diff('month_ends.last_active_day', 'month_ends.date_day') }}
                < {{ at_risk_days }}
                then 'active'
            when
                {{ day_diff('month_ends.last_active_day', 'month_ends.date_day') }}
                < {{ dormant_days }}
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
        *,
        coalesce(
            lag(state) over (
                partition by user_id
                order by month_number
            ),
            'none'
        ) as previous_state

    from states

),

final as (

    select
        with_previous.user_id,
        users.signup_plan as plan,
        users.channel,
        users.country,
        users.size,
        users.segment,
        cast(
            with_previous.month_number - {{ month_index("cast('2000-01-01' as date)") }}
            as smallint
        ) as month_index,
        {{ compact('with_previous.previous_state', 'lifecycle_state') }} as previous_state,
        {{ compact('with_previous.state', 'lifecycle_state') }} as state

    from with_previous

    inner join users
        on with_previous.user_id = users.user_id

    where with_previous.previous_state <> with_previous.state

)

select * from final

order by month_index
