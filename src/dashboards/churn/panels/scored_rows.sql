{# Scored customers of the list or of the hold-out; each panel says which of them stand
   behind a mark. -#}

with

{{ scored }}

select
    rows.user_id,
    users.full_name,
    cast(rows.plan as varchar) as plan,
    cast(rows.channel as varchar) as channel,
    cast(rows.country as varchar) as country,
    cast(rows.size as varchar) as company_size,
    rows.snapshot_date,
    rows.mrr_cents,
    rows.probability as risk_share,
    rows.health_score,
    rows.tenure_days,
    case when rows.is_label_known and rows.has_churned_in_90d then rows.churn_date end
        as left_date

from {{ source }} as rows

inner join {{ ref('dim_users') }} as users
    on rows.user_id = users.user_id
