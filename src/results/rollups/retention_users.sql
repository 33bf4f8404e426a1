-- Every user once, with a bit for each period since the signup (7 days, or 30) in which they were
-- active, as advanced.cohort_retention counts them: counting users then counts bits, for any choice
-- of users. The plan is the one chosen at signup: later ones would tell who stayed.
with

days as (

    select
        active_days.user_id,
        date_diff('day', users.signup_date, active_days.date_day) as day_number

    from rollups.active_days as active_days

    inner join rollups.users as users
        on active_days.user_id = users.user_id

    where active_days.date_day >= users.signup_date

),

active as (

    select
        user_id,
        max(day_number) as last_day,
        bit_or(
            case
                when day_number < 441
                    then cast(1 as ubigint) << (day_number // 7)
                else cast(0 as ubigint)
            end
        ) as week_bracket,
        bit_or(
            case
                when day_number < 441 and day_number % 7 = 0
                    then cast(1 as ubigint) << (day_number // 7)
                else cast(0 as ubigint)
            end
        ) as week_n_day,
        bit_or(
            case
                when day_number < 1890
                    then cast(1 as ubigint) << (day_number // 30)
                else cast(0 as ubigint)
            end
        ) as month_bracket,
        bit_or(
            case
                when day_number < 1890 and day_number % 30 = 0
                    then cast(1 as ubigint) << (day_number // 30)
                else cast(0 as ubigint)
            end
        ) as month_n_day

    from days

    group by user_id

)

select
    users.user_id,
    try_cast(
        dim_users.initial_plan as enum ('free', 'starter', 'professional', 'enterprise')
    ) as plan,
    users.channel,
    users.country,
    users.size,
    users.segment,
    users.signup_date,
    cast(date_diff('day', date '2000-01-03', dim_users.cohort_week) // 7 as smallint)
        as week_index,
    cast(date_diff('month', date '2000-01-01', users.cohort_month) as smallint) as month_index,
    cast(date_diff('day', users.signup_date, date '{{ as_of }}') as smallint) as days_observed,
    cast(coalesce(active.last_day, 0) as smallint) as last_day,
    coalesce(active.week_bracket, 0) as week_bracket,
    coalesce(active.week_n_day, 0) as week_n_day,
    coalesce(active.month_bracket, 0) as month_bracket,
    coalesce(active.month_n_day, 0) as month_n_day

from rollups.users as users

inner join marts.dim_users as dim_users
    on users.user_id = dim_users.user_id

left join active
    on users.user_id = active.user_id

order by users.signup_date
