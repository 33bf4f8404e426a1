{{ config(materialized='table') }}

with

source as (

    select
        *,
        row_number() over (
            partition by period_id
            order by started_at nulls last, user_id nulls last
        ) as copy_number

    from {{ source('raw', 'subscriptions') }}

    where started_at < {{ as_of_end() }}

),

-- What ends after as_of has not ended yet, and nobody has said so who says it later.
known_at_as_of as (

    select
        *,
        coalesce(ended_at < {{ as_of_end() }}, false) as has_ended,
        coalesce(canceled_at < {{ as_of_end() }}, false) as is_canceled,
        case when billing_interval = 'year' then 12 else 1 end * interval_count
            as months_billed,
        cast(quantity as bigint) * unit_price_cents - discount_cents as bill

    from source

    where copy_number = 1

),

renamed as (

    select
        cast(period_id as bigint) as period_id,
        cast(subscription_id as bigint) as subscription_id,
        cast(user_id as bigint) as user_id,
        cast(product as string) as product,
        cast(plan as string) as plan,
        cast(quantity as int) as quantity,
        cast(unit_price_cents as bigint) as unit_price_cents,
        cast(discount_cents as bigint) as discount_cents,
        cast(currency as string) as currency,
        cast(
            case
                when months_billed = 3 then 'quarter'
                when interval_count = 1 then billing_interval
                else interval_count || '_' || billing_interval || 's'
            end as string
        ) as billing_interval,
        cast(months_billed as int) as billing_months,
        cast(bill as bigint) as bill_cents,
        cast(round(cast(bill as double) / nullif(months_billed, 0)) as bigint)
            as monthly_price_cents,
        cast(
            case
                when has_ended then status
                when change_type = 'trial' then 'trialing'
                else 'active'
            end as string
        ) as status,
        cast(trial_started_at as timestamp) as trial_started_at,
        cast(trial_ends_at as timestamp) as trial_ends_at,
        cast(started_at as timestamp) as started_at,
        cast(case when has_ended then ended_at end as timestamp) as ended_at,
        cast(cancel_at_period_end and is_canceled as boolean) as cancel_at_period_end,
        cast(case when is_canceled then canceled_at end as timestamp) as canceled_at,
        cast(change_type as string) as change_type,
        cast(case when has_ended then churn_reason end as string) as churn_reason

    from known_at_as_of

)

select * from renamed
