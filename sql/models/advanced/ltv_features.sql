{% set feature_days = 30 %}
{% set target_days = 365 %}

-- One snapshot a user, 30 days after the signup: what those days showed, and the
-- revenue earned in the year that follows. Users with fewer than 30 days are left out.

with

users as (

    select
        *,
        signup_date + cast({{ feature_days }} as int) as snapshot_date

    from {{ ref('stg_users') }}

    where
        signup_date + cast({{ feature_days }} as int)
        <= {{ as_of_date() }} + cast(1 as int)

),

usage_in_first_days as (

    select
        users.user_id,
        count(*) as sessions,
        sum(sessions.event_count) as events,
        sum(sessions.count_core_actions) as core_actions,
        sum(sessions.count_support_tickets) as support_tickets,
        sum(sessions.duration_secs) as duration_secs,
        max(sessions.started_at) as last_started_at

    from users

    inner join {{ ref('stg_sessions') }} as sessions
        on users.user_id = sessions.user_id

    where sessions.session_date < users.snapshot_date

    group by users.user_id

),

days_in_first_days as (

    select
        users.user_id,
        count(*) as active_days

    from users

    inner join ({{ active_days(ref('stg_sessions')) }}) as active_days
        on users.user_id = active_days.user_id

    where active_days.active_date < users.snapshot_date

    group by users.user_id

),

periods_at_snapshot as (

    select
        users.user_id,
        max(case when periods.is_paid then periods.plan end) as plan,
        max(case when periods.is_paid then periods.billing_interval end)
            as billing_interval,
        max(periods.seats) as seats,
        sum(periods.monthly_price_cents) as mrr_cents,
        max(periods.valid_from) as last_changed_at,
        max(case when periods.is_paid then 0 else 1 end) as is_trialing

    from users

    inner join {{ ref('int_subscription_periods') }} as periods
        on users.user_id = periods.user_id

    where
        periods.valid_from_date < users.snapshot_date
        and (periods.valid_to is null or periods.valid_to_date >= users.snapshot_date)

    group by users.user_id

),

payments_before_snapshot as (

    select
        users.user_id,
        sum(
            case when payments.attempted_date < users.snapshot_date then payments.gross_cents else 0 end
        ) as revenue_cents,
        sum(
            case when payments.attempted_date < users.snapshot_date then payments.failed_cents else 0 end
        ) as failed_cents,
        max(
            case when payments.attempted_date < users.snapshot_date then payments.attempted_at end
        ) as last_attempted_at

    from users

    inner join {{ ref('int_revenue_normalized') }} as payments
        on users.user_id = payments.user_id

    group by users.user_id

),

-- A day of a paid period counts a 365th of twelve monthly prices, whenever it
-- is charged (decision 0082).
service_after_snapshot as (

    select
        users.user_id,
        sum(
            periods.monthly_price_cents * 12 * {{ day_diff(
                'greatest(periods.valid_from_date, users.snapshot_date)',
                'least(coalesce(periods.valid_to_date, users.snapshot_date + cast(' ~ target_days ~ ' as int)), users.snapshot_date + cast(' ~ target_days ~ ' as int))'
            ) }}
        ) as price_days

    from users

    inner join {{ ref('int_subscription_periods') }} as periods
        on users.user_id = periods.user_id

    where
        periods.is_paid
        and periods.valid_from_date < users.snapshot_date + cast({{ target_days }} as int)
        and (periods.valid_to is null or periods.valid_to_date > users.snapshot_date)

    group by users.user_id

),

activations as (

    select
        user_id,
        is_activated,
        hours_to_activation

    from {{ ref('int_user_lifecycle') }}

),

joined as (

    select
        users.*,
        coalesce(usage.sessions, 0) as sessions_30d,
        coalesce(days.active_days, 0) as active_days_30d,
        coalesce(usage.events, 0) as events_30d,
        coalesce(usage.core_actions, 0) as core_actions_30d,
        coalesce(usage.support_tickets, 0) as support_tickets_30d,
        coalesce(usage.duration_secs, 0) as duration_secs_30d,
        coalesce(periods.plan, 'free') as plan,
        coalesce(periods.billing_interval, 'none') as billing_interval,
        coalesce(periods.seats, 0) as seats,
        coalesce(periods.mrr_cents, 0) as mrr_cents,
        coalesce(periods.is_trialing, 0) = 1 as is_trialing,
        coalesce(payments.revenue_cents, 0) as revenue_30d_cents,
        coalesce(payments.failed_cents, 0) as failed_30d_cents,
        cast(floor(cast(coalesce(service.price_days, 0) as double) / 365) as bigint)
            as next_revenue_cents,
        activations.is_activated,
        activations.hours_to_activation,
        greatest(
            users.signed_up_at,
            coalesce(usage.last_started_at, users.signed_up_at),
            coalesce(periods.last_changed_at, users.signed_up_at),
            coalesce(payments.last_attempted_at, users.signed_up_at)
        ) as last_feature_at,
        {{ day_diff('users.snapshot_date', as_of_date()) }} + 1 as days_observed

    from users

    left join usage_in_first_days as usage
        on users.user_id = usage.user_id

    left join days_in_first_days as days
        on users.user_id = days.user_id

    left join periods_at_snapshot as periods
        on users.user_id = periods.user_id

    left join payments_before_snapshot as payments
        on users.user_id = payments.user_id

    left join service_after_snapshot as service
        on users.user_id = service.user_id

    left join activations
        on users.user_id = activations.user_id

),

final as (

    select
        user_id,
        cast(snapshot_date as date) as snapshot_date,
        cohort_month,
        channel,
        country,
        industry,
        company_size,
        initial_plan,
        trial_type,
        is_verified,
        cast(plan as string) as plan,
        cast(billing_interval as string) as billing_interval,
        cast(seats as int) as seats,
        cast(mrr_cents as bigint) as mrr_cents,
        cast(is_trialing as boolean) as is_trialing,
        cast(revenue_30d_cents as bigint) as revenue_30d_cents,
        cast(failed_30d_cents as bigint) as failed_30d_cents,
        {% for feature in [
            'sessions_30d', 'active_days_30d', 'events_30d', 'core_actions_30d',
            'support_tickets_30d', 'duration_secs_30d'
        ] %}
        cast({{ feature }} as bigint) as {{ feature }},
        {% endfor %}
        cast(is_activated as boolean) as is_activated,
        cast(hours_to_activation as double) as hours_to_activation,
        cast(last_feature_at as timestamp) as last_feature_at,
        cast(days_observed >= {{ target_days }} as boolean) as is_target_known,
        cast(
            case when days_observed >= {{ target_days }} then next_revenue_cents end
            as bigint
        ) as next_12_months_revenue_cents

    from joined

)

select * from final
