{{ config(materialized='table') }}

with

source as (

    select
        *,
        row_number() over (
            partition by payment_id
            order by attempted_at nulls last, subscription_id nulls last
        ) as copy_number

    from {{ source('raw', 'payments') }}

    where attempted_at < {{ as_of_end() }}

),

renamed as (

    select
        cast(payment_id as bigint) as payment_id,
        cast(subscription_id as bigint) as subscription_id,
        cast(user_id as bigint) as user_id,
        cast(attempted_at as timestamp) as attempted_at,
        cast(attempted_at as date) as attempted_date,
        cast(amount_cents as bigint) as amount_cents,
        cast(currency as string) as currency,
        cast(status as string) as status,
        cast(failure_code as string) as failure_code,
        cast(attempt_no as int) as attempt_no,
        cast(refund_of as bigint) as refund_of,
        cast(method as string) as method,
        cast(service_starts_at as timestamp) as service_starts_at,
        cast(service_ends_at as timestamp) as service_ends_at

    from source

    where copy_number = 1

)

select * from renamed
