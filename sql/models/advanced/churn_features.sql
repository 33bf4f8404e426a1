{% set snapshots = 24 %}
{% set days_apart = 30 %}
{% set label_days = 90 %}

-- Customers at every 30th day back from the end of as_of. A snapshot is the
-- first instant it does not know: every feature is strictly before it. Rows fall
-- into blocks of 30 days counted back from as_of, so that snapshot k sees block k
-- as its last 30 days, and joins stay equalities.

with

users as (

    select * from {{ ref('stg_users') }}

),

snapshots as (

    select {{ explode_range(snapshots) }} as snapshot_number

),

snapshot_dates as (

    select
        cast(snapshot_number as int) as snapshot_number,
        {{ as_of_date() }} + cast(1 as int)
            - cast(snapshot_number * {{ days_apart }} as int) as snapshot_date

    from snapshots

),

paid_periods as (

    select * from {{ ref('int_subscription_periods') }} where is_paid

),

-- A period [from, to) is the customer's at every snapshot after its start and
-- not after its end: numbers from the end's block to the start's.
period_snapshots as (

    select
        user_id,
        plan,
        seats,
        billing_interval,
        monthly_price_cents,
        case
            when movement in ('expansion', 'contraction') then price_change_cents
            else 0
        end as price_change_cents,
        valid_from,
        valid_to,
        spell_number,
        valid_from_date,
        cast(
            case
                when valid_to is null then 0
                else ceil(
                    cast(
                        {{ day_diff('valid_to_date', as_of_date()) }} as double
                    ) / {{ days_apart }}
                )
            end as int
        ) as first_number,
        cast(
            floor(
                cast({{ day_diff('valid_from_date', as_of_date()) }} as double)
                / {{ days_apart }}
            ) as int
        ) as last_number

    from paid_periods

),

exploded as (

    select
        *,
        {{ explode_range('least(last_number, ' ~ (snapshots - 1) ~ ') - first_number + 1') }}
            as steps_on

    from period_snapshots

    where least(last_number, {{ snapshots - 1 }}) >= first_number

),

customers as (

    select
        exploded.*,
        snapshot_dates.snapshot_number,
        snapshot_dates.snapshot_date

    from exploded

    inner join snapshot_dates
        on exploded.first_number + exploded.steps_on = snapshot_dates.snapshot_number

    where
        exploded.valid_from < cast(snapshot_dates.snapshot_date as timestamp)
        and (
            exploded.valid_to is null
            or exploded.valid_to >= cast(snapshot_dates.snapshot_date as timestamp)
        )

),

first_payments as (

    select
        user_id,
        min(valid_from_date) as first_paid_date

    from paid_periods

    group by user_id

),

spell_ends as (

    select
        user_id,
        spell_number,
        min(valid_from_date) as spell_started_date,
        max(case when is_churn then valid_to end) as churned_at

    from paid_periods

    group by
        user_id,
        spell_number

),

usage_by_block as (

    select
        user_id,
        cast(
            floor(
                cast({{ day_diff('session_date', as_of_date()) }} as double)
                / {{ days_apart }}
            ) as int
        ) as block,
        count(*) as sessions,
        sum(event_count) as events,
        sum(count_core_actions) as core_actions,
        sum(count_support_tickets) as support_tickets,
        sum(duration_secs) as duration_secs,
        count(
            case
                when {{ day_diff('session_date', as_of_date()) }} % {{ days_apart }} < 7
                    then 1
            end
        ) as sessions_last_7,
        max(case when event_count > 0 then started_at end) as last_started_at

    from {{ ref('stg_sessions') }}

    group by
        user_id,
        cast(
            floor(
                cast({{ day_diff('session_date', as_of_date()) }} as double)
                / {{ days_apart }}
            ) as int
        )

),

