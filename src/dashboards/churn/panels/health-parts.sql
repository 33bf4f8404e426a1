select
    health.status,
    count(*) as customers,
    avg(health.recency_points) as recency_points,
    avg(health.frequency_points) as frequency_points,
    avg(health.value_points) as value_points,
    avg(health.trend_points) as trend_points,
    avg(health.trouble_points) as trouble_points

from {{ ref('fct_health_scores') }} as health

inner join serving.srv_users as users
    on health.user_id = users.user_id

where
    health.is_paying
    and {{ users('users') }}

group by health.status

order by min(health.health_score) desc
