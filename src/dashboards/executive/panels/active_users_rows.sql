select
    users.user_id,
    users.full_name,
    cast(rows.plan as varchar) as plan,
    cast(rows.channel as varchar) as channel,
    cast(rows.country as varchar) as country,
    cast(rows.segment as varchar) as segment,
    users.signup_date,
    users.count_events

from serving.srv_active_days as rows

inner join {{ ref('dim_users') }} as users
    on rows.user_id = users.user_id

where
    rows.date_day = date '{{ day }}'
    and {{ users('rows') }}
