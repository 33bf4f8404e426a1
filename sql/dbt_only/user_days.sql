{{ config(materialized='view', schema='semantic') }}

-- In the tab this is the rollup active_days.

with

user_days as (

    {{ active_days(ref('stg_sessions')) }}

),

final as (

    select
        user_id,
        active_date as date_day,
        cast(is_core as int) as is_core

    from user_days

)

select * from final
