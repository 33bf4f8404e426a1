-- Who leaves: observed churn within 90 days of a snapshot, against the hazard planted for the
-- same customers at that snapshot.
with snapshots as (

    select
        features.user_id,
        features.snapshot_date,
        features.has_churned_in_90d as has_churned,
        features.event_trend,
        features.active_days_30d,
        features.billing_interval,
        features.tenure_days,
        hazards.churn_probability

    from advanced.churn_features as features

    inner join truth.hazards as hazards
        on
            features.user_id = hazards.user_id
            and features.snapshot_date = hazards.snapshot_date

    where features.is_label_known

),

groups as (

    select 'quiet' as key, 'Fewer than 3 active days, against more' as name,
        active_days_30d < 3 as is_in, has_churned, churn_probability from snapshots
    union all
    select 'falling', 'Events halved within a month, against steady',
        case when event_trend < 0.3333 then true when event_trend between 0.4 and 0.6 then false end,
        has_churned, churn_probability from snapshots
    union all
    select 'annual', 'Billed by the year, against by the month', billing_interval = 'year',
        has_churned, churn_probability from snapshots
    union all
    select 'tenure', 'More than a year with us, against less', tenure_days >= 365,
        has_churned, churn_probability from snapshots

),

compared as (

    select
        key,
        any_value(name) as name,
        count(*) filter (where is_in) as in_rows,
        count(*) filter (where is_in and has_churned) as in_churned,
        sum(churn_probability) filter (where is_in) as in_expected,
        count(*) filter (where not is_in) as out_rows,
        count(*) filter (where not is_in and has_churned) as out_churned,
        sum(churn_probability) filter (where not is_in) as out_expected

    from groups

    where is_in is not null

    group by key

),

ratios as (

    select
        *,
        (cast(in_churned as double) / nullif(in_rows, 0)) / nullif(cast(out_churned as double) / nullif(out_rows, 0), 0)
            as ratio,
        -- Three snapshots share a window of 90 days, so each leaver counts up to three times.
        sqrt(3.0 / nullif(in_churned, 0) + 3.0 / nullif(out_churned, 0)) as log_error

    from compared

),

-- Of everyone, with Wilson's interval for as many rows as tell something of their own.
overall as (

    select
        avg(churn_probability) as planted,
        avg(case when has_churned then 1.0 else 0.0 end) as rate,
        count(*) as customers,
        count(*) / 3.0 as trials

    from snapshots

)

select
    'Hazards' as topic,
    'hazard_' || key as key,
    name,
    'times' as unit,
    (in_expected / in_rows) / nullif(out_expected / out_rows, 0) as planted,
    ratio as estimate,
    ratio * exp(-1.96 * log_error) as lower,
    ratio * exp(1.96 * log_error) as upper,
    cast(in_rows + out_rows as bigint) as sample,
    cast(null as varchar) as note

from ratios

where in_rows > 0 and out_rows > 0 and ratio is not null

union all

select
    'Hazards',
    'hazard_all',
    'Churn within 90 days of a snapshot',
    'share',
    planted,
    rate,
    greatest(
        cast(0 as double),
        ((rate * trials) + 1.9207294103470618 - 1.959963984540054 * sqrt(
            (rate * trials) * (trials - (rate * trials)) / nullif(trials, 0) + 0.9603647051735309
        )) / (trials + 3.8414588206941236)
    ),
    least(
        cast(1 as double),
        ((rate * trials) + 1.9207294103470618 + 1.959963984540054 * sqrt(
            (rate * trials) * (trials - (rate * trials)) / nullif(trials, 0) + 0.9603647051735309
        )) / (trials + 3.8414588206941236)
    ),
    customers,
    cast(null as varchar)

from overall

where trials > 0

order by key
