-- Customers at every 30th day back from the last day of data, as advanced.churn_features has them:
-- what they paid and who they were then (not now: whoever left since is on no plan), the health
-- score of marts.fct_health_scores and the segment of marts.dim_users rebuilt from what was known
-- by then, and the day on which they left, if they did.
with

measured as (

    select
        features.user_id,
        features.snapshot_date,
        features.plan,
        features.channel,
        features.country,
        features.company_size,
        features.mrr_cents,
        is_label_known,
        has_churned_in_90d,
        days_since_last_session,
        tenure_days,
        20 * greatest(1 - (days_since_last_session - 1) / 30.0, 0) as recency_points,
        20 * least(active_days_30d / 10.0, 1) as frequency_points,
        20 * least(core_actions_30d / 30.0, 1) as value_points,
        case
            when active_days_30d = 0 then 0
            else 20 * least(coalesce(active_days_30d / nullif(active_days_prior_30d, 0), 1), 1)
        end as trend_points,
        case
            when users.first_paid_date < features.snapshot_date
                then 20 * greatest(
                    1 - failed_payments_90d * 0.25 - support_tickets_30d * 0.15, 0
                )
            else 0
        end as trouble_points,
        50 * least(active_days_30d / 12.0, 1)
        + 30 * least(core_actions_30d / 40.0, 1)
        + 20 * greatest(1 - (days_since_last_session - 1) / 28.0, 0) as engagement_score

    from advanced.churn_features as features

    inner join rollups.users as users
        on features.user_id = users.user_id

),

departures as (

    select
        measured.user_id,
        measured.snapshot_date,
        min(changes.date_day) as churn_date

    from measured

    inner join rollups.customer_changes as changes
        on
            measured.user_id = changes.user_id
            and changes.change = 'churn'
            and measured.snapshot_date <= changes.date_day

    group by
        measured.user_id,
        measured.snapshot_date

)

select
    measured.user_id,
    measured.snapshot_date,
    measured.mrr_cents,
    measured.tenure_days,
    measured.days_since_last_session,
    measured.is_label_known,
    measured.has_churned_in_90d,
    departures.churn_date,
    cast(
        round(
            measured.recency_points + measured.frequency_points + measured.value_points
            + measured.trend_points + measured.trouble_points
        ) as int
    ) as health_score,
    try_cast(
        measured.plan as enum ('free', 'starter', 'professional', 'enterprise')
    ) as plan,
    try_cast(
        measured.channel as enum (
            'organic_search', 'direct', 'referral', 'content', 'email', 'paid_search',
            'paid_social', 'partner'
        )
    ) as channel,
    try_cast(
        measured.country as enum (
            'US', 'GB', 'DE', 'CA', 'FR', 'IN', 'AU', 'BR', 'NL', 'ES', 'SE', 'JP', 'PL', 'SG',
            'MX', 'IE'
        )
    ) as country,
    try_cast(
        measured.company_size as enum ('1-10', '11-50', '51-200', '201-1000', '1001+')
    ) as size,
    cast(
        case
            when round(measured.engagement_score) >= 70 then 'power'
            when round(measured.engagement_score) >= 40 then 'regular'
            when round(measured.engagement_score) >= 10 then 'casual'
            else 'inactive'
        end as enum ('power', 'regular', 'casual', 'inactive')
    ) as segment

from measured

left join departures
    on
        measured.user_id = departures.user_id
        and measured.snapshot_date = departures.snapshot_date

order by
    measured.snapshot_date,
    measured.user_id
