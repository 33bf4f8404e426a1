-- What each customer pays at the end of each month, and how that moved since
-- the month before (decision 0021).

with

users as (

    select * from {{ ref('stg_users') }}

),

paid_periods as (

    select
        user_id,
        plan,
        seats,
        billing_interval,
        monthly_price_cents,
        {{ month_index('valid_from') }} as first_month_index,
        -- A period that ended in a month no longer counts at that month's end.
        coalesce(
            {{ month_index('valid_to') }} - 1,
            {{ month_index(as_of_date()) }}
        ) as last_month_index

    from {{ ref('int_subscription_periods') }}

    where is_paid

),

paid_months as (

    select
        user_id,
        plan,
        seats,
        billing_interval,
        monthly_price_cents,
        first_month_index,
        {{ explode_range('last_month_index - first_month_index + 1') }} as months_later

    from paid_periods

    where last_month_index >= first_month_index

),

balances as (

    select
        user_id,
        plan,
        seats,
        billing_interval,
        monthly_price_cents as mrr_cents,
        cast(first_month_index + months_later as int) as balance_month

    from paid_months

),

balances_with_neighbours as (

    select
        *,
        lag(balance_month) over by_user as previous_month,
        lag(mrr_cents) over by_user as last_mrr_cents,
        lag(plan) over by_user as last_plan,
        lead(balance_month) over by_user as next_month,
        min(balance_month) over (partition by user_id) as cohort_index

    from balances

    window by_user as (
        partition by user_id
        order by balance_month
    )

),

paying_months as (

    select
        user_id,
        balance_month,
        cohort_index,
        plan,
        seats,
        billing_interval,
        mrr_cents,
        case
            when previous_month = balance_month - 1 then last_mrr_cents else 0
        end as previous_mrr_cents,
        case when previous_month = balance_month - 1 then last_plan end
            as previous_plan,
        case
            when previous_month is null then 'new'
            when previous_month < balance_month - 1 then 'reactivation'
            when mrr_cents > last_mrr_cents then 'expansion'
            when mrr_cents < last_mrr_cents then 'contraction'
            else 'none'
        end as movement

    from balances_with_neighbours

),

-- The month after the last paying one holds the loss, under the plan that was lost.
churned_months as (

    select
        user_id,
        balance_month + 1 as balance_month,
        cohort_index,
        plan,
        0 as seats,
        billing_interval,
        0 as mrr_cents,
        mrr_cents as previous_mrr_cents,
        plan as previous_plan,
        'churn' as movement

    from balances_with_neighbours

    where
        balance_month < {{ month_index(as_of_date()) }}
        and (next_month is null or next_month > balance_month + 1)

),

all_months as (

    select * from paying_months

    union all

    select * from churned_months

),

final as (

    select
        all_months.user_id,
        {{ month_from_index('all_months.balance_month') }} as date_month,
        {{ is_month_over(month_from_index('all_months.balance_month')) }}
            as is_complete,
        cast(all_months.mrr_cents as bigint) as mrr_cents,
        cast(all_months.previous_mrr_cents as bigint) as previous_mrr_cents,
        cast(all_months.movement as string) as movement,
        cast(all_months.mrr_cents - all_months.previous_mrr_cents as bigint)
            as movement_amount_cents,
        cast(all_months.plan as string) as plan,
        cast(all_months.previous_plan as string) as previous_plan,
        cast(all_months.seats as int) as seats,
        cast(all_months.billing_interval as string) as billing_interval,
        cast(coalesce(users.channel, 'unknown') as string) as channel,
        cast(coalesce(users.country, 'unknown') as string) as country,
        cast(coalesce(users.company_size, 'unknown') as string) as company_size,
        {{ month_from_index('all_months.cohort_index') }} as cohort_month,
        cast(all_months.balance_month - all_months.cohort_index as int)
            as months_since_first_payment

    from all_months

    left join users
        on all_months.user_id = users.user_id

)

select * from final
