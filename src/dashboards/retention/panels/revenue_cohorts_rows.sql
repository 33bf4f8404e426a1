{#- The customers of a cohort who still pay in a month. -#}
select
    months.user_id,
    dim_users.full_name,
    cast(months.plan as varchar) as first_plan,
    dim_users.current_plan,
    dim_users.channel,
    dim_users.country,
    dim_users.company_size,
    months.mrr_cents,
    months.kept_mrr_cents

from serving.srv_customer_months as months

inner join {{ ref('dim_users') }} as dim_users
    on months.user_id = dim_users.user_id

where
    months.cohort_index between {{ first_index }} and {{ last_index }}
    and months.month_number = {{ month_number }}
    and {{ months('months.cohort_month') }}
    and {{ users('months') }}
