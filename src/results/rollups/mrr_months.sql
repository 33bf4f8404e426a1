-- What each customer pays at the end of each month. The plan is the month's own: recurring revenue
-- belongs to the plan that brings it, not to the plan a customer is on today.
select
    months.user_id,
    months.date_month,
    months.mrr_cents,
    months.previous_mrr_cents,
    months.movement_amount_cents,
    try_cast(
        months.movement
        as enum ('new', 'expansion', 'reactivation', 'contraction', 'churn', 'none')
    ) as movement,
    try_cast(months.plan as enum ('free', 'starter', 'professional', 'enterprise')) as plan,
    try_cast(
        months.previous_plan as enum ('free', 'starter', 'professional', 'enterprise')
    ) as previous_plan,
    users.channel,
    users.country,
    users.size,
    users.segment

from marts.fct_customer_mrr_monthly as months

inner join rollups.users as users
    on months.user_id = users.user_id

order by months.date_month
