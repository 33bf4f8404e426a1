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

days as (

    select
        coalesce(scores.is_anomaly, false) as is_called,
        planted.date is not null as is_planted

    from ml.revenue_anomalies as scores

    left join truth.anomaly_days as planted
        on scores.date = planted.date

),

detection as (

    select 'anomaly_recall' as key, 'Planted revenue anomalies that are found' as name,
        count(*) filter (where is_called) as hits, count(*) as trials
    from days
    where is_planted
    union all
    select 'anomaly_precision', 'Days called anomalous that were planted',
        count(*) filter (where is_planted), count(*)
    from days
    where is_called

),

rates as (

    select *, cast(hits as double) / trials as rate from detection where trials > 0

),

origins as (

    select
        avg(coverage) as coverage,
        1.96 * stddev_samp(coverage) / sqrt(count(*)) as reach,
        sum(days) as days

    from ml.user_forecast_origins

    having count(*) >= 2

),

held_out as (

    select
        predictions.probability,
        predictions.label,
        hazards.churn_probability

    from ml.churn_predictions as predictions

    inner join truth.hazards as hazards
        on
            predictions.user_id = hazards.user_id
            and cast(date_trunc('month', predictions.snapshot_date) as date) = hazards.snapshot_date

    where predictions.is_holdout

),

ranked as (

    select
        cast(label as int) as label,
        rank() over (order by probability) + (count(*) over (partition by probability) - 1) / 2.0 as model_rank,
        rank() over (order by churn_probability)
            + (count(*) over (partition by churn_probability) - 1) / 2.0 as oracle_rank

    from held_out

),

counted as (

    select
        sum(label) as churned,
        count(*) - sum(label) as stayed,
        sum(case when label = 1 then model_rank end) as model_ranks,
        sum(case when label = 1 then oracle_rank end) as oracle_ranks

    from ranked

),

areas as (

    select
        churned,
        stayed,
        (model_ranks - churned * (churned + 1) / 2.0) / churned / stayed as auc,
        (oracle_ranks - churned * (churned + 1) / 2.0) / churned / stayed as oracle

    from counted

    where churned > 0 and stayed > 0

),

-- Hanley and McNeil (1982).
errors as (

    select
        *,
        1.96 * sqrt(
            (
                auc * (1 - auc)
                + (churned - 1) * (auc / (2 - auc) - auc * auc)
                + (stayed - 1) * (2 * auc * auc / (1 + auc) - auc * auc)
            ) / churned / stayed
        ) as reach

    from areas

)

select 'Learned models' as topic, 'churn_auc' as key, 'Who leaves: AUC on the hold-out' as name, 'index' as unit,
    oracle as planted, auc as estimate, auc - reach as lower, least(auc + reach, 1) as upper,
    cast(churned + stayed as bigint) as sample,
    'The planted value is the AUC of somebody who knows every customer''s hazard; a part of it leaves no trace in what customers do.' as note
from errors

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

select 'Learned models', key, name, 'share', 1, rate,
    (rate + 1.92 / trials - 1.96 * sqrt(rate * (1 - rate) / trials + 0.96 / trials / trials)) / (1 + 3.84 / trials),
    least((rate + 1.92 / trials + 1.96 * sqrt(rate * (1 - rate) / trials + 0.96 / trials / trials)) / (1 + 3.84 / trials), 1),
    trials,
    'A planted day on which nobody was charged can''t be seen, and a day with an odd charge of its own looks like one.'
from rates

union all

select 'Learned models', 'forecast_coverage', 'Days within the forecast''s 80 % interval', 'share', 0.8, coverage,
    greatest(coverage - reach, 0), least(coverage + reach, 1), cast(days as bigint),
    'The interval counts bends of the trend and noise, not doubt about the seasons.'
from origins

order by key
