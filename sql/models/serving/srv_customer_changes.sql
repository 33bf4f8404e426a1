-- The plan is the one that was begun or left: a customer who is gone is on none today. A move
-- leaves one plan and reaches the other (decision 0022), so that over all plans it is none.

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

    from {{ ref('int_subscription_periods') }}

    where is_paid

),

moves as (

    select * from paid_periods

    where
        movement not in ('new', 'reactivation')
        and plan <> previous_plan

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
        'transfer_in' as change,
        plan

    from moves

    union all

    select
        user_id,
        valid_from_date as date_day,
        'transfer_out' as change,
        previous_plan as plan

    from moves

    union all

    select
        user_id,
        valid_to_date as date_day,
        'churn' as change,
        plan

    from paid_periods

    where is_churn

),

users as (

    select * from {{ ref('srv_users') }}

),

final as (

    select
        changes.user_id,
        changes.date_day,
        {{ compact('changes.change', 'change') }} as change,
        {{ compact('changes.plan', 'plan') }} as plan,
        users.channel,
        users.country,
        users.size,
        users.segment

    from changes

    inner join users
        on changes.user_id = users.user_id

)

select * from final

order by date_day
