select
    users.user_id,
    users.full_name,
    cast(rows.plan as varchar) as plan,
    cast(rows.channel as varchar) as channel,
    cast(rows.country as varchar) as country,
    rows.base_mrr_cents,
    rows.mrr_cents,
    rows.mrr_cents - rows.base_mrr_cents as change_mrr_cents

from serving.srv_retained_mrr as rows

inner join {{ ref('dim_users') }} as users
    on rows.user_id = users.user_id

where
    rows.date_month = date '{{ month }}'
    and {{ users('rows') }}
