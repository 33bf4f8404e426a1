-- What panels of the Adoption page must show, by link, panel, row and column: from staging and the
-- models, never from the serving layer.

with

last_day as (

    select max(date_day) as date_day from marts.fct_daily_active_users

),

-- Days on which a user did something, with what they touched.
touches as (

    select distinct
        events.user_id,
        events.event_date,
        features.display_name,
        users.country

    from staging.stg_events as events

    inner join staging.stg_users as users
        on events.user_id = users.user_id

    left join seeds.feature_details as features
        on events.feature = features.feature

),

links as (

    select
        'range=90d&by=plan' as link,
        '%' as country
    union all
    select
        'range=90d&by=plan&country=US' as link,
        'US' as country

),

chosen as (

    select
        links.link,
        touches.*,
        last_day.date_day

    from links

    inner join touches
        on touches.country like links.country

    cross join last_day

    where touches.event_date > last_day.date_day - 90

),

weeks as (

    select
        link,
        cast(date_trunc('week', event_date) as date) as date_week,
        display_name,
        count(distinct user_id) as users

    from chosen

    -- Whole weeks of the range.
    where
        date_trunc('week', event_date) > date_day - 90
        and date_trunc('week', event_date) <= date_day - 6
        and display_name is not null

    group by all

),

curves as (

    select
        link,
        'adoption-curves' as panel,
        display_name || '|' || date_week as row_key,
        'users' as measure,
        cast(users as double) as figure

    from weeks

),

active_weeks as (

    select
        chosen.link,
        'adoption-curves' as panel,
        weeks.display_name || '|' || weeks.date_week as row_key,
        'active_users' as measure,
        cast(count(distinct chosen.user_id) as double) as figure

    from weeks

    inner join chosen
        on
            weeks.link = chosen.link
            and weeks.date_week = date_trunc('week', chosen.event_date)

    group by
        chosen.link,
        weeks.display_name,
        weeks.date_week

),

in_28_days as (

    select * from chosen where event_date > date_day - 28

),

groups as (

    select
        chosen.link,
        'feature-groups' as panel,
        chosen.display_name || '|' || coalesce(groups.group_name, 'everyone') as row_key,
        'users' as measure,
        cast(count(distinct chosen.user_id) as double) as figure

    from in_28_days as chosen

    inner join (
        select
            user_id,
            unnest([null, coalesce(current_plan, 'free')]) as group_name
        from marts.dim_users
    ) as groups
        on chosen.user_id = groups.user_id

    where chosen.display_name is not null

    group by
        chosen.link,
        chosen.display_name,
        groups.group_name

),

power_users as (

    select
        link,
        'power-users' as panel,
        cast(active_days as varchar) as row_key,
        'users' as measure,
        cast(count(*) as double) as figure

    from (
        select
            link,
            user_id,
            count(distinct event_date) as active_days

        from in_28_days

        group by
            link,
            user_id
    ) as users

    group by
        link,
        active_days

),

-- The last month may be under way: its days so far.
stickiness as (

    select
        chosen.link,
        'stickiness' as panel,
        cast(date_trunc('month', chosen.date_day) as date) || '|everyone' as row_key,
        unnest(['users', 'stickiness']) as measure,
        unnest([
            cast(count(distinct chosen.user_id) as double),
            cast(count(distinct (chosen.user_id, chosen.event_date)) as double)
            / day(chosen.date_day) / count(distinct chosen.user_id)
        ]) as figure

    from chosen

    where chosen.event_date >= date_trunc('month', chosen.date_day)

    group by
        chosen.link,
        chosen.date_day

),

rfm as (

    select
        links.link,
        'rfm' as panel,
        segments.rfm_segment as row_key,
        unnest(['customers', 'mrr_cents']) as measure,
        unnest([cast(count(*) as double), cast(sum(segments.mrr_cents) as double)]) as figure

    from links

    inner join advanced.rfm_segmentation as segments
        on segments.country like links.country

    group by
        links.link,
        segments.rfm_segment

)

select * from curves
union all
select * from active_weeks
union all
select * from groups
union all
select * from power_users
union all
select * from stickiness
union all
select * from rfm
