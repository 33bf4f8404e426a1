select
    users.user_id,
    users.full_name,
    users.signup_date,
    cast(rows.signup_plan as varchar) as initial_plan,
    cast(rows.plan as varchar) as current_plan,
    cast(rows.country as varchar) as country,
    cast(rows.size as varchar) as company_size,
    cast(rows.segment as varchar) as segment,
    users.lifetime_revenue_cents

from rollups.users as rows

inner join {{ ref('dim_users') }} as users
    on rows.user_id = users.user_id

where
    rows.channel = {{ quoted(channel) }}
    and {{ days('rows.signup_date') }}
    and {{ signups('rows', but=['channel']) }}
