{% set measures = [['recency', 'recency_days', 'desc'], ['frequency', 'frequency_days', 'asc'], ['monetary', 'monetary_cents', 'asc']] %}

-- Customers who pay at as_of, in fifths by how lately they came, how often they
-- came in 90 days, and what they paid in 365.

with

customers as (

    select * from {{ ref('dim_users') }} where is_paying

),

visits as (

    select
        user_id,
        count(*) as active_days

    from ({{ active_days(ref('stg_sessions')) }}) as active_days

    where active_date > {{ as_of_date() }} - cast(90 as int)

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

-- The fifth in which the middle of the customers with the same value stands, so
-- that equal values have equal scores (decision 0119).
scored as (

    select
        *,
        {% for measure in measures %}
        1 + floor(
            cast(
                5 * (
                    2 * (rank() over (order by {{ measure[1] }} {{ measure[2] }} nulls last) - 1)
                    + count(*) over (partition by {{ measure[1] }})
                ) as double
            ) / nullif(2 * count(*) over (), 0)
        ) as {{ measure[0] }}_score{% if not loop.last %},{% endif %}

        {% endfor %}

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
