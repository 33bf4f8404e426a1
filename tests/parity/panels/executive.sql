-- What panels of the Executive page must show, by link, panel, row and column: from staging and the
-- customers' months, never from the serving layer.

with

last_day as (

    select max(date_day) as date_day from marts.fct_daily_active_users

),

plans as (

    select
        'range=all' as link,
        'mrr' as panel,
        date_month || '|' || plan as row_key,
        'mrr_cents' as measure,
        cast(sum(mrr_cents) as double) as figure

    from marts.fct_customer_mrr_monthly

    where mrr_cents > 0

    group by
        date_month,
        plan

),

some_plans as (

    select
        'range=all&country=US,GB&size=11-50' as link,
        'mrr' as panel,
        months.date_month || '|' || months.plan as row_key,
        'mrr_cents' as measure,
        cast(sum(months.mrr_cents) as double) as figure

    from marts.fct_customer_mrr_monthly as months

    inner join staging.stg_users as users
        on months.user_id = users.user_id

    where
        months.mrr_cents > 0
        and users.country in ('US', 'GB')
        and users.company_size = '11-50'

    group by
        months.date_month,
        months.plan

),

movements as (

    select
        'range=all' as link,
        'movements' as panel,
        cast(date_month as varchar) as row_key,
        movement || '_mrr_cents' as measure,
        cast(sum(movement_amount_cents) as double) as figure

    from marts.fct_customer_mrr_monthly

    where movement <> 'none'

    group by
        date_month,
        movement

),

-- With a plan chosen, who ends a month on it is what closes it.
some_movements as (

    select
        'range=all&plan=professional&channel=organic_search' as link,
        'movements' as panel,
        cast(months.date_month as varchar) as row_key,
        unnest(['closing_mrr_cents', 'closing_customers']) as measure,
        unnest([
            cast(sum(months.mrr_cents) as double),
            cast(count(distinct months.user_id) as double)
        ]) as figure

    from marts.fct_customer_mrr_monthly as months

    inner join staging.stg_users as users
        on months.user_id = users.user_id

    where
        months.mrr_cents > 0
        and months.plan = 'professional'
        and users.channel = 'organic_search'

    group by months.date_month

),

event_days as (

    select distinct
        events.user_id,
        events.event_date,
        users.channel

    from staging.stg_events as events

    inner join staging.stg_users as users
        on events.user_id = users.user_id

    where events.event_date > (select date_day from last_day) - 120

),

days as (

    select cast(unnest(range(0, 30)) as int) as days_back

),

active_users as (

    select
        links.link,
        'active-users' as panel,
        cast(last_day.date_day - days.days_back as varchar) as row_key,
        unnest(['dau', 'wau', 'mau']) as measure,
        unnest([
            cast(count(distinct event_days.user_id) filter (
                where event_days.event_date = last_day.date_day - days.days_back
            ) as double),
            cast(count(distinct event_days.user_id) filter (
                where event_days.event_date > last_day.date_day - days.days_back - 7
            ) as double),
            cast(count(distinct event_days.user_id) as double)
        ]) as figure

    from (
        select
            'range=90d' as link,
            '%' as channel
        union all
        select
            'range=90d&channel=referral' as link,
            'referral' as channel
    ) as links

    cross join last_day

    cross join days

    inner join event_days
        on
            event_days.event_date <= last_day.date_day - days.days_back
            and event_days.event_date > last_day.date_day - days.days_back - 30
            and event_days.channel like links.channel

    group by
        links.link,
        last_day.date_day,
        days.days_back

),

signups as (

    select
        'range=all' as link,
        'signups' as panel,
        channel as row_key,
        'signups' as measure,
        cast(count(*) as double) as figure

    from staging.stg_users

    group by channel

),

some_signups as (

    select
        'range=90d&size=1-10' as link,
        'signups' as panel,
        users.channel as row_key,
        'signups' as measure,
        cast(count(*) as double) as figure

    from staging.stg_users as users

    cross join last_day

    where
        users.company_size = '1-10'
        and users.signup_date > last_day.date_day - 90

    group by users.channel

),

-- Who signed up for a plan may be on another today, or on none.
signups_of_plan as (

    select
        'range=all&plan=starter' as link,
        'signups' as panel,
        channel as row_key,
        'signups' as measure,
        cast(count(*) as double) as figure

    from staging.stg_users

    where initial_plan = 'starter'

    group by channel

),

customers_of_plan as (

    select
        'range=all&plan=starter' as link,
        'drivers' as panel,
        cast(last_day.date_day as varchar) as row_key,
        unnest(['paying_customers', 'new_customers_28d', 'churned_customers_28d']) as measure,
        unnest([
            cast(count(*) filter (
                where
                    periods.valid_from_date <= last_day.date_day
                    and (periods.valid_to_date is null or periods.valid_to_date > last_day.date_day)
            ) as double),
            cast(count(*) filter (
                where
                    periods.movement = 'new'
                    and periods.valid_from_date between last_day.date_day - 27 and last_day.date_day
            ) as double),
            cast(count(*) filter (
                where
                    periods.is_churn
                    and periods.valid_to_date between last_day.date_day - 27 and last_day.date_day
            ) as double)
        ]) as figure

    from intermediate.int_subscription_periods as periods

    cross join last_day

    where
        periods.is_paid
        and periods.plan = 'starter'

    group by last_day.date_day

),

customers as (

    select
        'range=90d&channel=referral' as link,
        'drivers' as panel,
        cast(last_day.date_day as varchar) as row_key,
        'paying_customers' as measure,
        cast(count(distinct periods.user_id) as double) as figure

    from intermediate.int_subscription_periods as periods

    inner join staging.stg_users as users
        on periods.user_id = users.user_id

    cross join last_day

    where
        users.channel = 'referral'
        and periods.is_paid
        and periods.valid_from_date <= last_day.date_day
        and (periods.valid_to_date is null or periods.valid_to_date > last_day.date_day)

    group by last_day.date_day

)

select * from plans
union all
select * from some_plans
union all
select * from movements
union all
select * from some_movements
union all
select * from active_users
union all
select * from signups
union all
select * from some_signups
union all
select * from signups_of_plan
union all
select * from customers_of_plan
union all
select * from customers
