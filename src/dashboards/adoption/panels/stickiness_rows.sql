select
    users.user_id,
    users.full_name,
    users.current_plan as plan,
    users.channel,
    users.country,
    users.company_size,
    users.segment,
    months.active_days

from serving.srv_feature_months as months

inner join {{ ref('dim_users') }} as users
    on months.user_id = users.user_id

where
    months.date_month = date '{{ month }}'
    {%- if group is not none %}
    and months.{{ group_by }} = {{ quoted(group) }}
    {%- endif %}
    and {{ users('months') }}