active_days_by_block as (

    select
        user_id,
        cast(
            floor(
                cast({{ day_diff('active_date', as_of_date()) }} as double)
                / {{ days_apart }}
            ) as int
        ) as block,
        count(*) as active_days

    from ({{ active_days(ref('stg_sessions')) }}) as active_days

    group by
        user_id,
        cast(
            floor(
                cast({{ day_diff('active_date', as_of_date()) }} as double)
                / {{ days_apart }}
            ) as int
        )

),

-- What moves with how content a customer is, whoever they are: browsing and
-- exporting instead of working, and inviting others.
event_types_by_block as (

    select
        events.user_id,
        cast(
            floor(
                cast({{ day_diff('events.event_date', as_of_date()) }} as double)
                / {{ days_apart }}
            ) as int
        ) as block,
        count(case when events.event_type = 'page_view' then 1 end) as page_views,
        count(case when events.event_type = 'export_data' then 1 end) as exports,
        count(case when events.event_type = 'invite_sent' then 1 end) as invites

    from {{ ref('stg_events') }} as events

    inner join first_payments
        on events.user_id = first_payments.user_id

    where events.event_type in ('page_view', 'export_data', 'invite_sent')

    group by
        events.user_id,
        cast(
            floor(
                cast({{ day_diff('events.event_date', as_of_date()) }} as double)
                / {{ days_apart }}
            ) as int
        )

),

payments_by_block as (

    select
        user_id,
        cast(
            floor(
                cast({{ day_diff('attempted_date', as_of_date()) }} as double)
                / {{ days_apart }}
            ) as int
        ) as block,
        count(case when status = 'failed' then 1 end) as failed_payments,
        max(attempted_at) as last_attempted_at,
        max(case when refund_of is null then attempted_at end) as last_charged_at,
        max(case when status = 'failed' then attempted_at end) as last_failed_at

    from {{ ref('stg_payments') }}

    group by
        user_id,
        cast(
            floor(
                cast({{ day_diff('attempted_date', as_of_date()) }} as double)
                / {{ days_apart }}
            ) as int
        )

),

-- Each customer's last session before each snapshot, by blocks from the oldest.
last_sessions as (

    select
        user_id,
        block,
        lead(block) over (
            partition by user_id
            order by block desc nulls last
        ) as next_block,
        max(last_started_at) over (
            partition by user_id
            order by block desc nulls last
            rows between unbounded preceding and current row
        ) as last_started_at

    from usage_by_block

),

-- A block's last session stands for its own snapshot and those up to the next block.
last_session_spans as (

    select
        user_id,
        block,
        last_started_at,
        {{ explode_range('block - coalesce(next_block, -1)') }} as steps_down

    from last_sessions

),

last_session_by_snapshot as (

    select
        user_id,
        cast(block - steps_down as int) as snapshot_number,
        last_started_at

    from last_session_spans

),

-- What a month of this spell looked like before the last two: a customer is
-- measured against themselves.
spell_usage as (

    select
        customers.user_id,
        customers.snapshot_number,
        max(
            cast(
                floor(
                    cast({{ day_diff('spell_ends.spell_started_date', as_of_date()) }} as double)
                    / {{ days_apart }}
                ) as int
            ) - customers.snapshot_number - 2
        ) as count_months,
        sum(usage.sessions) as sessions,
        sum(usage.events) as events,
        sum(coalesce(event_types.page_views, 0)) as page_views,
        sum(coalesce(event_types.exports, 0)) as exports

    from customers

    inner join spell_ends
        on
            customers.user_id = spell_ends.user_id
            and customers.spell_number = spell_ends.spell_number

    inner join usage_by_block as usage
        on customers.user_id = usage.user_id

    left join event_types_by_block as event_types
        on
            usage.user_id = event_types.user_id
            and usage.block = event_types.block

    where
        usage.block >= customers.snapshot_number + 2
        and usage.block < cast(
            floor(
                cast({{ day_diff('spell_ends.spell_started_date', as_of_date()) }} as double)
                / {{ days_apart }}
            ) as int
        )

    group by
        customers.user_id,
        customers.snapshot_number

),

