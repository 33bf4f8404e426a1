-- Customers as churn_features has them, with what they paid and who they were then (not now: whoever
-- left since is on no plan), the health score of fct_health_scores and the segment of dim_users
-- rebuilt from what was known by then, and the day on which they left, if they did.

with

users as (

    select * from {{ ref('srv_users') }}

),

features as (

    select
        features.*,
        users.first_paid_date

    from {{ ref('churn_features') }} as features

    inner join users
        on features.user_id = users.user_id

),

measured as (

    select
        *,
        20 * greatest(1 - cast(days_since_last_session - 1 as double) / 30, 0)
            as recency_points,
        20 * least(cast(active_days_30d as double) / 10, 1) as frequency_points,
        20 * least(cast(core_actions_30d as double) / 30, 1) as value_points,
        case
            when active_days_30d = 0 then 0
            else 20 * least(
                coalesce(
                    cast(active_days_30d as double) / nullif(active_days_prior_30d, 0), 1
                ),
                1
            )
        end as trend_points,
        case
            when first_paid_date < snapshot_date
                then 20 * greatest(
                    1
                    - cast(failed_payments_90d as double) * 0.25
                    - cast(support_tickets_30d as double) * 0.15,
                    0
                )
            else 0
        end as trouble_points,
        50 * least(cast(active_days_30d as double) / 12, 1)
        + 30 * least(cast(core_actions_30d as double) / 40, 1)
        + 20 * greatest(1 - cast(days_since_last_session - 1 as double) / 28, 0)
            as engagement_score

    from features

),

departures as (

    select
        features.user_id,
        features.snapshot_date,
        min(changes.date_day) as churn_date

    from features

    inner join {{ ref('srv_customer_changes') }} as changes
        on
            features.user_id = changes.user_id
            and features.snapshot_date <= changes.date_day

    where changes.change = 'churn'

    group by
        features.user_id,
        features.snapshot_date

),

final as (

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
        {{ compact('measured.plan', 'plan') }} as plan,
        {{ compact('measured.channel', 'channel') }} as channel,
        {{ compact('measured.country', 'country') }} as country,
        {{ compact('measured.company_size', 'size') }} as size,
        {{ compact("case when round(measured.engagement_score) >= 70 then 'power' when round(measured.engagement_score) >= 40 then 'regular' when round(measured.engagement_score) >= 10 then 'casual' else 'inactive' end", 'segment') }}
            as segment

    from measured

    left join departures
        on
            measured.user_id = departures.user_id
            and measured.snapshot_date = departures.snapshot_date

)

select * from final

order by
    snapshot_date,
    user_id
