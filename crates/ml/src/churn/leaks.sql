-- The reference system's features, reckoned at the date of the label instead of
-- the snapshot: they know whether the customer left.
with

last_sessions as (

    select
        features.user_id,
        features.snapshot_date,
        max(sessions.started_at) as last_started_at,
        count(case when sessions.started_at >= features.snapshot_date then 1 end) as sessions_after

    from advanced.churn_features as features

    left join staging.stg_sessions as sessions
        on
            features.user_id = sessions.user_id
            and sessions.started_at < features.snapshot_date + interval 90 day

    group by 1, 2

),

last_payments as (

    select
        features.user_id,
        features.snapshot_date,
        max(case when payments.status = 'succeeded' then payments.attempted_at end) as last_paid_at

    from advanced.churn_features as features

    left join staging.stg_payments as payments
        on
            features.user_id = payments.user_id
            and payments.attempted_at < features.snapshot_date + interval 90 day

    group by 1, 2

)

select
    features.user_id,
    features.snapshot_date,
    cast(date_diff('hour', last_sessions.last_started_at, cast(features.snapshot_date + interval 90 day as timestamp)) as double) / 24 as days_inactive_at_label,
    last_sessions.sessions_after as sessions_until_label,
    cast(date_diff('hour', last_payments.last_paid_at, cast(features.snapshot_date + interval 90 day as timestamp)) as double) / 24 as days_since_payment_at_label,
    holdings.user_id is null as has_ended_at_label

from advanced.churn_features as features

inner join last_sessions
    on
        features.user_id = last_sessions.user_id
        and features.snapshot_date = last_sessions.snapshot_date

inner join last_payments
    on
        features.user_id = last_payments.user_id
        and features.snapshot_date = last_payments.snapshot_date

-- What the customer holds then; a plan that was changed or an add-on that was dropped is no end.
left join intermediate.int_subscription_periods as holdings
    on
        holdings.is_paid
        and features.user_id = holdings.user_id
        and holdings.valid_from < cast(features.snapshot_date + interval 90 day as timestamp)
        and coalesce(holdings.valid_to, timestamp '9999-12-31') >= cast(features.snapshot_date + interval 90 day as timestamp)

order by features.snapshot_date, features.user_id
