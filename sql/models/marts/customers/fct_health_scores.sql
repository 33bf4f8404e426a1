-- Five components of 0 to 20 points each; a score needs no model behind it, so
-- that the learned churn risk has something simple to beat.

with

users as (

    select * from {{ ref('dim_users') }}

),

recent_payments as (

    select
        user_id,
        count(case when status = 'failed' then 1 end) as count_failed_90d,
        count(*) as count_attempts_90d

    from {{ ref('int_revenue_normalized') }}

    where
        is_attempt
        and attempted_date > {{ as_of_date() }} - cast(90 as int)

    group by user_id

),

components as (

    select
        users.*,
        coalesce(recent_payments.count_failed_90d, 0) as count_failed_90d,
        20 * greatest(1 - cast(users.days_inactive as double) / 30, 0)
            as recency_points,
        20 * least(cast(users.count_active_days_28d as double) / 10, 1)
            as frequency_points,
        20 * least(cast(users.count_core_actions_28d as double) / 30, 1)
            as value_points,
        -- Steady use has all points; use that halved has half of them.
        case
            when users.count_active_days_28d = 0 then 0
            else 20 * least(
                coalesce(
                    cast(users.count_active_days_28d as double)
                    / nullif(users.count_active_days_prior_28d, 0),
                    1
                ),
                1
            )
        end as trend_points,
        -- Who never paid has had no chance of trouble with paying.
        case
            when users.first_paid_at is null then 0
            else 20 * greatest(
                1
                - cast(coalesce(recent_payments.count_failed_90d, 0) as double) * 0.25
                - cast(users.count_support_tickets_28d as double) * 0.15,
                0
            )
        end as trouble_points

    from users

    left join recent_payments
        on users.user_id = recent_payments.user_id

),

scored as (

    select
        *,
        cast(
            round(
                recency_points + frequency_points + value_points
                + trend_points + trouble_points
            ) as int
        ) as health_score

    from components

),

final as (

    select
        user_id,
        {{ as_of_date() }} as as_of_date,
        is_paying,
        current_plan as plan,
        channel,
        country,
        company_size,
        mrr_cents,
        health_score,
        cast(
            case
                when health_score >= 60 then 'healthy'
                when health_score >= 35 then 'watch'
                else 'at_risk'
            end as string
        ) as status,
        cast(recency_points as double) as recency_points,
        cast(frequency_points as double) as frequency_points,
        cast(value_points as double) as value_points,
        cast(trend_points as double) as trend_points,
        cast(trouble_points as double) as trouble_points,
        cast(count_failed_90d as int) as count_failed_payments_90d,
        count_support_tickets_28d,
        days_inactive

    from scored

)

select * from final
