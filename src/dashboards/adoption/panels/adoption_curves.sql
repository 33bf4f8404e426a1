with

patterns as (

    select
        date_week,
        feature_bits,
        count(*) as users

    from serving.srv_feature_weeks as weeks

    where
        date_week >= date '{{ first_day }}'
        and date_week <= date '{{ last_day }}' - 6
        and {{ users('weeks') }}

    group by
        date_week,
        feature_bits

),

active_users as (

    select
        date_week,
        sum(users) as active_users

    from patterns

    group by date_week

),

touched as (

    select
        patterns.date_week,
        features.feature_number,
        sum(patterns.users) as users

    from patterns

    inner join serving.srv_features as features
        on patterns.feature_bits & features.feature_bit <> 0

    group by
        patterns.date_week,
        features.feature_number

)

select
    active_users.date_week,
    features.display_name,
    features.category,
    cast(coalesce(touched.users, 0) as bigint) as users,
    cast(active_users.active_users as bigint) as active_users,
    coalesce(touched.users, 0) / active_users.active_users as adoption_rate

from active_users

inner join serving.srv_features as features
    on active_users.date_week + 6 >= features.launched_date

left join touched
    on
        active_users.date_week = touched.date_week
        and features.feature_number = touched.feature_number

order by
    features.display_name,
    active_users.date_week