joined as (

    select
        customers.user_id,
        customers.snapshot_date,
        customers.snapshot_number,
        customers.plan,
        customers.seats,
        customers.billing_interval,
        customers.monthly_price_cents,
        users.channel,
        users.country,
        users.industry,
        users.company_size,
        {{ day_diff('users.signup_date', 'customers.snapshot_date') }}
            as days_since_signup,
        {{ day_diff('first_payments.first_paid_date', 'customers.snapshot_date') }}
            as days_since_first_payment,
        {{ day_diff('spell_ends.spell_started_date', 'customers.snapshot_date') }}
            as tenure_days,
        {{ day_diff('customers.valid_from_date', 'customers.snapshot_date') }}
            as days_since_last_change,
        customers.spell_number - 1 as count_reactivations,
        coalesce(usage_1.sessions, 0) as sessions_30d,
        coalesce(usage_2.sessions, 0) as sessions_prior_30d,
        coalesce(usage_3.sessions, 0) as sessions_prior_60d,
        coalesce(usage_1.sessions_last_7, 0) as sessions_7d,
        coalesce(days_1.active_days, 0) as active_days_30d,
        coalesce(days_2.active_days, 0) as active_days_prior_30d,
        coalesce(usage_1.events, 0) as events_30d,
        coalesce(usage_2.events, 0) as events_prior_30d,
        coalesce(usage_1.core_actions, 0) as core_actions_30d,
        coalesce(usage_2.core_actions, 0) as core_actions_prior_30d,
        coalesce(usage_1.support_tickets, 0) as support_tickets_30d,
        coalesce(usage_2.support_tickets, 0) as support_tickets_prior_30d,
        coalesce(usage_1.duration_secs, 0) as duration_secs_30d,
        coalesce(usage_3.events, 0) as events_prior_60d,
        coalesce(usage_3.support_tickets, 0) as support_tickets_prior_60d,
        {% for measure in ['page_views', 'exports', 'invites'] %}
        coalesce(types_1.{{ measure }}, 0) as {{ measure }}_30d,
        coalesce(types_2.{{ measure }}, 0) as {{ measure }}_prior_30d,
        coalesce(types_3.{{ measure }}, 0) as {{ measure }}_prior_60d,
        {% endfor %}
        {% for measure in ['sessions', 'events', 'page_views', 'exports'] %}
        cast(spell_usage.{{ measure }} as double)
            / nullif(spell_usage.count_months, 0) as usual_{{ measure }},
        {% endfor %}
        case
            when customers.billing_interval = 'year'
                then 365
                    - {{ day_diff('spell_ends.spell_started_date', 'customers.snapshot_date') }}
                    % 365
        end as days_to_renewal,
        case
            when payments_1.last_failed_at = payments_1.last_charged_at
                then {{ day_diff(
                    'cast(payments_1.last_failed_at as date)',
                    'customers.snapshot_date'
                ) }}
        end as days_past_due,
        case
            when {{ day_diff('customers.valid_from_date', 'customers.snapshot_date') }} <= 90
                then customers.price_change_cents
            else 0
        end as mrr_change_90d_cents,
        coalesce(payments_1.failed_payments, 0)
            + coalesce(payments_2.failed_payments, 0)
            + coalesce(payments_3.failed_payments, 0) as failed_payments_90d,
        coalesce(
            {{ day_diff(
                'cast(last_session.last_started_at as date)',
                'customers.snapshot_date'
            ) }},
            {{ day_diff('users.signup_date', 'customers.snapshot_date') }}
        ) as days_since_last_session,
        greatest(
            customers.valid_from,
            coalesce(last_session.last_started_at, customers.valid_from),
            coalesce(payments_1.last_attempted_at, customers.valid_from)
        ) as last_feature_at,
        spell_ends.churned_at

    from customers

    inner join users
        on customers.user_id = users.user_id

    inner join first_payments
        on customers.user_id = first_payments.user_id

    inner join spell_ends
        on
            customers.user_id = spell_ends.user_id
            and customers.spell_number = spell_ends.spell_number

    left join usage_by_block as usage_1
        on
            customers.user_id = usage_1.user_id
            and customers.snapshot_number = usage_1.block

    left join usage_by_block as usage_2
        on
            customers.user_id = usage_2.user_id
            and customers.snapshot_number + 1 = usage_2.block

    left join usage_by_block as usage_3
        on
            customers.user_id = usage_3.user_id
            and customers.snapshot_number + 2 = usage_3.block

    left join active_days_by_block as days_1
        on
            customers.user_id = days_1.user_id
            and customers.snapshot_number = days_1.block

    left join active_days_by_block as days_2
        on
            customers.user_id = days_2.user_id
            and customers.snapshot_number + 1 = days_2.block

    left join payments_by_block as payments_1
        on
            customers.user_id = payments_1.user_id
            and customers.snapshot_number = payments_1.block

    left join payments_by_block as payments_2
        on
            customers.user_id = payments_2.user_id
            and customers.snapshot_number + 1 = payments_2.block

    left join payments_by_block as payments_3
        on
            customers.user_id = payments_3.user_id
            and customers.snapshot_number + 2 = payments_3.block

    {% for number in [1, 2, 3] %}
    left join event_types_by_block as types_{{ number }}
        on
            customers.user_id = types_{{ number }}.user_id
            and customers.snapshot_number + {{ number - 1 }} = types_{{ number }}.block
    {% endfor %}

    left join spell_usage
        on
            customers.user_id = spell_usage.user_id
            and customers.snapshot_number = spell_usage.snapshot_number

    left join last_session_by_snapshot as last_session
        on
            customers.user_id = last_session.user_id
            and customers.snapshot_number = last_session.snapshot_number

),

