{# Users who touched a feature on some days; of one group, where a group is named. -#}

select
    users.user_id,
    users.full_name,
    users.current_plan as plan,
    users.channel,
    users.country,
    users.company_size,
    users.segment,
    max(days.date_day) as last_touched_date,
    count(*) as days_touched

from serving.srv_feature_days as days

inner join serving.srv_features as features
    on
        features.display_name = {{ quoted(feature) }}
        and days.feature_bits & features.feature_bit <> 0

inner join {{ ref('dim_users') }} as users
    on days.user_id = users.user_id

where
    days.date_day between date '{{ window_start }}' and date '{{ window_end }}'
    {%- if group is not none %}
    and days.{{ group_by }} = {{ quoted(group) }}
    {%- endif %}
    and {{ users('days') }}

group by all
