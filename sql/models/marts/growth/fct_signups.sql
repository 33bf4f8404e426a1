with

users as (

    select * from {{ ref('stg_users') }}

),

lifecycles as (

    select
        user_id,
        is_activated,
        first_paid_at

    from {{ ref('int_user_lifecycle') }}

),

final as (

    select
        users.signup_date as date_day,
        users.channel,
        users.initial_plan as plan,
        users.country,
        users.company_size,
        cast(count(*) as bigint) as signups,
        cast(count(case when users.is_verified then 1 end) as bigint)
            as verified_signups,
        cast(count(case when lifecycles.is_activated then 1 end) as bigint)
            as activated_signups,
        cast(count(lifecycles.first_paid_at) as bigint) as converted_signups

    from users

    left join lifecycles
        on users.user_id = lifecycles.user_id

    group by
        users.signup_date,
        users.channel,
        users.initial_plan,
        users.country,
        users.company_size

)

select * from final
