-- One user of an account holds its subscriptions, and has no more colleagues than seats.

with

users as (

    select
        user_id,
        account_id,
        signed_up_at

    from {{ ref('stg_users') }}

),

periods as (

    select
        periods.user_id,
        users.account_id,
        periods.seats,
        periods.is_paid,
        periods.valid_from,
        coalesce(periods.valid_to, {{ as_of_end() }}) as ends_at

    from {{ ref('int_subscription_periods') }} as periods

    inner join users
        on periods.user_id = users.user_id

),

accounts_with_two_payers as (

    select
        account_id,
        'payers' as what,
        count(distinct user_id) as users,
        1 as at_most

    from periods

    group by account_id

    having count(distinct user_id) > 1

),

accounts_with_too_few_seats as (

    select
        periods.account_id,
        'members' as what,
        count(*) as users,
        periods.seats as at_most

    from periods

    inner join users
        on periods.account_id = users.account_id
        and users.signed_up_at < periods.ends_at

    where periods.is_paid

    group by
        periods.account_id,
        periods.user_id,
        periods.valid_from,
        periods.seats

    having count(*) > periods.seats

)

select * from accounts_with_two_payers

union all

select * from accounts_with_too_few_seats
