select
    users.user_id,
    users.full_name,
    users.current_plan as plan,
    users.channel,
    users.country,
    users.company_size,
    users.segment,
    count(*) as active_days,
    max(days.date_day) as last_active_date

from serving.srv_feature_days as days

inner join {{ ref('dim_users') }} as users
    on days.user_id = users.user_id

where
    days.date_day between date '{{ window_start }}' and date '{{ last_day }}'
    and {{ users('days') }}

group by all

having count(*) = {{ active_days }}
