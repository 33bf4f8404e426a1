with

users as (

    select
        user_id,
        count(*) as active_days

    from serving.srv_feature_days as days

    where
        date_day between date '{{ window_start }}' and date '{{ last_day }}'
        and {{ users('days') }}

    group by user_id

),

every_count as (

    select range as active_days from range(1, {{ window_days + 1 }})

)

select
    every_count.active_days,
    count(users.user_id) as users

from every_count

left join users
    on every_count.active_days = users.active_days

group by every_count.active_days

order by every_count.active_days
