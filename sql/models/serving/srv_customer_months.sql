-- As revenue_retention counts a cohort: kept is at most what the customer paid at first. The plan
-- is the one they began on.

with

paying as (

    select
        user_id,
        cohort_month,
        months_since_first_payment,
        mrr_cents,
        plan

    from {{ ref('fct_customer_mrr_monthly') }}

    where mrr_cents > 0

),

bases as (

    select
        user_id,
        mrr_cents as base_mrr_cents,
        plan as first_plan

    from paying

    where months_since_first_payment = 0

),

users as (

    select * from {{ ref('srv_users') }}

),

final as (

    select
        paying.user_id,
        {{ compact('bases.first_plan', 'plan') }} as plan,
        users.channel,
        users.country,
        users.size,
        users.segment,
        paying.cohort_month,
        cast({{ months_since_2000('paying.cohort_month') }} as smallint) as cohort_index,
        cast(paying.months_since_first_payment as smallint) as month_number,
        paying.mrr_cents,
        least(paying.mrr_cents, bases.base_mrr_cents) as kept_mrr_cents

    from paying

    inner join bases
        on paying.user_id = bases.user_id

    inner join users
        on paying.user_id = users.user_id

)

select * from final

order by cohort_month
