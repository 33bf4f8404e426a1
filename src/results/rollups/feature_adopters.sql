-- Every user and feature: the day from which the user could have it (the signup or, for a feature
-- that came later, the first day on which anyone touched it) and the days until they first did,
-- if ever.
with

first_days as (

    select
        feature_days.user_id,
        features.feature_number,
        min(feature_days.date_day) as first_date

    from rollups.feature_days

    inner join rollups.features
        on feature_days.feature_bits & features.feature_bit <> 0

    group by
        feature_days.user_id,
        features.feature_number

)

select
    users.user_id,
    features.feature_number,
    greatest(users.signup_date, features.launched_date) as available_date,
    cast(
        first_days.first_date - greatest(users.signup_date, features.launched_date) as int
    ) as days_to_adopt,
    users.plan,
    users.channel,
    users.country,
    users.size,
    users.segment

from rollups.users

inner join rollups.features
    on features.launched_date is not null

left join first_days
    on
        users.user_id = first_days.user_id
        and features.feature_number = first_days.feature_number

order by available_date
