-- Means, medians and slopes that are planted as parameters.
with as_of as (

    select cast(text as date) as as_of from truth.parameters where key = 'as_of'

),

parameters as (

    select key, number from truth.parameters

),

-- What is known of a day beside its signups: the shape of the year, and what the product launch adds.
-- A day without a signup has no row in fct_signups, so signups are counted in blocks of fourteen days,
-- as many of each weekday in every one. The oldest is left out: history may begin within it.
blocks as (

    select
        (as_of.as_of - signups.date_day) // 14 as block,
        max((as_of.as_of - signups.date_day) // 14) over () as oldest,
        signups.date_day,
        signups.signups,
        as_of.as_of

    from marts.fct_signups as signups

    cross join as_of

),

launches as (

    select
        date_trunc('month', as_of.as_of) - to_months(cast(parameters.number as int)) + interval 9 day as launched_on,
        parameters.number > 0 as has_launch

    from parameters

    cross join as_of

    where parameters.key = 'launch'

),

block_days as (

    select
        blocks.block,
        blocks.signups,
        blocks.as_of - cast(14 * blocks.block + offsets.day as int) as date_day

    from (
        select block, as_of, sum(signups) as signups
        from blocks
        where block < oldest
        group by block, as_of
    ) as blocks

    cross join (select unnest(range(0, 14)) as day) as offsets

),

fortnights as (

    select
        -block_days.block * 14 / 30.436875 as months,
        any_value(cast(block_days.signups as double)) / 14 as signups,
        avg(
            0.6 * cos(2 * pi() * (dayofyear(block_days.date_day) - 1) / 365.25 - 0.5)
            + 0.5 * cos(4 * pi() * (dayofyear(block_days.date_day) - 1) / 365.25 - 0.9)
            - 2.3 * power(0.5 + 0.5 * cos(2 * pi() * ((dayofyear(block_days.date_day) - 1) / 365.25 - 0.97)), 24)
        ) as shape,
        avg(
            case
                when launches.has_launch and block_days.date_day >= launches.launched_on
                    then 1 + 0.9 * exp(-date_diff('day', launches.launched_on, block_days.date_day) / 25.0)
                else 1
            end
        ) as launch

    from block_days

    cross join launches

    group by block_days.block

),

-- ln(signups) = level + growth × months + ln(1 + 0.2 × season × shape) + ln(launch), by least squares.
-- Nobody knows when campaigns were: fortnights that stand out are left out, twice. The season's term is
-- made straight around the season found before.
rows_0 as (

    select months, ln(signups / launch) as y, 0.2 * shape as x, 0.2 * shape as shape, ln(signups / launch) as log_signups
    from fortnights

),

fit_0 as (

    select
        *,
        (ty * xx - xy * tx) / (tt * xx - tx * tx) as growth,
        (xy * tt - ty * tx) / (tt * xx - tx * tx) as season,
        mean_y - growth * mean_t - season * mean_x as level

    from (
        select
            regr_sxx(y, months) as tt,
            regr_sxx(y, x) as xx,
            regr_sxy(x, months) as tx,
            regr_sxy(y, months) as ty,
            regr_sxy(y, x) as xy,
            avg(y) as mean_y,
            avg(months) as mean_t,
            avg(x) as mean_x

        from rows_0
    )

),

off_0 as (

    select
        rows_0.*,
        fit_0.season as season,
        rows_0.log_signups - fit_0.level - fit_0.growth * rows_0.months
            - ln(greatest(1 + fit_0.season * rows_0.shape, 0.05)) as off

    from rows_0

    cross join fit_0

),

rows_1 as (

    select
        months,
        shape / greatest(1 + season * shape, 0.05) as x,
        log_signups - ln(greatest(1 + season * shape, 0.05))
            + season * shape / greatest(1 + season * shape, 0.05) as y

    from off_0

    qualify abs(off - median(off) over ()) <= 2.5 * 1.4826 * mad(off) over ()

),

fit_1 as (

    select
        *,
        (ty * xx - xy * tx) / (tt * xx - tx * tx) as growth,
        (xy * tt - ty * tx) / (tt * xx - tx * tx) as season,
        mean_y - growth * mean_t - season * mean_x as level

    from (
        select
            regr_sxx(y, months) as tt,
            regr_sxx(y, x) as xx,
            regr_sxy(x, months) as tx,
            regr_sxy(y, months) as ty,
            regr_sxy(y, x) as xy,
            avg(y) as mean_y,
            avg(months) as mean_t,
            avg(x) as mean_x

        from rows_1
    )

),

off_1 as (

    select
        rows_0.*,
        fit_1.season as season,
        rows_0.log_signups - fit_1.level - fit_1.growth * rows_0.months
            - ln(greatest(1 + fit_1.season * rows_0.shape, 0.05)) as off

    from rows_0

    cross join fit_1

),

rows_2 as (

    select
        months,
        shape / greatest(1 + season * shape, 0.05) as x,
        log_signups - ln(greatest(1 + season * shape, 0.05))
            + season * shape / greatest(1 + season * shape, 0.05) as y

    from off_1

    qualify abs(off - median(off) over ()) <= 2.5 * 1.4826 * mad(off) over ()

),

fit_2 as (

    select
        *,
        (ty * xx - xy * tx) / (tt * xx - tx * tx) as growth,
        (xy * tt - ty * tx) / (tt * xx - tx * tx) as season,
        mean_y - growth * mean_t - season * mean_x as level

    from (
        select
            regr_sxx(y, months) as tt,
            regr_sxx(y, x) as xx,
            regr_sxy(x, months) as tx,
            regr_sxy(y, months) as ty,
            regr_sxy(y, x) as xy,
            avg(y) as mean_y,
            avg(months) as mean_t,
            avg(x) as mean_x

        from rows_2
    )

),

fitted as (

    select
        any_value(fit_2.growth) as growth,
        any_value(fit_2.season) as season,
        any_value(fit_2.xx) as xx,
        any_value(fit_2.tt) as tt,
        any_value(fit_2.tt * fit_2.xx - fit_2.tx * fit_2.tx) as determinant,
        sum(power(
            rows_2.y - fit_2.level - fit_2.growth * rows_2.months - fit_2.season * rows_2.x, 2
        )) / (count(*) - 3) as variance,
        count(*) as fortnights,
        (select count(*) from fortnights) as all_fortnights

    from rows_2

    cross join fit_2

),

-- Weeks by the clocks of those who have access, summer time left out. The first sessions follow the signup, and
-- between the years fewer come: neither tells of weekends.
clocks as (

    select *
    from (
        values
            ('US', -6), ('GB', 0), ('DE', 1), ('CA', -5), ('FR', 1), ('IN', 5), ('AU', 10), ('BR', -3),
            ('NL', 1), ('ES', 1), ('SE', 1), ('JP', 9), ('PL', 1), ('SG', 8), ('MX', -6), ('IE', 0)
    ) as clocks (country, hours)

),

visits as (

    select cast(sessions.started_at + to_hours(clocks.hours) as date) as local_date

    from staging.stg_sessions as sessions

    inner join staging.stg_users as users
        on sessions.user_id = users.user_id

    inner join clocks
        on users.country = clocks.country

    left join intermediate.int_subscription_periods as periods
        on
            users.user_id = periods.user_id
            and sessions.started_at >= periods.valid_from
            and sessions.started_at < coalesce(periods.valid_to, timestamp '9999-12-31')

    where
        sessions.started_at >= users.signed_up_at + interval 8 day
        -- Looks after a trial that ended follow no week.
        and (users.trial_type = 'freemium' or periods.user_id is not null)

),

weeks as (

    select
        -- From Thursday to Wednesday, so that growth within a week does not raise its end.
        date_trunc('week', visits.local_date - 3) as week,
        cast(count(*) filter (where isodow(visits.local_date) >= 6) as double) as weekend,
        cast(count(*) filter (where isodow(visits.local_date) < 6) as double) as weekdays

    from visits

    cross join as_of

    group by 1

    -- The last day ends earlier in the west.
    having
        date_trunc('week', any_value(visits.local_date - 3)) + interval 10 day < any_value(as_of.as_of)
        and not bool_or(strftime(visits.local_date, '%m%d') >= '1224' or strftime(visits.local_date, '%m%d') = '0101')

),

weekends as (

    select sum(weekend) / nullif(sum(weekdays), 0) as ratio, sum(weekdays) as weekdays, count(*) as weeks
    from weeks

),

dips as (

    select
        1 - 2.5 * any_value(weekends.ratio) as dip,
        2.5 * sqrt(
            sum(power(weeks.weekend - weekends.ratio * weeks.weekdays, 2)) * count(*) / nullif(count(*) - 1, 0)
        ) / nullif(any_value(weekends.weekdays), 0) as error,
        count(*) as weeks

    from weeks

    cross join weekends

),

delays as (

    select date_diff('second', signed_up_at, first_subscribed_at) / 86400.0 as days
    from intermediate.int_user_lifecycle
    cross join as_of
    inner join parameters on parameters.key = 'convert_days'
    where first_subscribed_at is not null and signup_date < as_of.as_of - cast(10 * parameters.number as int)

),

touches as (

    select user_id, count(*) as touches from staging.stg_marketing_touches group by 1

),

activity as (

    select lifecycles.count_events as events, lifecycles.count_sessions as sessions
    from intermediate.int_user_lifecycle as lifecycles

),

found as (

    select 1 as place, 'Growth' as topic, 'growth' as key, 'Signup growth in a month' as name,
        'share' as unit, exp(growth) - 1 as estimate,
        exp(growth - 1.96 * sqrt(variance * xx / determinant)) - 1 as lower,
        exp(growth + 1.96 * sqrt(variance * xx / determinant)) - 1 as upper, fortnights as sample, 0.01 as scale,
        'Fortnights with a campaign are left out where they stand out.' as note
    from fitted
    where all_fortnights >= 51 and determinant > 0

    union all
    select 2, 'Growth', 'season', 'Yearly season of signups', 'times', season,
        season - 1.96 * sqrt(variance * tt / determinant),
        season + 1.96 * sqrt(variance * tt / determinant), fortnights, 1.0,
        'Fortnights with a campaign are left out where they stand out.'
    from fitted
    where all_fortnights >= 51 and determinant > 0

    union all
    select 3, 'Growth', 'weekend', 'Weekend dip of sessions', 'share', dip,
        dip - 1.96 * error, dip + 1.96 * error, weeks, 1.0,
        'By the clock of each country, without the first eight days of a user, visits after a trial that ended, and the days between the years.'
    from dips
    where weeks >= 4

    -- The number of events is set for all users together, so their mean hardly varies between companies:
    -- the interval of a mean would hold it always.
    union all
    select 4, 'Growth', 'events', 'Events of a user', 'number', avg(events), null, null, count(*), 1.0,
        'The number of events is set for all users together: their mean is no sample.'
    from activity

    union all
    select 12, 'Funnel', 'convert_days', 'Median days to the first paid plan', 'days', median(days),
        median(days) * exp(-1.96 * 1.2533 * stddev_samp(ln(days)) / sqrt(count(*))),
        median(days) * exp(1.96 * 1.2533 * stddev_samp(ln(days)) / sqrt(count(*))), count(*), 1.0, null
    from delays
    where days > 0
    having count(*) >= 10

    union all
    select 51, 'Marketing', 'touches', 'Marketing touches before a signup', 'number', avg(touches),
        avg(touches) - 1.96 * stddev_samp(touches) / sqrt(count(*)),
        avg(touches) + 1.96 * stddev_samp(touches) / sqrt(count(*)), count(*), 1.0, null
    from touches

)

select
    found.topic,
    found.key,
    found.name,
    found.unit,
    parameters.number * found.scale as planted,
    found.estimate,
    found.lower,
    found.upper,
    cast(found.sample as bigint) as sample,
    found.note

from found

inner join parameters
    on found.key = parameters.key

order by found.place
