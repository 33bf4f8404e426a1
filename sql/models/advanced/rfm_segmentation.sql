-- Customers who pay at as_of, in fifths by how lately they came, how often they
-- came in 90 days, and what they paid in 365.

with

customers as (

    select * from {{ ref('dim_users') }} where is_paying

),

visits as (

    select
        user_id,
        count(distinct session_date) as active_days

    from {{ ref('stg_sessions') }}

    where session_date > {{ as_of_date() }} - cast(90 as int)

    group by user_id

),

payments as (

    select
        user_id,
        sum(net_cents) as revenue_cents

    from {{ ref('int_revenue_normalized') }}

    where attempted_date > {{ as_of_date() }} - cast(365 as int)

    group by user_id

),

measured as (

    select
        customers.user_id,
        customers.current_plan as plan,
        customers.channel,
        customers.country,
        customers.company_size,
        customers.mrr_cents,
        customers.days_inactive as recency_days,
        coalesce(visits.active_days, 0) as frequency_days,
        coalesce(payments.revenue_cents, 0) as monetary_cents

    from customers

    left join visits
        on customers.user_id = visits.user_id

    left join payments
        on customers.user_id = payments.user_id

),

scored as (

    select
        *,
        6 - ntile(5) over (order by recency_days, user_id) as recency_score,
        ntile(5) over (order by frequency_days, user_id) as frequency_score,
        ntile(5) over (order by monetary_cents, user_id) as monetary_score

    from measured

),

final as (

    select
        user_id,
        plan,
        channel,
        country,
        company_size,
        mrr_cents,
        cast(recency_days as int) as recency_days,
        cast(frequency_days as int) as frequency_days,
        cast(monetary_cents as bigint) as monetary_cents,
        cast(recency_score as int) as recency_score,
        cast(frequency_score as int) as frequency_score,
        cast(monetary_score as int) as monetary_score,
        cast(
            case
                when recency_score >= 4 and frequency_score >= 4 and monetary_score >= 4
                    then 'champions'
                when recency_score <= 2 and frequency_score <= 2 and monetary_score >= 4
                    then 'cannot_lose'
                when recency_score >= 3 and frequency_score >= 3 then 'loyal'
                when recency_score >= 4 then 'promising'
                when recency_score <= 2 and frequency_score >= 3 then 'slipping'
                when recency_score <= 2 and frequency_score <= 2 then 'hibernating'
                else 'needs_attention'
            end as string
        ) as rfm_segment

    from scored

)

select * from final
