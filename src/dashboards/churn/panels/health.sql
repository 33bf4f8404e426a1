select
    least(cast(floor(health.health_score / 5.0) * 5 as int), 95) as health_points,
    health.status,
    count(*) as customers,
    cast(sum(health.mrr_cents) as bigint) as mrr_cents

from {{ ref('fct_health_scores') }} as health

inner join serving.srv_users as users
    on health.user_id = users.user_id

where
    health.is_paying
    and {{ users('users') }}

group by
    health_points,
    health.status

order by
    health_points,
    health.status
