-- The same for the last 30 days.
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
        or date_day > previous_day + 30

    union all

    select
        * exclude (user_id, previous_day, next_day) replace (date_day + 30 as date_day),
        cast(-1 as tinyint) as change

    from days

    where
        next_day is null
        or next_day > date_day + 30

)

select * from changes

order by date_day
