{{ config(materialized='table') }}

with

source as (

    select
        *,
        row_number() over (
            partition by subscription_id
            order by started_at nulls last, user_id nulls last
        ) as copy_number

    from {{ source('raw', 'subscriptions') }}

    where started_at < {{ as_of_end() }}

),

-- What ends after as_of has not ended yet.
ends_known_at_as_of as (

    select
        *,
        coalesce(ended_at < {{ as_of_end() }}, false) as has_ended

    from source

    where copy_number = 1

),

renamed as (

    select
        cast(subscription_id as bigint) as subscription_id,
        cast(user_id as bigint) as user_id,
        cast(plan as string) as plan,
        cast(seats as int) as seats,
        cast(billing_interval as string) as billing_interval,
        cast(monthly_amount_cents as bigint) as monthly_price_cents,
        cast(started_at as timestamp) as started_at,
        cast(case when has_ended then ended_at end as timestamp) as ended_at,
        cast(change_type as string) as change_type,
        cast(case when has_ended then churn_reason end as string) as churn_reason

    from ends_known_at_as_of

)

select * from renamed
