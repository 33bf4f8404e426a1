-- Days on which someone became a paying customer, came back, moved from one plan to another, or left.
-- The plan is the one that was begun or left: a customer who is gone is on none today. A move leaves one
-- plan and reaches the other (docs/decisions/0022-plan-transfers.md), so that over all plans it is none.
with

paid_periods as (

    select
        user_id,
        plan,
        previous_plan,
        movement,
        is_churn,
        valid_from_date,
        valid_to_date

    from intermediate.int_subscription_periods

    where is_paid

),

changes as (

    select
        user_id,
        valid_from_date as date_day,
        movement as change,
        plan

    from paid_periods

    where movement in ('new', 'reactivation')

    union all

    select
        user_id,
        valid_from_date as date_day,
        unnest(['transfer_in', 'transfer_out']) as change,
        unnest([plan, previous_plan]) as plan

    from paid_periods

    where
        movement not in ('new', 'reactivation')
        and plan <> previous_plan

    union all

    select
        user_id,
        valid_to_date as date_day,
        'churn' as change,
        plan

    from paid_periods

    where is_churn

)

select
    changes.user_id,
    changes.date_day,
    cast(
        changes.change as enum ('new', 'reactivation', 'transfer_in', 'transfer_out', 'churn')
    ) as change,
    try_cast(changes.plan as enum ('free', 'starter', 'professional', 'enterprise')) as plan,
    users.channel,
    users.country,
    users.size,
    users.segment

from changes

inner join rollups.users as users
    on changes.user_id = users.user_id

order by changes.date_day
