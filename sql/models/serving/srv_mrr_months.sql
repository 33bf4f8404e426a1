-- The plan is the month's own: recurring revenue belongs to the plan that brings it, not to the
-- plan a customer is on today.

with

months as (

    select * from {{ ref('fct_customer_mrr_monthly') }}

),

users as (

    select * from {{ ref('srv_users') }}

),

final as (

    select
        months.user_id,
        months.date_month,
        months.is_complete,
        months.mrr_cents,
        months.previous_mrr_cents,
        months.movement_amount_cents,
        {{ compact('months.movement', 'movement') }} as movement,
        {{ compact('months.plan', 'plan') }} as plan,
        {{ compact('months.previous_plan', 'plan') }} as previous_plan,
        users.channel,
        users.country,
        users.size,
        users.segment

    from months

    inner join users
        on months.user_id = users.user_id

)

select * from final

order by date_month
