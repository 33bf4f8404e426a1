select
    users.user_id,
    users.full_name,
    users.current_plan as plan,
    users.channel,
    users.country,
    users.company_size,
    users.segment,
    adopters.available_date,
    adopters.days_to_adopt

from serving.srv_feature_adopters as adopters

inner join serving.srv_features as features
    on
        adopters.feature_number = features.feature_number
        and features.display_name = {{ quoted(feature) }}

inner join {{ ref('dim_users') }} as users
    on adopters.user_id = users.user_id

where
    {{ days('adopters.available_date') }}
    and adopters.available_date + {{ within_days }} <= date '{{ as_of }}'
    and adopters.days_to_adopt <= {{ within_days }}
    and {{ users('adopters') }}
