-- Days on which someone became a paying customer, came back, or left.
with

paid_periods as (

    select
        user_id,
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
        movement as change

    from paid_periods

    where movement in ('new', 'reactivation')

    union all

    select
        user_id,
        valid_to_date as date_day,
        'churn' as change

    from paid_periods

    where is_churn

)

select
    changes.user_id,
    changes.date_day,
    cast(changes.change as enum ('new', 'reactivation', 'churn')) as change,
    users.plan,
    users.channel,
    users.country,
    users.size,
    users.segment

from changes

inner join rollups.users as users
    on changes.user_id = users.user_id

order by changes.date_day
