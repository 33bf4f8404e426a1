{% set activation_hours = 168 %}
{% set new_days = 14 %}
{% set at_risk_days = 14 %}
{% set dormant_days = 30 %}

with

users as (

    select * from {{ ref('stg_users') }}

),

sessions_aggregated_to_users as (

    select
        user_id,
        count(*) as count_sessions,
        sum(event_count) as count_events,
        sum(count_core_actions) as count_core_actions,
        max(case when event_count > 0 then ended_at end) as last_active_at

    from {{ ref('stg_sessions') }}

    group by user_id

),

-- The first of each since the signup: a row from before it (a faulty clock) is no set-up.
setup_steps as (

    select
        events.user_id,
        min(
            case
                when events.event_type = 'integration_connected'
                    then events.event_at
            end
        ) as first_integration_at,
        min(
            case
                when events.event_type = 'report_created' then events.event_at
            end
        ) as first_report_at

    from {{ ref('stg_events') }} as events

    inner join users
        on events.user_id = users.user_id

    where
        events.event_type in ('integration_connected', 'report_created')
        and events.event_at >= users.signed_up_at

    group by events.user_id

),

periods_aggregated_to_users as (

    select
        user_id,
        min(case when is_paid then valid_from end) as first_subscribed_at,
        max(case when is_churn then valid_to end) as last_churned_at,
        max(case when is_current and is_paid then plan end) as paid_plan,
        max(case when is_current and not is_paid then plan end) as trial_plan,
        sum(case when is_current then monthly_price_cents else 0 end)
            as mrr_cents

    from {{ ref('int_subscription_periods') }}

    group by user_id

),

-- A payment is money: attempts that failed are none
-- (decision 0129).
payments_aggregated_to_users as (

    select
        user_id,
        min(attempted_at) as first_paid_at

    from {{ ref('stg_payments') }}

    where status = 'succeeded'

    group by user_id

),

joined as (

    select
        users.user_id,
        users.signed_up_at,
        users.signup_date,
        users.cohort_month,
        coalesce(periods.paid_plan, 'free') as current_plan,
        periods.paid_plan is not null as is_paying,
        periods.trial_plan is not null as is_trialing,
        coalesce(periods.mrr_cents, 0) as mrr_cents,
        periods.first_subscribed_at,
        payments.first_paid_at,
        case when periods.paid_plan is null then periods.last_churned_at end
            as churned_at,
        sessions.last_active_at,
        coalesce(sessions.count_sessions, 0) as count_sessions,
        coalesce(sessions.count_events, 0) as count_events,
        coalesce(sessions.count_core_actions, 0) as count_core_actions,
        greatest(
            steps.first_integration_at, steps.first_report_at
        ) as both_steps_at,
        steps.first_integration_at is not null
            and steps.first_report_at is not null as has_both_steps,
        {{ epoch_s('users.signed_up_at') }} as signed_up_epoch,
        {{ epoch_s(as_of_end()) }} as as_of_epoch

    from users

    left join sessions_aggregated_to_users as sessions
        on users.user_id = sessions.user_id

    left join setup_steps as steps
        on users.user_id = steps.user_id

    left join periods_aggregated_to_users as periods
        on users.user_id = periods.user_id

    left join payments_aggregated_to_users as payments
        on users.user_id = payments.user_id

),

measured as (

    select
        *,
        {{ day_diff(
            'coalesce(cast(last_active_at as date), signup_date)',
            as_of_date()
        ) }} as days_inactive,
        {{ day_diff('signup_date', as_of_date()) }} as days_since_signup,
        case
            when has_both_steps
                then {{ epoch_s('both_steps_at') }} - signed_up_epoch
        end as secs_to_both_steps

    from joined

),

activated as (

    select
        *,
        coalesce(
            secs_to_both_steps < {{ activation_hours }} * 3600, false
        ) as is_activated

    from measured

),

final as (

    select
        user_id,
        signed_up_at,
        signup_date,
        cohort_month,
        cast(current_plan as string) as current_plan,
        cast(is_paying as boolean) as is_paying,
        cast(is_trialing as boolean) as is_trialing,
        cast(mrr_cents as bigint) as mrr_cents,
        cast(first_subscribed_at as timestamp) as first_subscribed_at,
        cast(first_paid_at as timestamp) as first_paid_at,
        cast(churned_at as timestamp) as churned_at,
        cast(last_active_at as timestamp) as last_active_at,
        cast(days_inactive as int) as days_inactive,
        cast(days_since_signup as int) as days_since_signup,
        cast(count_sessions as bigint) as count_sessions,
        cast(count_events as bigint) as count_events,
        cast(count_core_actions as bigint) as count_core_actions,
        cast(is_activated as boolean) as is_activated,
        cast(case when is_activated then both_steps_at end as timestamp)
            as activated_at,
        case
            when is_activated
                then cast(secs_to_both_steps as double) / 3600
        end as hours_to_activation,
        cast(
            as_of_epoch - signed_up_epoch >= {{ activation_hours }} * 3600
            as boolean
        ) as is_activation_window_over,
        cast(
            case
                when churned_at is not null then 'churned'
                when days_since_signup < {{ new_days }} then 'new'
                when days_inactive < {{ at_risk_days }} then 'active'
                when days_inactive < {{ dormant_days }} then 'at_risk'
                else 'dormant'
            end as string
        ) as lifecycle_state

    from activated

)

select * from final
