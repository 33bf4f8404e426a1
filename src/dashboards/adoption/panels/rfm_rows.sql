select
    users.user_id,
    users.full_name,
    users.current_plan as plan,
    users.channel,
    users.country,
    users.company_size,
    users.segment,
    rfm.mrr_cents,
    rfm.recency_days,
    rfm.frequency_days,
    rfm.monetary_cents

from {{ ref('rfm_segmentation') }} as rfm

inner join serving.srv_users as people
    on rfm.user_id = people.user_id

inner join {{ ref('dim_users') }} as users
    on rfm.user_id = users.user_id

where
    rfm.rfm_segment = {{ quoted(segment) }}
    and {{ users('people') }}
