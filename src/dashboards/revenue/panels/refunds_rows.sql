select
    rows.payment_id,
    users.full_name,
    rows.date_day,
    cast(rows.plan as varchar) as plan,
    cast(rows.country as varchar) as country,
    rows.status,
    case when rows.status = 'dispute_won' then -rows.amount_cents else rows.amount_cents end
        as amount_cents

from serving.srv_payments as rows

inner join {{ ref('dim_users') }} as users
    on rows.user_id = users.user_id

where
    rows.status in ('refunded', 'disputed', 'dispute_won')
    and rows.date_month = date '{{ month }}'
    and {{ users('rows') }}
