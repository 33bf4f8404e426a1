{#- The users of the filters for whom `condition` holds. -#}
select
    users.user_id,
    dim_users.full_name,
    dim_users.email,
    cast(users.plan as varchar) as initial_plan,
    cast(users.channel as varchar) as channel,
    cast(users.country as varchar) as country,
    cast(users.size as varchar) as company_size,
    cast(users.segment as varchar) as segment,
    users.signup_date,
    cast(users.secs_to_started as double) / 3600 as hours_to_start,
    cast(users.secs_to_connected as double) / 3600 as hours_to_connect,
    cast(users.secs_to_reported as double) / 3600 as hours_to_report,
    cast(users.secs_to_paid as double) / 3600 as hours_to_pay,
    dim_users.count_active_days_28d as active_days_28d

from serving.srv_funnel_users as users

inner join {{ ref('dim_users') }} as dim_users
    on users.user_id = dim_users.user_id

where
    {{ days('users.signup_date') }}
    and {{ users('users') }}
    and {{ condition | indent(4) }}
