{#- The customers of a plan who left in a month. -#}
select
    spells.user_id,
    dim_users.full_name,
    cast(spells.plan as varchar) as first_plan,
    dim_users.channel,
    dim_users.country,
    dim_users.company_size,
    spells.started_date,
    spells.ended_date

from serving.srv_subscription_spells as spells

inner join {{ ref('dim_users') }} as dim_users
    on spells.user_id = dim_users.user_id

where
    spells.is_churned
    and spells.plan = {{ quoted(plan) }}
    and case when spells.part = 0 then spells.months else spells.months + 1 end
        = {{ month_number }}
    and {{ days('spells.started_date') }}
    and {{ users('spells') }}
