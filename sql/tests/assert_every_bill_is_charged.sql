-- Bills follow each other without a gap from the first paid day of a subscription to its
-- end, or to the last day of data. The next bill may be late by what an invoice leaves
-- to pay it, and by two days when billing was down.

with

bills as (

    select
        subscription_id,
        service_starts_at,
        max(service_ends_at) as service_ends_at,
        {{ day_diff('cast(service_starts_at as date)', 'min(attempted_date)') }} as days_to_pay

    from {{ ref('int_revenue_normalized') }}

    where is_attempt

    group by
        subscription_id,
        service_starts_at

),

bills_in_order as (

    select
        *,
        max(service_ends_at) over (
            partition by subscription_id
            order by service_starts_at
            rows between unbounded preceding and 1 preceding
        ) as served_until

    from bills

),

billed as (

    select
        subscription_id,
        min(service_starts_at) as first_served_at,
        max(service_ends_at) as last_served_at,
        min(days_to_pay) as days_to_pay,
        max(case when service_starts_at > served_until then 1 else 0 end) as has_gap

    from bills_in_order

    group by subscription_id

),

subscriptions as (

    select
        subscription_id,
        min(started_at) as started_at,
        case
            when count(ended_at) = count(*) then max(ended_at)
            else {{ as_of_end() }}
        end as ends_at,
        min(billing_months) as billing_months

    from {{ ref('stg_subscriptions') }}

    where bill_cents > 0

    group by subscription_id

),

-- An invoice that is not due yet has no row. What an invoice leaves to pay it is known
-- from the first of them.
expected as (

    select
        subscriptions.*,
        billed.first_served_at,
        billed.last_served_at,
        billed.has_gap,
        {{ day_diff('cast(coalesce(billed.last_served_at, subscriptions.started_at) as date)', as_of_date()) }}
            <= coalesce(billed.days_to_pay, case when billing_months > 1 then 60 end, 0) + 2
            as may_be_due_later

    from subscriptions

    left join billed
        on subscriptions.subscription_id = billed.subscription_id

)

select
    subscription_id,
    started_at,
    ends_at,
    first_served_at,
    last_served_at

from expected

where
    has_gap = 1
    or first_served_at > started_at
    or (last_served_at is null and not may_be_due_later)
    or (last_served_at < ends_at and not may_be_due_later)