final as (

    select
        user_id,
        cast(snapshot_date as date) as snapshot_date,
        cast(plan as string) as plan,
        cast(seats as int) as seats,
        cast(billing_interval as string) as billing_interval,
        cast(monthly_price_cents as bigint) as mrr_cents,
        channel,
        country,
        industry,
        company_size,
        cast(days_since_signup as int) as days_since_signup,
        cast(days_since_first_payment as int) as days_since_first_payment,
        cast(tenure_days as int) as tenure_days,
        cast(days_since_last_change as int) as days_since_last_change,
        cast(count_reactivations as int) as count_reactivations,
        cast(days_since_last_session as int) as days_since_last_session,
        {% for feature in [
            'sessions_7d', 'sessions_30d', 'sessions_prior_30d', 'sessions_prior_60d',
            'active_days_30d', 'active_days_prior_30d', 'events_30d',
            'events_prior_30d', 'core_actions_30d', 'core_actions_prior_30d',
            'support_tickets_30d', 'support_tickets_prior_30d', 'duration_secs_30d',
            'failed_payments_90d', 'events_prior_60d', 'support_tickets_prior_60d',
            'page_views_30d', 'page_views_prior_30d', 'page_views_prior_60d',
            'exports_30d', 'exports_prior_30d', 'exports_prior_60d',
            'invites_30d', 'invites_prior_30d', 'invites_prior_60d',
            'mrr_change_90d_cents'
        ] %}
        cast({{ feature }} as bigint) as {{ feature }},
        {% endfor %}
        {% for measure in ['sessions', 'events', 'page_views', 'exports'] %}
        cast(usual_{{ measure }} as double) as usual_{{ measure }},
        {% endfor %}
        cast(days_to_renewal as int) as days_to_renewal,
        cast(days_past_due as int) as days_past_due,
        cast(sessions_30d as double) / nullif(sessions_30d + sessions_prior_30d, 0)
            as session_trend,
        cast(events_30d as double) / nullif(events_30d + events_prior_30d, 0)
            as event_trend,
        cast(last_feature_at as timestamp) as last_feature_at,
        cast(
            snapshot_number * {{ days_apart }} >= {{ label_days }} as boolean
        ) as is_label_known,
        cast(
            case
                when snapshot_number * {{ days_apart }} >= {{ label_days }}
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
