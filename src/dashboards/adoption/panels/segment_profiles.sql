select
    case
        when grouping(segments.segment) = 1 then 'everyone'
        else cast(segments.segment as varchar)
    end as segment,
    count(*) as users,
    avg(dim_users.count_active_days_28d) as mean_active_days,
    avg(dim_users.count_core_actions_28d) as mean_core_actions,
    avg(dim_users.count_events) as mean_events,
    coalesce(avg(dim_users.navigation_share), 0) as navigation_share,
    coalesce(avg(dim_users.analysis_share), 0) as analysis_share,
    coalesce(avg(dim_users.automation_share), 0) as automation_share,
    coalesce(avg(dim_users.teamwork_share), 0) as teamwork_share,
    coalesce(avg(dim_users.administration_share), 0) as administration_share,
    avg(cast(dim_users.is_paying as int)) as paying_share,
    avg(dim_users.mrr_cents) as mean_mrr_cents

from ml.user_segments as segments

inner join serving.srv_users as users
    on segments.user_id = users.user_id

inner join {{ ref('dim_users') }}
    on segments.user_id = dim_users.user_id

where {{ users('users') }}

group by grouping sets ((segments.segment), ())

having count(*) > 0

order by
    grouping(segments.segment) desc,
    users desc,
    segment
