-- What panels of the Retention page must show, by link, panel, row and column: from the models, or
-- straight from staging, never from the serving layer.

with

-- Everyone: the models themselves.
cohorts as (

    select
        '' as link,
        'cohorts' as panel,
        cohort_date || '|' || period as row_key,
        'retention_rate' as measure,
        retention_rate as figure

    from advanced.cohort_retention

    where
        cohort_grain = 'month'
        and mode = 'bracket'
        and period <= 24
        and cohort_date > (
            select max(cohort_date) - interval 12 month from advanced.cohort_retention
            where cohort_grain = 'month'
        )

),

-- All time: months are put together by quarter.
quarterly_cohorts as (

    select
        'range=all' as link,
        'cohorts' as panel,
        cast(date_trunc('quarter', cohort_date) as date) || '|' || period as row_key,
        'retention_rate' as measure,
        cast(sum(retained) as double) / nullif(sum(eligible), 0) as figure

    from advanced.cohort_retention

    where
        cohort_grain = 'month'
        and mode = 'bracket'
        and period <= 24

    group by 1, 2, 3, 4

),

weekly_cohorts as (

    select
        'range=all&grain=week&mode=n-day' as link,
        'cohorts' as panel,
        cohort_date || '|' || period as row_key,
        'retained' as measure,
        cast(retained as double) as figure

    from advanced.cohort_retention

    where
        cohort_grain = 'week'
        and mode = 'n_day'
        and period <= 26
        and cohort_date > (
            select max(cohort_date) - 26 * 7 from advanced.cohort_retention
            where cohort_grain = 'week'
        )

),

survival as (

    select
        'range=all' as link,
        'survival' as panel,
        plan || '|' || month_number as row_key,
        'survival_lower' as measure,
        survival_lower as figure

    from advanced.subscription_survival

    where plan <> 'all'

),

last_month as (

    select cast(date_trunc('month', max(date_day)) as date) as date_month
    from marts.fct_daily_active_users

),

lifecycle as (

    select
        'range=all' as link,
        'lifecycle' as panel,
        cast(last_month.date_month as varchar) as row_key,
        lifecycles.lifecycle_state as measure,
        cast(count(*) as double) as figure

    from intermediate.int_user_lifecycle as lifecycles

    cross join last_month

    group by 1, 2, 3, 4

),

-- One channel and two countries.
some_users as (

    select
        users.*,
        date_diff('day', users.signup_date, (
            select max(date_day) from marts.fct_daily_active_users
        )) as days_observed

    from staging.stg_users as users

    where
        users.channel = 'organic_search'
        and users.country in ('US', 'GB')

),

some_lifecycle as (

    select
        'channel=organic_search&country=US,GB' as link,
        'lifecycle' as panel,
        cast(last_month.date_month as varchar) as row_key,
        lifecycles.lifecycle_state as measure,
        cast(count(*) as double) as figure

    from intermediate.int_user_lifecycle as lifecycles

    inner join some_users
        on lifecycles.user_id = some_users.user_id

    cross join last_month

    group by 1, 2, 3, 4

),

-- Came back at any time after 60 days, of those observed through the 90th.
some_cohorts as (

    select
        'channel=organic_search&country=US,GB&mode=unbounded' as link,
        'cohorts' as panel,
        some_users.cohort_month || '|2' as row_key,
        'retained' as measure,
        cast(count(*) filter (where last_days.last_date >= some_users.signup_date + 60) as double)
            as figure

    from some_users

    left join (
        select
            user_id,
            max(ended_date) as last_date
        from staging.stg_sessions
        where event_count > 0
        group by user_id
    ) as last_days
        on some_users.user_id = last_days.user_id

    where
        some_users.days_observed >= 89
        and some_users.signup_date >= (
            select date_month - interval 11 month from last_month
        )

    group by some_users.cohort_month

),

revenue as (

    select
        'channel=organic_search' as link,
        'revenue-cohorts' as panel,
        cohort_month || '|' || months_since_base as row_key,
        'nrr' as measure,
        nrr as figure

    from advanced.revenue_retention

    where
        segment_type = 'channel'
        and segment_value = 'organic_search'
        and cohort <> 'all'
        and cohort_month >= (select date_month - interval 11 month from last_month)

)

select * from cohorts
union all
select * from quarterly_cohorts
union all
select * from weekly_cohorts
union all
select * from survival
union all
select * from lifecycle
union all
select * from some_lifecycle
union all
select * from some_cohorts
union all
select * from revenue
