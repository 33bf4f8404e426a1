with

subscriptions as (

    select
        *,
        monthly_price_cents > 0 as is_paid

    from {{ ref('stg_subscriptions') }}

),

paid_periods as (

    select
        *,
        lag(plan) over by_user as previous_plan,
        lag(monthly_price_cents) over by_user as previous_price_cents,
        lag(ended_at) over by_user as previous_ended_at,
        lead(started_at) over by_user as next_started_at,
        row_number() over by_user as paid_period_number

    from subscriptions

    where is_paid

    window by_user as (
        partition by user_id
        order by started_at nulls last, subscription_id
    )

),

-- A period that starts where the last one ended continues it; a gap is churn
-- and, later, a reactivation (decision 0020).
movements as (

    select
        *,
        case
            when previous_price_cents is null then 'new'
            when previous_ended_at < started_at then 'reactivation'
            when monthly_price_cents > previous_price_cents then 'expansion'
            when monthly_price_cents < previous_price_cents then 'contraction'
            else 'renewal'
        end as movement,
        coalesce(ended_at is not null and (
            next_started_at is null or next_started_at > ended_at
        ), false) as is_churn

    from paid_periods

),

paid_with_spells as (

    select
        *,
        lead(movement) over by_user as next_movement,
        sum(case when movement in ('new', 'reactivation') then 1 else 0 end)
            over by_user_running as spell_number

    from movements

    window
        by_user as (
            partition by user_id
            order by started_at nulls last, subscription_id
        ),
        by_user_running as (
            partition by user_id
            order by started_at nulls last, subscription_id
            rows between unbounded preceding and current row
        )

),

final as (

    select
        subscriptions.subscription_id,
        subscriptions.user_id,
        subscriptions.plan,
        subscriptions.seats,
        subscriptions.billing_interval,
        subscriptions.monthly_price_cents,
        subscriptions.change_type,
        subscriptions.started_at as valid_from,
        subscriptions.ended_at as valid_to,
        cast(subscriptions.started_at as date) as valid_from_date,
        cast(subscriptions.ended_at as date) as valid_to_date,
        cast(subscriptions.is_paid as boolean) as is_paid,
        cast(subscriptions.ended_at is null as boolean) as is_current,
        cast(coalesce(paid_with_spells.movement, 'trial') as string) as movement,
        cast(
            case
                when paid_with_spells.is_churn then 'churn'
                when subscriptions.ended_at is not null
                    then paid_with_spells.next_movement
            end as string
        ) as end_movement,
        cast(coalesce(paid_with_spells.is_churn, false) as boolean) as is_churn,
        subscriptions.churn_reason,
        cast(paid_with_spells.previous_plan as string) as previous_plan,
        cast(
            case
                when paid_with_spells.movement in ('new', 'reactivation') then 0
                else paid_with_spells.previous_price_cents
            end as bigint
        ) as previous_price_cents,
        cast(
            case
                when paid_with_spells.movement in ('new', 'reactivation')
                    then subscriptions.monthly_price_cents
                else subscriptions.monthly_price_cents
                    - paid_with_spells.previous_price_cents
            end as bigint
        ) as price_change_cents,
        cast(paid_with_spells.paid_period_number as int) as paid_period_number,
        cast(paid_with_spells.spell_number as int) as spell_number

    from subscriptions

    left join paid_with_spells
        on subscriptions.subscription_id = paid_with_spells.subscription_id

)

select * from final
