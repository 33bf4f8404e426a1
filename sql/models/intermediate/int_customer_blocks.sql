-- What customers did and paid, by blocks of 30 days counted back from as_of, so that
-- whoever looks back from a snapshot joins blocks by their numbers.

with

customers as (

    select distinct user_id

    from {{ ref('int_subscription_periods') }}

    where is_paid

),

sessions as (

    select sessions.*

    from {{ ref('stg_sessions') }} as sessions

    inner join customers
        on sessions.user_id = customers.user_id

),

usage_by_block as (

    select
        user_id,
        {{ block_number('session_date') }} as block_number,
        count(*) as sessions,
        count(
            case
                when {{ day_diff('session_date', as_of_date()) }} % {{ block_days() }} < 7
                    then 1
            end
        ) as sessions_last_7d,
        sum(event_count) as events,
        sum(count_core_actions) as core_actions,
        sum(count_support_tickets) as support_tickets,
        sum(duration_secs) as duration_secs,
        max(case when event_count > 0 then started_at end) as last_session_at

    from sessions

    group by
        user_id,
        {{ block_number('session_date') }}

),

active_days_by_block as (

    select
        user_id,
        {{ block_number('active_date') }} as block_number,
        count(*) as active_days

    from ({{ active_days('sessions') }}) as active_days

    group by
        user_id,
        {{ block_number('active_date') }}

),

-- What moves with how content a customer is, whoever they are: browsing and
-- exporting instead of working, and inviting others.
event_types_by_block as (

    select
        events.user_id,
        {{ block_number('events.event_date') }} as block_number,
        count(case when events.event_type = 'page_view' then 1 end) as page_views,
        count(case when events.event_type = 'export_data' then 1 end) as exports,
        count(case when events.event_type = 'invite_sent' then 1 end) as invites

    from {{ ref('stg_events') }} as events

    inner join customers
        on events.user_id = customers.user_id

    where events.event_type in ('page_view', 'export_data', 'invite_sent')

    group by
        events.user_id,
        {{ block_number('events.event_date') }}

),

-- Attempts at bills, beside the subscription's next one: what goes back is no attempt.
payments as (

    select
        user_id,
        status,
        attempted_at,
        attempted_date,
        lead(attempted_date) over (
            partition by subscription_id, case when refund_of is null then 1 else 0 end
            order by attempted_at nulls last, payment_id
        ) as next_attempted_date

    from {{ ref('stg_payments') }}

),

-- A failed attempt is open at the end of its block if the subscription's next one is of
-- another: a paid add-on settles no open bill of the plan.
payments_by_block as (

    select
        payments.user_id,
        {{ block_number('payments.attempted_date') }} as block_number,
        count(case when payments.status = 'failed' then 1 end) as failed_payments,
        max(payments.attempted_at) as last_attempted_at,
        max(
            case
                when
                    payments.status = 'failed'
                    and coalesce(
                        {{ block_number('payments.next_attempted_date') }}
                        <> {{ block_number('payments.attempted_date') }},
                        true
                    )
                    then payments.attempted_at
            end
        ) as last_open_failure_at

    from payments

    inner join customers
        on payments.user_id = customers.user_id

    group by
        payments.user_id,
        {{ block_number('payments.attempted_date') }}

),

-- A session over midnight may begin in one block and be active in the next.
blocks as (

    select
        user_id,
        block_number

    from usage_by_block

    union

    select
        user_id,
        block_number

    from active_days_by_block

    union

    select
        user_id,
        block_number

    from event_types_by_block

    union

    select
        user_id,
        block_number

    from payments_by_block

),

final as (

    select
        blocks.user_id,
        blocks.block_number,
        {% for measure in [
            'sessions', 'sessions_last_7d', 'events', 'core_actions', 'support_tickets', 'duration_secs'
        ] %}
        cast(coalesce(usage_by_block.{{ measure }}, 0) as bigint) as {{ measure }},
        {% endfor %}
        coalesce(active_days_by_block.active_days, 0) as active_days,
        {% for measure in ['page_views', 'exports', 'invites'] %}
        coalesce(event_types_by_block.{{ measure }}, 0) as {{ measure }},
        {% endfor %}
        coalesce(payments_by_block.failed_payments, 0) as failed_payments,
        usage_by_block.last_session_at,
        payments_by_block.last_attempted_at,
        payments_by_block.last_open_failure_at

    from blocks

    left join usage_by_block
        on
            blocks.user_id = usage_by_block.user_id
            and blocks.block_number = usage_by_block.block_number

    left join active_days_by_block
        on
            blocks.user_id = active_days_by_block.user_id
            and blocks.block_number = active_days_by_block.block_number

    left join event_types_by_block
        on
            blocks.user_id = event_types_by_block.user_id
            and blocks.block_number = event_types_by_block.block_number

    left join payments_by_block
        on
            blocks.user_id = payments_by_block.user_id
            and blocks.block_number = payments_by_block.block_number

)

select * from final
