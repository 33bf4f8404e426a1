-- Days on which a user begins (1) or ceases (-1) to count as active in the last 7: summed up to a day
-- they count who is active, for any choice of users, as marts.fct_daily_active_users does for all.
with

days as (

    select
        *,
        lag(date_day) over by_user as previous_day,
        lead(date_day) over by_user as next_day

    from rollups.active_days

    window by_user as (
        partition by user_id
        order by date_day
    )

),

changes as (

    select
        * exclude (user_id, previous_day, next_day),
        cast(1 as tinyint) as change

    from days

    where
        previous_day is null
        or date_day > previous_day + 7

    union all

    select
        * exclude (user_id, previous_day, next_day) replace (date_day + 7 as date_day),
        cast(-1 as tinyint) as change

    from days

    where
        next_day is null
        or next_day > date_day + 7

)

select * from changes

order by date_day
