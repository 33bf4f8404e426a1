{% set categories = ['navigation', 'analysis', 'automation', 'teamwork', 'administration'] %}

with

users as (

    select * from {{ ref('stg_users') }}

),

lifecycles as (

    select * from {{ ref('int_user_lifecycle') }}

),

recent_sessions as (

    select
        user_id,
        count_core_actions,
        count_support_tickets,
        {{ day_diff('session_date', as_of_date()) }} as days_ago

    from {{ ref('stg_sessions') }}

    where session_date > {{ as_of_date() }} - cast(56 as int)

),

recent_days as (

    select
        user_id,
        {{ day_diff('active_date', as_of_date()) }} as days_ago

    from ({{ active_days(ref('stg_sessions')) }}) as active_days

    where active_date > {{ as_of_date() }} - cast(56 as int)

),

days_aggregated_to_users as (

    select
        user_id,
        count(case when days_ago < 28 then 1 end) as count_active_days_28d,
        count(case when days_ago >= 28 then 1 end) as count_active_days_prior_28d

    from recent_days

    group by user_id

),

sessions_aggregated_to_users as (

    select
        user_id,
        count(case when days_ago < 28 then 1 end) as count_sessions_28d,
        sum(case when days_ago < 28 then count_core_actions else 0 end)
            as count_core_actions_28d,
        sum(case when days_ago < 28 then count_support_tickets else 0 end)
            as count_support_tickets_28d

    from recent_sessions

    group by user_id

),

event_types as (

    select
        event_type,
        category

    from {{ ref('event_type_details') }}

),

events_aggregated_to_users as (

    select
        events.user_id,
        {% for category in categories %}
        count(case when event_types.category = '{{ category }}' then 1 end)
            as {{ category }}_events,
        {% endfor %}
        count(*) as count_events

    from {{ ref('stg_events') }} as events

    left join event_types
        on events.event_type = event_types.event_type

    group by events.user_id

),

payments_aggregated_to_users as (

    select
        user_id,
        sum(net_cents) as lifetime_revenue_cents,
        max(case when status = 'succeeded' then attempted_date end)
            as last_paid_date

    from {{ ref('int_revenue_normalized') }}

    group by user_id

),

joined as (

    select
        users.*,
        lifecycles.current_plan,
        lifecycles.is_paying,
        lifecycles.mrr_cents,
        lifecycles.first_paid_at,
        lifecycles.churned_at,
        lifecycles.is_activated,
        lifecycles.hours_to_activation,
        lifecycles.last_active_at,
        lifecycles.days_inactive,
        lifecycles.lifecycle_state,
        lifecycles.count_sessions,
        lifecycles.count_events,
        {% for category in categories %}
        cast(events.{{ category }}_events as double)
            / nullif(events.count_events, 0) as {{ category }}_share,
        {% endfor %}
        coalesce(days.count_active_days_28d, 0) as count_active_days_28d,
        coalesce(days.count_active_days_prior_28d, 0)
            as count_active_days_prior_28d,
        coalesce(sessions.count_sessions_28d, 0) as count_sessions_28d,
        coalesce(sessions.count_core_actions_28d, 0) as count_core_actions_28d,
        coalesce(sessions.count_support_tickets_28d, 0)
            as count_support_tickets_28d,
        coalesce(payments.lifetime_revenue_cents, 0) as lifetime_revenue_cents,
        payments.last_paid_date

    from users

    left join lifecycles
        on users.user_id = lifecycles.user_id

    left join events_aggregated_to_users as events
        on users.user_id = events.user_id

    left join days_aggregated_to_users as days
        on users.user_id = days.user_id

    left join sessions_aggregated_to_users as sessions
        on users.user_id = sessions.user_id

    left join payments_aggregated_to_users as payments
        on users.user_id = payments.user_id

),

-- Half for coming often, a third for doing what counts, the rest for coming lately.
scored as (

    select
        *,
        cast(
            round(
                50 * least(cast(count_active_days_28d as double) / 12, 1)
                + 30 * least(cast(count_core_actions_28d as double) / 40, 1)
                + 20 * greatest(1 - cast(days_inactive as double) / 28, 0)
            ) as int
        ) as engagement_score

    from joined

),

final as (

    select
        user_id,
        full_name,
        email,
        account_id,
        account_name,
        signed_up_at,
        signup_date,
        cohort_month,
        cohort_week,
        country,
        industry,
        company_size,
        channel,
        initial_plan,
        trial_type,
        is_verified,
        experiment_variant,
        cast(current_plan as string) as current_plan,
        is_paying,
        mrr_cents,
        first_paid_at,
        churned_at,
        is_activated,
        hours_to_activation,
        last_active_at,
        days_inactive,
        lifecycle_state,
        count_sessions,
        count_events,
        {% for category in categories %}
        {{ category }}_share,
        {% endfor %}
        cast(count_active_days_28d as int) as count_active_days_28d,
        cast(count_active_days_prior_28d as int) as count_active_days_prior_28d,
        cast(count_sessions_28d as bigint) as count_sessions_28d,
        cast(count_core_actions_28d as bigint) as count_core_actions_28d,
        cast(count_support_tickets_28d as bigint) as count_support_tickets_28d,
        cast(lifetime_revenue_cents as bigint) as lifetime_revenue_cents,
        cast(last_paid_date as date) as last_paid_date,
        engagement_score,
        cast(
            case
                when engagement_score >= 70 then 'power'
                when engagement_score >= 40 then 'regular'
                when engagement_score >= 10 then 'casual'
                else 'inactive'
            end as string
        ) as segment

    from scored

)

select * from final
