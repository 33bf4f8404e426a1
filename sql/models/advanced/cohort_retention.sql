{% set grains = [['week', 7, 52], ['month', 30, 24]] %}

-- Periods count from each user's own signup: 7 days for weekly cohorts, 30 for
-- monthly ones. n_day: active on the first day of the period; bracket: on any of
-- its days; unbounded: on its first day or ever after. Signing up is the activity
-- of period 0 (decision 0029).

with

users as (

    select
        user_id,
        signup_date,
        cohort_week,
        cohort_month,
        {{ day_diff('signup_date', as_of_date()) }} as days_observed

    from {{ ref('stg_users') }}

),

user_days as (

    select
        active_days.user_id,
        users.cohort_week,
        users.cohort_month,
        users.days_observed,
        {{ day_diff('users.signup_date', 'active_days.active_date') }} as day_number

    from ({{ active_days(ref('stg_sessions')) }}) as active_days

    inner join users
        on active_days.user_id = users.user_id

),

last_days as (

    select
        users.user_id,
        users.cohort_week,
        users.cohort_month,
        users.days_observed,
        coalesce(max(user_days.day_number), 0) as last_day_number

    from users

    left join user_days
        on users.user_id = user_days.user_id

    group by
        users.user_id,
        users.cohort_week,
        users.cohort_month,
        users.days_observed

),

{% for grain in grains %}
{{ grain[0] }}_cohorts as (

    select
        cohort_{{ grain[0] }} as cohort_date,
        count(*) as cohort_size,
        max(days_observed) as most_days_observed

    from users

    group by cohort_{{ grain[0] }}

),

{{ grain[0] }}_periods as (

    select
        cohort_date,
        cohort_size,
        {{ explode_range('least(floor(most_days_observed / ' ~ grain[1] ~ ') + 1, ' ~ (grain[2] + 1) ~ ')') }} as period

    from {{ grain[0] }}_cohorts

),

-- How many of a cohort have been observed through their period: by the last
-- period each has completed, summed from the end.
{{ grain[0] }}_observed as (

    select
        cohort_{{ grain[0] }} as cohort_date,
        cast(floor((days_observed + 1) / {{ grain[1] }}) as int) - 1 as last_whole_period,
        cast(floor(days_observed / {{ grain[1] }}) as int) as last_started_period,
        cast(floor(last_day_number / {{ grain[1] }}) as int) as last_active_period,
        count(*) as users

    from last_days

    group by
        cohort_{{ grain[0] }},
        cast(floor((days_observed + 1) / {{ grain[1] }}) as int) - 1,
        cast(floor(days_observed / {{ grain[1] }}) as int),
        cast(floor(last_day_number / {{ grain[1] }}) as int)

),

{{ grain[0] }}_unbounded as (

    select
        periods.cohort_date,
        periods.period,
        sum(case when observed.last_whole_period >= periods.period then observed.users else 0 end)
            as whole_users,
        sum(case when observed.last_started_period >= periods.period then observed.users else 0 end)
            as started_users,
        sum(
            case
                when
                    observed.last_whole_period >= periods.period
                    and observed.last_active_period >= periods.period
                    then observed.users
                else 0
            end
        ) as retained

    from {{ grain[0] }}_periods as periods

    inner join {{ grain[0] }}_observed as observed
        on periods.cohort_date = observed.cohort_date

    group by
        periods.cohort_date,
        periods.period

),

{{ grain[0] }}_user_periods as (

    select
        user_id,
        cohort_{{ grain[0] }} as cohort_date,
        cast(floor(day_number / {{ grain[1] }}) as int) as period,
        max(case when day_number % {{ grain[1] }} = 0 then 1 else 0 end) as is_on_first_day,
        max(
            case
                when days_observed >= (floor(day_number / {{ grain[1] }}) + 1) * {{ grain[1] }} - 1
                    then 1
                else 0
            end
        ) as is_whole

    from user_days

    where day_number >= 0

    group by
        user_id,
        cohort_{{ grain[0] }},
        cast(floor(day_number / {{ grain[1] }}) as int)

),

{{ grain[0] }}_active as (

    select
        cohort_date,
        period,
        sum(is_whole) as bracket_users,
        sum(is_on_first_day) as n_day_users

    from {{ grain[0] }}_user_periods

    group by
        cohort_date,
        period

),

{{ grain[0] }}_joined as (

    select
        '{{ grain[0] }}' as cohort_grain,
        periods.cohort_date,
        periods.period,
        periods.cohort_size,
        unbounded.whole_users,
        unbounded.started_users,
        unbounded.retained as unbounded_users,
        coalesce(active.bracket_users, 0) as bracket_users,
        coalesce(active.n_day_users, 0) as n_day_users

    from {{ grain[0] }}_periods as periods

    inner join {{ grain[0] }}_unbounded as unbounded
        on
            periods.cohort_date = unbounded.cohort_date
            and periods.period = unbounded.period

    left join {{ grain[0] }}_active as active
        on
            periods.cohort_date = active.cohort_date
            and periods.period = active.period

),
{% endfor %}

both_grains as (

    select * from week_joined

    union all

    select * from month_joined

),

modes as (

    {% for mode in ['n_day', 'bracket', 'unbounded'] %}
    select
        cohort_grain,
        cohort_date,
        period,
        '{{ mode }}' as mode,
        cohort_size,
        {% if mode == 'n_day' %}started_users{% else %}whole_users{% endif %} as eligible,
        {{ mode }}_users as retained

    from both_grains
    {% if not loop.last %}
    union all
    {% endif %}
    {% endfor %}

),

final as (

    select
        cast(cohort_grain as string) as cohort_grain,
        cast(cohort_date as date) as cohort_date,
        cast(period as int) as period,
        cast(mode as string) as mode,
        cast(cohort_size as bigint) as cohort_size,
        cast(eligible as bigint) as eligible,
        cast(case when period = 0 then eligible else retained end as bigint)
            as retained,
        cast(case when period = 0 then eligible else retained end as double)
            / nullif(eligible, 0) as retention_rate,
        cast(eligible = cohort_size as boolean) as is_complete

    from modes

)

select * from final
