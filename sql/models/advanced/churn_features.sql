{% set label_days = 90 %}
{% set usual_measures = ['sessions', 'events', 'page_views', 'exports'] %}

-- Customers at every 30th day back from the end of as_of. Every feature is strictly
-- before its snapshot: snapshot k knows block k, its last 30 days, and older ones.

with

snapshots as (

    select * from {{ ref('int_customer_snapshots') }}

),

blocks as (

    select * from {{ ref('int_customer_blocks') }}

),

-- All that a snapshot knows of its customer's past. What is usual is the months of
-- this spell before the last two: a customer is measured against themselves.
history as (

    select
        snapshots.user_id,
        snapshots.snapshot_number,
        max(blocks.last_session_at) as last_session_at,
        max(snapshots.spell_started_block - snapshots.snapshot_number - 2) as usual_months,
        {% for measure in usual_measures %}
        sum(
            case
                when
                    blocks.block_number >= snapshots.snapshot_number + 2
                    and blocks.block_number < snapshots.spell_started_block
                    and blocks.sessions > 0
                    then blocks.{{ measure }}
            end
        ) as usual_{{ measure }}{% if not loop.last %},{% endif %}

        {% endfor %}

    from snapshots

    inner join blocks
        on snapshots.user_id = blocks.user_id

    where blocks.block_number >= snapshots.snapshot_number

    group by
        snapshots.user_id,
        snapshots.snapshot_number

),

joined as (

    select
        snapshots.*,
        users.channel,
        users.country,
        users.industry,
        users.company_size,
        {{ day_diff('users.signup_date', 'snapshots.snapshot_date') }} as days_since_signup,
        coalesce(
            {{ day_diff('cast(history.last_session_at as date)', 'snapshots.snapshot_date') }},
            {{ day_diff('users.signup_date', 'snapshots.snapshot_date') }}
        ) as days_since_last_session,
        coalesce(latest.sessions_last_7d, 0) as sessions_7d,
        {% for measure in [
            'sessions', 'active_days', 'events', 'core_actions', 'support_tickets',
            'page_views', 'exports', 'invites'
        ] %}
        coalesce(latest.{{ measure }}, 0) as {{ measure }}_30d,
        coalesce(before.{{ measure }}, 0) as {{ measure }}_prior_30d,
        coalesce(long_before.{{ measure }}, 0) as {{ measure }}_prior_60d,
        {% endfor %}
        coalesce(latest.duration_secs, 0) as duration_secs_30d,
        coalesce(latest.failed_payments, 0)
            + coalesce(before.failed_payments, 0)
            + coalesce(long_before.failed_payments, 0) as failed_payments_90d,
        {% for measure in usual_measures %}
        cast(history.usual_{{ measure }} as double)
            / nullif(history.usual_months, 0) as usual_{{ measure }},
        {% endfor %}
        case
            when latest.last_failed_at = latest.last_charged_at
                then {{ day_diff('cast(latest.last_failed_at as date)', 'snapshots.snapshot_date') }}
        end as days_past_due,
        greatest(
            snapshots.last_changed_at, history.last_session_at, latest.last_attempted_at
        ) as last_feature_at,
        snapshots.snapshot_number * {{ block_days() }} >= {{ label_days }} as is_label_known

    from snapshots

    inner join {{ ref('stg_users') }} as users
        on snapshots.user_id = users.user_id

    left join history
        on
            snapshots.user_id = history.user_id
            and snapshots.snapshot_number = history.snapshot_number

    left join blocks as latest
        on
            snapshots.user_id = latest.user_id
            and snapshots.snapshot_number = latest.block_number

    left join blocks as before
        on
            snapshots.user_id = before.user_id
            and snapshots.snapshot_number + 1 = before.block_number

    left join blocks as long_before
        on
            snapshots.user_id = long_before.user_id
            and snapshots.snapshot_number + 2 = long_before.block_number

),

final as (

    select
        user_id,
        snapshot_date,
        plan,
        seats,
        billing_interval,
        billing_months,
        mrr_cents,
        channel,
        country,
        industry,
        company_size,
        cast(days_since_signup as int) as days_since_signup,
        days_since_first_payment,
        tenure_days,
        days_since_last_change,
        count_reactivations,
        cast(days_since_last_session as int) as days_since_last_session,
        sessions_7d,
        sessions_30d,
        sessions_prior_30d,
        sessions_prior_60d,
        active_days_30d,
        active_days_prior_30d,
        events_30d,
        events_prior_30d,
        core_actions_30d,
        core_actions_prior_30d,
        support_tickets_30d,
        support_tickets_prior_30d,
        duration_secs_30d,
        failed_payments_90d,
        events_prior_60d,
        support_tickets_prior_60d,
        page_views_30d,
        page_views_prior_30d,
        page_views_prior_60d,
        exports_30d,
        exports_prior_30d,
        exports_prior_60d,
        invites_30d,
        invites_prior_30d,
        invites_prior_60d,
        mrr_change_90d_cents,
        {% for measure in usual_measures %}
        usual_{{ measure }},
        {% endfor %}
        days_to_renewal,
        cast(days_past_due as int) as days_past_due,
        cast(sessions_30d as double) / nullif(sessions_30d + sessions_prior_30d, 0)
            as session_trend,
        cast(events_30d as double) / nullif(events_30d + events_prior_30d, 0)
            as event_trend,
        cast(last_feature_at as timestamp) as last_feature_at,
        cast(is_label_known as boolean) as is_label_known,
        cast(
            case
                when is_label_known
                    then coalesce(
                        churned_at < cast(
                            snapshot_date + cast({{ label_days }} as int) as timestamp
                        ), false
                    )
            end as boolean
        ) as has_churned_in_90d

    from joined

)

select * from final
