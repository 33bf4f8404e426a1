{% set count_periods = 63 %}
{% set grains = [['week', 7], ['month', 30]] %}

-- A mask has a bit for each period since the signup in which the user was active, as
-- cohort_retention counts them, so that users of any choice are counted by counting bits. The plan is
-- the one chosen at signup: later ones would tell who stayed.

with

users as (

    select * from {{ ref('srv_users') }}

),

days as (

    select
        active_days.user_id,
        {{ day_diff('users.signup_date', 'active_days.date_day') }} as day_number

    from {{ ref('srv_active_days') }} as active_days

    inner join users
        on active_days.user_id = users.user_id

    where active_days.date_day >= users.signup_date

),

active as (

    select
        user_id,
        {% for grain in grains %}
        bit_or(
            case
                when day_number < {{ count_periods * grain[1] }}
                    then {{ bit_at('floor(day_number / ' ~ grain[1] ~ ')') }}
                else cast(0 as bigint)
            end
        ) as {{ grain[0] }}_bracket,
        bit_or(
            case
                when
                    day_number < {{ count_periods * grain[1] }}
                    and day_number % {{ grain[1] }} = 0
                    then {{ bit_at('floor(day_number / ' ~ grain[1] ~ ')') }}
                else cast(0 as bigint)
            end
        ) as {{ grain[0] }}_n_day,
        {% endfor %}
        max(day_number) as last_day

    from days

    group by user_id

),

final as (

    select
        users.user_id,
        users.signup_plan as plan,
        users.channel,
        users.country,
        users.size,
        users.segment,
        users.signup_date,
        cast({{ weeks_since_2000('users.signup_date') }} as smallint) as week_index,
        cast({{ months_since_2000('users.cohort_month') }} as smallint) as month_index,
        cast({{ day_diff('users.signup_date', as_of_date()) }} as smallint) as days_observed,
        cast(coalesce(active.last_day, 0) as smallint) as last_day,
        {% for grain in grains %}
        coalesce(active.{{ grain[0] }}_bracket, 0) as {{ grain[0] }}_bracket,
        coalesce(active.{{ grain[0] }}_n_day, 0) as {{ grain[0] }}_n_day{% if not loop.last %},{% endif %}
        {% endfor %}

    from users

    left join active
        on users.user_id = active.user_id

)

select * from final

order by signup_date
