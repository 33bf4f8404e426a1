select
    users.user_id,
    users.full_name,
    cast(rows.plan as varchar) as plan,
    cast(rows.channel as varchar) as channel,
    cast(rows.country as varchar) as country,
    cast(rows.size as varchar) as company_size,
    rows.date_month,
    rows.previous_mrr_cents,
    rows.mrr_cents,
    rows.movement_amount_cents

from serving.srv_mrr_months as rows

inner join {{ ref('dim_users') }} as users
    on rows.user_id = users.user_id

where
    rows.date_month between date '{{ from_month }}' and date '{{ to_month }}'
    and rows.movement = {{ quoted(movement) }}
    and {{ users('rows') }}
