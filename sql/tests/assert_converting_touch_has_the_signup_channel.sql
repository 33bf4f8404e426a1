-- The channel of a user is that of the last touch, of which there is exactly one.

select
    users.user_id,
    users.channel,
    count(touches.touch_id) as count_converting_touches

from {{ ref('stg_users') }} as users

left join {{ ref('stg_marketing_touches') }} as touches
    on
        users.user_id = touches.user_id
        and touches.is_converting_touch
        and users.channel = touches.channel

group by
    users.user_id,
    users.channel

having count(touches.touch_id) <> 1
