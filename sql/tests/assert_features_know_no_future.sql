-- Features are recounted from the rows strictly before their snapshot: one that
-- reads a row at or after it comes out otherwise.

with

churn_recounted as (

    select
        features.user_id,
        features.snapshot_date,
        features.sessions_30d,
        features.events_30d,
        features.core_actions_30d,
        features.support_tickets_30d,
        count(sessions.session_id) as recounted_sessions,
        coalesce(sum(sessions.event_count), 0) as recounted_events,
        coalesce(sum(sessions.count_core_actions), 0) as recounted_core_actions,
        coalesce(sum(sessions.count_support_tickets), 0) as recounted_tickets

    from {{ ref('churn_features') }} as features

    left join {{ ref('stg_sessions') }} as sessions
        on
            features.user_id = sessions.user_id
            and sessions.session_date < features.snapshot_date
            and sessions.session_date >= features.snapshot_date - cast(30 as int)

    group by
        features.user_id,
        features.snapshot_date,
        features.sessions_30d,
        features.events_30d,
        features.core_actions_30d,
        features.support_tickets_30d

),

ltv_recounted as (

    select
        features.user_id,
        features.snapshot_date,
        features.sessions_30d,
        features.events_30d,
        features.core_actions_30d,
        features.support_tickets_30d,
        count(sessions.session_id) as recounted_sessions,
        coalesce(sum(sessions.event_count), 0) as recounted_events,
        coalesce(sum(sessions.count_core_actions), 0) as recounted_core_actions,
        coalesce(sum(sessions.count_support_tickets), 0) as recounted_tickets

    from {{ ref('ltv_features') }} as features

    left join {{ ref('stg_sessions') }} as sessions
        on
            features.user_id = sessions.user_id
            and sessions.session_date < features.snapshot_date

    group by
        features.user_id,
        features.snapshot_date,
        features.sessions_30d,
        features.events_30d,
        features.core_actions_30d,
        features.support_tickets_30d

),

payments_recounted as (

    select
        features.user_id,
        features.snapshot_date,
        features.failed_payments_90d,
        count(payments.payment_id) as recounted_payments

    from {{ ref('churn_features') }} as features

    left join {{ ref('stg_payments') }} as payments
        on
            features.user_id = payments.user_id
            and payments.status = 'failed'
            and payments.attempted_date < features.snapshot_date
            and payments.attempted_date >= features.snapshot_date - cast(90 as int)

    group by
        features.user_id,
        features.snapshot_date,
        features.failed_payments_90d

),

recounted as (

    select * from churn_recounted

    union all

    select * from ltv_recounted

)

select
    user_id,
    snapshot_date

from recounted

where
    sessions_30d <> recounted_sessions
    or events_30d <> recounted_events
    or core_actions_30d <> recounted_core_actions
    or support_tickets_30d <> recounted_tickets

union all

select
    user_id,
    snapshot_date

from payments_recounted

where failed_payments_90d <> recounted_payments
