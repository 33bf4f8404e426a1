select
    rfm.rfm_segment,
    count(*) as customers,
    cast(sum(rfm.mrr_cents) as bigint) as mrr_cents,
    avg(rfm.recency_days) as mean_recency_days,
    avg(rfm.frequency_days) as mean_frequency_days,
    avg(rfm.monetary_cents) as mean_monetary_cents

from {{ ref('rfm_segmentation') }} as rfm

inner join serving.srv_users as users
    on rfm.user_id = users.user_id

where {{ users('users') }}

group by rfm.rfm_segment

order by
    mrr_cents desc,
    rfm.rfm_segment
