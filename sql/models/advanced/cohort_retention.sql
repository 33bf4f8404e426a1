-- Periods count from each user's own signup: 7 days for weekly cohorts, 30 for
-- monthly ones. n_day: active on the first day of the period; bracket: on any of
-- its days; unbounded: on its first day or ever after. Signing up is the activity
-- of period 0 (decision 0029).

with

grains as (

    select
        'week' as cohort_grain,
        7 as period_days,
        52 as max_period

    union all

    select
        'month' as cohort_grain,
        30 as period_days,
        24 as max_period

),

-- Each user once for each grain, with the last period that has begun for them, and
-- the last that is over.
users as (

    select
        users.user_id,
        users.signup_date,
        grains.cohort_grain,
        grains.period_days,
        grains.max_period,
        case
            when grains.cohort_grain = 'week' then users.cohort_week
            else users.cohort_month
        end as cohort_date,
        cast(
            floor(
                {{ day_diff('users.signup_date', as_of_date()) }}
                / nullif(grains.period_days, 0)
            ) as int
        ) as last_started_period,
        cast(
            floor(
                ({{ day_diff('users.signup_date', as_of_date()) }} + 1)
                / nullif(grains.period_days, 0)
            ) as int
        ) - 1 as last_whole_period

    from {{ ref('stg_users') }} as users

    cross join grains

),

user_days as (

    select
        users.user_id,
        users.cohort_grain,
        users.cohort_date,
        users.period_days,
        users.last_whole_period,
        {{ day_diff('users.signup_date', 'active_days.active_date') }} as day_number

    from ({{ active_days(ref('stg_sessions')) }}) as active_days

    inner join users
        on active_days.user_id = users.user_id

    where active_days.active_date >= users.signup_date

),

-- The periods in which each user was active.
user_periods as (

    select
        user_id,
        cohort_grain,
        cohort_date,
        last_whole_period,
        cast(floor(day_number / nullif(period_days, 0)) as int) as period,
        max(case when day_number % period_days = 0 then 1 else 0 end) as is_on_first_day

    from user_days

    group by
        user_id,
        cohort_grain,
        cohort_date,
        last_whole_period,
        cast(floor(day_number / nullif(period_days, 0)) as int)

),

last_active as (

    select
        user_id,
        cohort_grain,
        max(period) as period

    from user_periods

    group by
        user_id,
        cohort_grain

),

-- A cohort's users by how far they have come.
progress as (

    select
        users.cohort_grain,
        users.cohort_date,
        users.max_period,
        users.last_started_period,
        users.last_whole_period,
        coalesce(last_active.period, 0) as last_active_period,
        count(*) as count_users

    from users

    left join last_active
        on
            users.user_id = last_active.user_id
            and users.cohort_grain = last_active.cohort_grain

    group by
        users.cohort_grain,
        users.cohort_date,
        users.max_period,
        users.last_started_period,
        users.last_whole_period,
        coalesce(last_active.period, 0)

),

cohorts as (

    select
        cohort_grain,
        cohort_date,
        sum(count_users) as cohort_size,
        max(least(last_started_period, max_period)) as last_period

    from progress

    group by
        cohort_grain,
        cohort_date

),

cohort_periods as (

    select
        cohort_grain,
        cohort_date,
        cohort_size,
        {{ explode_range('last_period + 1') }} as period

    from cohorts

),

observed as (

    select
        periods.cohort_grain,
        periods.cohort_date,
        periods.period,
        periods.cohort_size,
        sum(case when progress.last_started_period >= periods.period then progress.count_users else 0 end)
            as started_users,
        sum(case when progress.last_whole_period >= periods.period then progress.count_users else 0 end)
            as whole_users,
        sum(
            case
                when
                    progress.last_whole_period >= periods.period
                    and progress.last_active_period >= periods.period
                    then progress.count_users
                else 0
            end
        ) as unbounded_users

    from cohort_periods as periods

    inner join progress
        on
            periods.cohort_grain = progress.cohort_grain
            and periods.cohort_date = progress.cohort_date

    group by
        periods.cohort_grain,
        periods.cohort_date,
        periods.period,
        periods.cohort_size

),

active as (

    select
        cohort_grain,
        cohort_date,
        period,
        sum(case when last_whole_period >= period then 1 else 0 end) as bracket_users,
        sum(is_on_first_day) as n_day_users

    from user_periods

    group by
        cohort_grain,
        cohort_date,
        period

),

joined as (

    select
        observed.*,
        coalesce(active.bracket_users, 0) as bracket_users,
        coalesce(active.n_day_users, 0) as n_day_users

    from observed

    left join active
        on
            observed.cohort_grain = active.cohort_grain
            and observed.cohort_date = active.cohort_date
            and observed.period = active.period

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

    from joined
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
