select
    rows.payment_id,
    users.full_name,
    cast(rows.plan as varchar) as plan,
    rows.status,
    rows.gross_cents

from serving.srv_payments as rows

inner join {{ ref('dim_users') }} as users
    on rows.user_id = users.user_id

where
    rows.date_day = date '{{ day }}'
    and rows.status = 'succeeded'
