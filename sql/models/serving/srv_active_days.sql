-- The plan is today's.

with

user_days as (

    {{ active_days(ref('stg_sessions')) }}

),

users as (

    select * from {{ ref('srv_users') }}

),

final as (

    select
        user_days.user_id,
        user_days.active_date as date_day,
        cast(user_days.is_core as tinyint) as is_core,
        users.plan,
        users.channel,
        users.country,
        users.size,
        users.segment

    from user_days

    inner join users
        on user_days.user_id = users.user_id

)

select * from final

order by date_day
