{#- Those who dropped before a step; those who are still active come first. -#}
{%- set most_shown = 10 -%} {#- people the panel lists; the rows behind it are all of them -#}
with

people as (

    select
        users.user_id,
        users.signup_date,
        users.active_days_28d

    from serving.srv_funnel_users as users

    where
        {{ days('users.signup_date') }}
        and {{ users('users') }}
        and {{ dropped | indent(8) }}

),

together as (

    select
        count(*) as people,
        count(*) filter (where active_days_28d > 0) as people_still_active

    from people

),

first_people as (

    select user_id

    from people

    order by
        active_days_28d desc,
        signup_date desc,
        user_id

    limit {{ most_shown }}

)

select
    dim_users.user_id,
    dim_users.full_name,
    dim_users.email,
    dim_users.signup_date,
    dim_users.initial_plan,
    dim_users.channel,
    dim_users.country,
    dim_users.company_size,
    dim_users.count_active_days_28d as active_days_28d,
    cast(dim_users.last_active_at as date) as last_active_date,
    together.people,
    together.people_still_active

from first_people

inner join marts.dim_users as dim_users
    on first_people.user_id = dim_users.user_id

cross join together

order by
    dim_users.count_active_days_28d desc,
    dim_users.signup_date desc,
    dim_users.user_id
