{#- What is shown of people behind a mark; `people` is a subquery of users. -#}
select
    dim_users.user_id,
    dim_users.full_name,
    dim_users.initial_plan,
    dim_users.current_plan,
    dim_users.channel,
    dim_users.country,
    dim_users.company_size,
    dim_users.segment,
    dim_users.signup_date,
    cast(dim_users.last_active_at as date) as last_active_date

from (
    {{ people | indent(4) }}
) as people

inner join {{ ref('dim_users') }} as dim_users
    on people.user_id = dim_users.user_id
