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

    select user_id, 'quiet' as key, 'Fewer than 3 active days, against more' as name,
        active_days_30d < 3 as is_in, has_churned, churn_probability from snapshots
    union all
    select user_id, 'falling', 'Events halved within a month, against steady',
        case when event_trend < 0.3333 then true when event_trend between 0.4 and 0.6 then false end,
        has_churned, churn_probability from snapshots
    union all
    select user_id, 'annual', 'Billed by the year, against by the month', billing_interval = 'year',
        has_churned, churn_probability from snapshots
    union all
    select user_id, 'tenure', 'More than a year with us, against less', tenure_days >= 365,
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

-- A customer has several snapshots, and a loss is seen by up to three of them: what is uncertain is the
-- sum of a customer's rows. The planted value is that of these customers, so the error is by how much what
-- came differs from what was expected of each (decision 0132).
by_customer as (

    select
        groups.key,
        groups.user_id,
        any_value(compared) as all_rows,
        count(*) filter (where is_in and has_churned) as in_churned,
        coalesce(sum(churn_probability) filter (where is_in), 0) as in_expected,
        count(*) filter (where not is_in and has_churned) as out_churned,
        coalesce(sum(churn_probability) filter (where not is_in), 0) as out_expected

    from groups

    inner join compared
        on groups.key = compared.key

    where groups.is_in is not null

    group by groups.key, groups.user_id

),

ratios as (

    select
        key,
        any_value(all_rows.name) as name,
        any_value(all_rows.in_rows) as in_rows,
        any_value(all_rows.out_rows) as out_rows,
        any_value((all_rows.in_expected / all_rows.in_rows) / nullif(all_rows.out_expected / all_rows.out_rows, 0)) as planted,
        any_value(
            (cast(all_rows.in_churned as double) / nullif(all_rows.in_rows, 0))
            / nullif(cast(all_rows.out_churned as double) / nullif(all_rows.out_rows, 0), 0)
        ) as ratio,
        sqrt(sum(power(
            in_churned / nullif(cast(all_rows.in_churned as double), 0)
            - in_expected / nullif(all_rows.in_expected, 0)
            - out_churned / nullif(cast(all_rows.out_churned as double), 0)
            + out_expected / nullif(all_rows.out_expected, 0),
            2
        ))) as log_error

    from by_customer

    group by key

),

customers as (

    select
        user_id,
        cast(count(*) as double) as snapshots,
        cast(count(*) filter (where has_churned) as double) as churned

    from snapshots

    group by user_id

),

rates as (

    select avg(churn_probability) as planted, avg(case when has_churned then 1.0 else 0.0 end) as rate, count(*) as snapshots
    from snapshots

),

-- Of everyone, with Wilson's interval for as many independent rows as would tell as much (decision 0132).
overall as (

    select
        any_value(rates.planted) as planted,
        any_value(rates.rate) as rate,
        any_value(rates.snapshots) as customers,
        any_value(rates.snapshots) / greatest(coalesce(
            sum(power(customers.churned - rates.rate * customers.snapshots, 2))
                / nullif(any_value(rates.snapshots * rates.rate * (1 - rates.rate)), 0),
            sum(customers.snapshots * customers.snapshots) / any_value(rates.snapshots)
        ), 1) as trials

    from customers

    cross join rates

)

select
    'Hazards' as topic,
    'hazard_' || key as key,
    name,
    'times' as unit,
    planted,
    ratio as estimate,
    ratio * exp(-1.96 * log_error) as lower,
    ratio * exp(1.96 * log_error) as upper,
    cast(in_rows + out_rows as bigint) as sample,
    'The planted value holds each customer''s state still for 90 days. States move, which brings groups closer together.' as note

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
    'The planted value holds each customer''s state still for 90 days. States move, and a risk that moves is higher on average.'

from overall

where trials > 0

order by key
