-- Means, medians and slopes that are planted as parameters.
with as_of as (

    select cast(text as date) as as_of from truth.parameters where key = 'as_of'

),

parameters as (

    select key, number from truth.parameters

),

months as (

    select
        date_trunc('month', date_day) as month,
        (year(date_day) * 12 + month(date_day)) as month_index,
        ln(cast(sum(signups) as double) / count(distinct date_day)) as log_signups,
        avg(0.6 * cos(2 * pi() * (dayofyear(date_day) - 1) / 365.25 - 0.5)
            + 0.5 * cos(4 * pi() * (dayofyear(date_day) - 1) / 365.25 - 0.9)) as season_shape

    from marts.fct_signups

    cross join as_of

    -- A month that is under way is cut somewhere in a week: it is left out.
    where date_day < date_trunc('month', as_of.as_of + 1)

    group by 1, 2

),

years as (

    select (later.log_signups - earlier.log_signups) / 12 as log_growth
    from months as later
    inner join months as earlier on later.month_index = earlier.month_index + 12

),

growth as (

    select
        median(log_growth) as log_growth,
        1.2533 * 1.4826 * mad(log_growth) / sqrt(count(*)) as error,
        count(*) as months

    from years

),

detrended as (

    select
        months.log_signups - growth.log_growth * months.month_index as y,
        ln(greatest(1 + 0.2 * months.season_shape, 0.05)) as x

    from months

    cross join growth

),

season as (

    select
        regr_slope(y, x) as slope,
        sqrt((regr_syy(y, x) - regr_slope(y, x) * regr_sxy(y, x)) / (count(*) - 2) / regr_sxx(y, x)) as error,
        count(*) as months

    from detrended

),

weeks as (

    select
        date_trunc('week', session_date) as week,
        count(*) filter (where isodow(session_date) >= 6) / 2.0 as weekend,
        count(*) filter (where isodow(session_date) < 6) / 5.0 as weekdays,
        count(distinct session_date) as days

    from staging.stg_sessions

    group by 1

),

dips as (

    select 1 - weekend / weekdays as dip from weeks where days = 7 and weekdays >= 10

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
        'share' as unit, exp(log_growth) - 1 as estimate, exp(log_growth - 1.96 * error) - 1 as lower,
        exp(log_growth + 1.96 * error) - 1 as upper, months as sample, 0.01 as scale,
        'Each month is held against the same month a year before; campaigns and the launch fall into one of the two.' as note
    from growth
    where months >= 12

    union all
    select 2, 'Growth', 'season', 'Yearly season of signups', 'times', slope, slope - 1.96 * error,
        slope + 1.96 * error, months, 1.0,
        'Campaigns and the launch fall on months of the year and look like a season.'
    from season
    where months >= 24

    union all
    select 3, 'Growth', 'weekend', 'Weekend dip of sessions', 'share', avg(dip),
        avg(dip) - 1.96 * stddev_samp(dip) / sqrt(count(*)),
        avg(dip) + 1.96 * stddev_samp(dip) / sqrt(count(*)), count(*), 1.0,
        'Days are counted in UTC: weekends begin earlier in the east and end later in the west, and the first sessions follow signups, so a part of the dip is lost.'
    from dips
    having count(*) >= 4

    union all
    select 4, 'Growth', 'events', 'Events of a user', 'number', avg(events),
        avg(events) - 1.96 * stddev_samp(events) / sqrt(count(*)),
        avg(events) + 1.96 * stddev_samp(events) / sqrt(count(*)), count(*), 1.0, null
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
