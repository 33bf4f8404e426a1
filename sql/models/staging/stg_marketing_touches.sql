{{ config(materialized='table') }}

with

source as (

    select
        *,
        row_number() over (
            partition by touch_id
            order by touched_at nulls last, user_id nulls last
        ) as copy_number

    from {{ source('raw', 'marketing_touches') }}

    where touched_at < {{ as_of_end() }}

),

ranked as (

    select
        *,
        row_number() over (
            partition by user_id
            order by touched_at desc nulls last, touch_id desc
        ) as touches_to_signup

    from source

    where copy_number = 1

),

renamed as (

    select
        cast(touch_id as bigint) as touch_id,
        cast(user_id as bigint) as user_id,
        cast(touched_at as timestamp) as touched_at,
        cast(touched_at as date) as touch_date,
        cast(channel as string) as channel,
        cast(campaign as string) as campaign,
        cast(touch_type as string) as touch_type,
        cast(cost_cents as bigint) as cost_cents,
        cast(touches_to_signup = 1 as boolean) as is_converting_touch

    from ranked

)

select * from renamed
