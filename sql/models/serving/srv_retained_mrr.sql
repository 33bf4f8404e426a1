{% set base_lag_months = 12 %}

-- The base of net and gross revenue retention (decision 0023). The plan is the base's.

with

bases as (

    select
        *,
        {{ month_from_index('(' ~ month_index('date_month') ~ ' + ' ~ base_lag_months ~ ')') }}
            as later_month

    from {{ ref('srv_mrr_months') }}

    where mrr_cents > 0

),

today as (

    select
        user_id,
        date_month,
        mrr_cents

    from {{ ref('srv_mrr_months') }}

),

final as (

    select
        bases.user_id,
        bases.later_month as date_month,
        bases.mrr_cents as base_mrr_cents,
        coalesce(today.mrr_cents, 0) as mrr_cents,
        least(coalesce(today.mrr_cents, 0), bases.mrr_cents) as kept_mrr_cents,
        bases.plan,
        bases.channel,
        bases.country,
        bases.size,
        bases.segment

    from bases

    left join today
        on
            bases.user_id = today.user_id
            and bases.later_month = today.date_month

    where bases.later_month <= {{ as_of_date() }}

)

select * from final

order by date_month
