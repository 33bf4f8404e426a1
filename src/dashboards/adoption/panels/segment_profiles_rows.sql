select
    users.user_id,
    users.full_name,
    users.current_plan as plan,
    users.channel,
    users.country,
    users.company_size,
    users.segment,
    segments.segment as kind,
    users.count_active_days_28d as active_days_28d,
    users.count_core_actions_28d as core_actions_28d,
    users.count_events as events,
    users.mrr_cents

from ml.user_segments as segments

inner join serving.srv_users as people
    on segments.user_id = people.user_id

inner join {{ ref('dim_users') }} as users
    on segments.user_id = users.user_id

where
    cast(segments.segment as varchar) = {{ quoted(segment) }}
    and {{ users('people') }}
