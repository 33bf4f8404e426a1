with

{{ holdout }},

-- A customer's snapshots repeat each other.
by_customer as (

    select
        least(cast(floor(health_score / 10.0) * 10 as int), 90) as health_points,
        count(*) as snapshots,
        sum(churned) as churned,
        sum(probability) as probability

    from holdout

    group by
        1,
        user_id

),

columns_of_health as (

    select
        health_points,
        cast(sum(snapshots) as bigint) as customers,
        cast(sum(churned) as bigint) as churned,
        cast(sum(churned) as double) / sum(snapshots) as churned_share,
        sum(probability) / sum(snapshots) as predicted_share,
        {{ independent_customers | indent(8) }} as independent

    from by_customer

    group by health_points

)

select
    health_points,
    customers,
    churned,
    churned_share,
    {{ wilson_lower('(churned_share * independent)', 'independent') }} as churned_share_lower,
    {{ wilson_upper('(churned_share * independent)', 'independent') }} as churned_share_upper,
    predicted_share

from columns_of_health

order by health_points
