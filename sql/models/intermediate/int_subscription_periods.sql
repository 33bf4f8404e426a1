-- What a customer holds, over all of their subscriptions: a row for each stretch of time in which
-- it does not change (decision 0155). A subscription without a plan is an add-on.

with

subscriptions as (

    select
        *,
        row_number() over (
            partition by user_id
            order by
                case when plan is null then 1 else 0 end,
                monthly_price_cents desc,
                started_at,
                period_id
        ) as rank_of_user

    from {{ ref('stg_subscriptions') }}

),

instants as (

    select
        user_id,
        started_at as instant

    from subscriptions

    union distinct

    select
        user_id,
        ended_at as instant

    from subscriptions

    where ended_at is not null

),

stretches as (

    select
        user_id,
        instant as valid_from,
        lead(instant) over (
            partition by user_id
            order by instant
        ) as valid_to

    from instants

),

holdings as (

    select
        stretches.user_id,
        stretches.valid_from,
        stretches.valid_to,
        subscriptions.period_id,
        subscriptions.subscription_id,
        subscriptions.plan,
        subscriptions.quantity,
        subscriptions.billing_interval,
        subscriptions.billing_months,
        subscriptions.monthly_price_cents,
        subscriptions.change_type,
        subscriptions.churn_reason,
        subscriptions.started_at = stretches.valid_from as begins,
        subscriptions.ended_at = stretches.valid_to as ends,
        subscriptions.plan is null as is_add_on,
        row_number() over (
            partition by stretches.user_id, stretches.valid_from
            order by subscriptions.rank_of_user
        ) as holding_number

    from stretches

    inner join subscriptions
        on
            stretches.user_id = subscriptions.user_id
            and stretches.valid_from >= subscriptions.started_at
            and (
                subscriptions.ended_at is null
                or stretches.valid_from < subscriptions.ended_at
            )

),

-- The first holding is the plan that brings most.
periods as (

    select
        user_id,
        valid_from,
        max(valid_to) as valid_to,
        max(case when holding_number = 1 then period_id end) as period_id,
        max(case when holding_number = 1 then subscription_id end) as subscription_id,
        coalesce(max(case when holding_number = 1 then plan end), 'unknown') as plan,
        sum(case when is_add_on then 0 else quantity end) as seats,
        max(case when holding_number = 1 then billing_interval end) as billing_interval,
        max(case when holding_number = 1 then billing_months end) as billing_months,
        sum(monthly_price_cents) as monthly_price_cents,
        sum(case when is_add_on then monthly_price_cents else 0 end) as add_on_price_cents,
        count(*) as count_subscriptions,
        coalesce(
            max(case when holding_number = 1 and begins then change_type end),
            case when max(case when begins then 1 else 0 end) = 1 then 'add_on' end,
            'add_on_end'
        ) as change_type,
        max(case when holding_number = 1 and ends then churn_reason end) as churn_reason,
        sum(monthly_price_cents) > 0 as is_paid

    from holdings

    group by
        user_id,
        valid_from

),

paid_periods as (

    select
        *,
        lag(plan) over by_user as previous_plan,
        lag(monthly_price_cents) over by_user as previous_price_cents,
        lag(valid_to) over by_user as previous_valid_to,
        lead(valid_from) over by_user as next_valid_from,
        row_number() over by_user as paid_period_number

    from periods

    where is_paid

    window by_user as (
        partition by user_id
        order by valid_from
    )

),

-- A period that starts where the last one ended continues it; a gap is churn
-- and, later, a reactivation (decision 0020).
movements as (

    select
        *,
        case
            when previous_price_cents is null then 'new'
            when previous_valid_to < valid_from then 'reactivation'
            when monthly_price_cents > previous_price_cents then 'expansion'
            when monthly_price_cents < previous_price_cents then 'contraction'
            else 'renewal'
        end as movement,
        coalesce(valid_to is not null and (
            next_valid_from is null or next_valid_from > valid_to
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
            order by valid_from
        ),
        by_user_running as (
            partition by user_id
            order by valid_from
            rows between unbounded preceding and current row
        )

),

final as (

    select
        periods.user_id,
        periods.subscription_id,
        periods.period_id,
        cast(periods.plan as string) as plan,
        cast(periods.seats as int) as seats,
        periods.billing_interval,
        periods.billing_months,
        cast(periods.monthly_price_cents as bigint) as monthly_price_cents,
        cast(periods.add_on_price_cents as bigint) as add_on_price_cents,
        cast(periods.count_subscriptions as int) as count_subscriptions,
        cast(periods.change_type as string) as change_type,
        periods.valid_from,
        periods.valid_to,
        cast(periods.valid_from as date) as valid_from_date,
        cast(periods.valid_to as date) as valid_to_date,
        cast(periods.is_paid as boolean) as is_paid,
        cast(periods.valid_to is null as boolean) as is_current,
        cast(coalesce(paid_with_spells.movement, 'trial') as string) as movement,
        cast(
            case
                when paid_with_spells.is_churn then 'churn'
                when periods.valid_to is not null
                    then paid_with_spells.next_movement
            end as string
        ) as end_movement,
        cast(coalesce(paid_with_spells.is_churn, false) as boolean) as is_churn,
        cast(
            case when paid_with_spells.is_churn then periods.churn_reason end as string
        ) as churn_reason,
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
                    then periods.monthly_price_cents
                else periods.monthly_price_cents
                    - paid_with_spells.previous_price_cents
            end as bigint
        ) as price_change_cents,
        cast(paid_with_spells.paid_period_number as int) as paid_period_number,
        cast(paid_with_spells.spell_number as int) as spell_number

    from periods

    left join paid_with_spells
        on
            periods.user_id = paid_with_spells.user_id
            and periods.valid_from = paid_with_spells.valid_from

)

select * from final
