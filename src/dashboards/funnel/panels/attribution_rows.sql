{#- A channel's touches that a model credits. -#}
select
    touches.user_id,
    dim_users.full_name,
    cast(touches.touch_channel as varchar) as touch_channel,
    cast(touches.channel as varchar) as signup_channel,
    touches.signup_date,
    touches.{{ model }}_weight as credit

from serving.srv_path_touches as touches

inner join {{ ref('dim_users') }} as dim_users
    on touches.user_id = dim_users.user_id

where
    touches.is_converted
    and touches.touch_channel = {{ quoted(channel) }}
    and touches.{{ model }}_weight > 0
    and {{ days('touches.signup_date') }}
    and {{ users('touches') }}
