{# Customers of a status, with a health score where one is named. -#}

select
    health.user_id,
    users.full_name,
    health.plan,
    health.channel,
    health.country,
    health.company_size,
    health.mrr_cents,
    health.health_score,
    health.recency_points,
    health.frequency_points,
    health.value_points,
    health.trend_points,
    health.trouble_points

from {{ ref('fct_health_scores') }} as health

inner join serving.srv_users as people
    on health.user_id = people.user_id

inner join {{ ref('dim_users') }} as users
    on health.user_id = users.user_id

where
    health.is_paying
    {%- if health_points is not none %}
    and least(cast(floor(health.health_score / 5.0) * 5 as int), 95) = {{ health_points }}
    {%- endif %}
    and health.status = {{ quoted(status) }}
    and {{ users('people') }}
