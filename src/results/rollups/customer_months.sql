-- What each customer pays in each month since the first, as advanced.revenue_retention counts it:
-- kept is at most what they paid at first. The plan is the one they began on.
with

paying as (

    select
        user_id,
        cohort_month,
        months_since_first_payment,
        mrr_cents,
        plan

    from marts.fct_customer_mrr_monthly

    where mrr_cents > 0

),

bases as (

    select
        user_id,
        mrr_cents as base_mrr_cents,
        plan as first_plan

    from paying

    where months_since_first_payment = 0

)

select
    paying.user_id,
    try_cast(
        bases.first_plan as enum ('free', 'starter', 'professional', 'enterprise')
    ) as plan,
    users.channel,
    users.country,
    users.size,
    users.segment,
    paying.cohort_month,
    cast(date_diff('month', date '2000-01-01', paying.cohort_month) as smallint) as cohort_index,
    cast(paying.months_since_first_payment as smallint) as month_number,
    paying.mrr_cents,
    least(paying.mrr_cents, bases.base_mrr_cents) as kept_mrr_cents

from paying

inner join bases
    on paying.user_id = bases.user_id

inner join rollups.users as users
    on paying.user_id = users.user_id

order by paying.cohort_month
