-- What the learned models say, against what was planted for them to find. Rows of a model
-- that has not been fitted yet are left out.
with labelled as (

    select segments.segment, cast(users.persona as varchar) as persona
    from ml.user_segments as segments
    inner join truth.users as users on segments.user_id = users.user_id

),

cells as (

    select segment, persona, count(*) as users from labelled group by segment, persona

),

pairs as (

    select
        (select sum(users * (users - 1) / 2.0) from cells) as together,
        (select sum(users * (users - 1) / 2.0) from (select sum(users) as users from cells group by segment)) as by_segment,
        (select sum(users * (users - 1) / 2.0) from (select sum(users) as users from cells group by persona)) as by_persona,
        (select count(*) * (count(*) - 1) / 2.0 from labelled) as everything,
        (select count(*) from labelled) as users,
        (select count(distinct segment) from labelled) as segments

),

origins as (

    select
        avg(coverage) as coverage,
        -- Student's quantile: there are six origins, and the normal one would hold 85 % instead of 95 %.
        case count(*)
            when 2 then 12.706
            when 3 then 4.303
            when 4 then 3.182
            when 5 then 2.776
            when 6 then 2.571
            when 7 then 2.447
            when 8 then 2.365
            when 9 then 2.306
            when 10 then 2.262
            else 1.96 + 2.75 / (count(*) - 1)
        end * stddev_samp(coverage) / sqrt(count(*)) as reach,
        sum(days) as days

    from ml.user_forecast_origins

    having count(*) >= 2

),

years as (

    select
        is_holdout,
        cast(predicted_cents as double) as predicted,
        cast(actual_cents as double) as actual

    from ml.ltv_predictions

    where actual_cents is not null

),

earnings as (

    select
        sum(predicted) filter (where is_holdout) / nullif(sum(actual) filter (where is_holdout), 0) as ratio,
        sum(actual) filter (where is_holdout) as earned,
        count(*) filter (where is_holdout) as users,
        count(*) filter (where not is_holdout) as others

    from years

    having users > 3

),

misses as (

    select years.predicted - earnings.ratio * years.actual as miss

    from years

    cross join earnings

    where years.is_holdout

),

-- The others, whom the model was fitted to, are a sample as well: their chance is in what is predicted.
-- A few customers carry the sum, so its variance is known as well as from few rows: O'Neill's (2014)
-- degrees of freedom, of the misses' kurtosis.
earnings_errors as (

    select
        sqrt(sum(pow(miss, 2)) * (1 + any_value(earnings.users) / nullif(any_value(earnings.others), 0)))
            / nullif(any_value(earnings.earned), 0) / nullif(any_value(earnings.ratio), 0) as error,
        2 * count(*) / (
            count(*) * sum(pow(miss, 4)) / nullif(pow(sum(pow(miss, 2)), 2), 0) - (count(*) - 3) / (count(*) - 1)
        ) as degrees

    from misses

    cross join earnings

),

-- Student's quantile by Wallace (1959), a little large where there are few degrees of freedom.
earnings_reach as (

    select
        error * sqrt(degrees * (exp(pow(1.959963984540054 * (8 * degrees + 3) / (8 * degrees + 1), 2) / degrees) - 1)) as reach

    from earnings_errors

    where degrees >= 1

),

ahead as (

    select
        avg(yhat) filter (where isodow(date) >= 6) as weekend,
        avg(yhat) filter (where isodow(date) < 6) as weekdays,
        count(*) as days

    from ml.user_forecast

    where actual is null

)

select 'Learned models' as topic, 'ltv_total' as key, 'Revenue of the hold-out: predicted over earned' as name, 'times' as unit,
    1 as planted, ratio as estimate, ratio * exp(-reach) as lower, ratio * exp(reach) as upper,
    cast(users as bigint) as sample,
    'A few large customers pay much of it, and whoever first pays after the first 30 days leaves no trace in them.' as note
from earnings
left join earnings_reach on true

union all

select 'Learned models', 'segments', 'Personas, counted as segments', 'number', 5, segments, null, null, users,
    'The silhouette says how many segments are kept; it does not know how many personas were planted.'
from pairs
where users > 0

union all

select 'Learned models', 'personas', 'Segments against personas: adjusted Rand index', 'index', 1,
    (together - by_segment * by_persona / everything)
        / nullif((by_segment + by_persona) / 2 - by_segment * by_persona / everything, 0),
    null, null, users,
    'Personas overlap by design: somebody who does a bit of everything can''t be told from a casual user by what they do.'
from pairs
where users > 1

union all

select 'Learned models', 'forecast_coverage', 'Days within the forecast''s 80% interval', 'share', 0.8, coverage,
    greatest(coverage - reach, 0), least(coverage + reach, 1), cast(days as bigint),
    'The interval counts bends of the trend and noise, not doubt about the seasons.'
from origins

union all

select 'Learned models', 'forecast_weekend', 'Weekend dip of the forecast''s days ahead', 'share',
    parameters.number, 1 - ahead.weekend / nullif(ahead.weekdays, 0), null, null, cast(ahead.days as bigint),
    'Users are forecast, and sessions were thinned: who comes three times on a Tuesday and once on a Sunday counts on both days.'
from ahead
inner join truth.parameters as parameters on parameters.key = 'weekend'
where ahead.days >= 14

order by key
