-- A user could have a feature from the signup on or, where it came later, from its launch on. The plan
-- is today's.

with

features as (

    select * from {{ ref('srv_features') }}

    where launched_date is not null

),

touched as (

    select
        user_id,
        feature_bits,
        min(date_day) as first_date

    from {{ ref('srv_feature_days') }}

    where feature_bits > 0

    group by
        user_id,
        feature_bits

),

first_days as (

    select
        touched.user_id,
        features.feature_number,
        min(touched.first_date) as first_date

    from touched

    cross join features

    where (touched.feature_bits & features.feature_bit) <> 0

    group by
        touched.user_id,
        features.feature_number

),

available as (

    select
        users.user_id,
        features.feature_number,
        greatest(users.signup_date, features.launched_date) as available_date,
        users.plan,
        users.channel,
        users.country,
        users.size,
        users.segment

    from {{ ref('srv_users') }} as users

    cross join features

),

final as (

    select
        available.user_id,
        available.feature_number,
        available.available_date,
        {{ day_diff('available.available_date', 'first_days.first_date') }} as days_to_adopt,
        available.plan,
        available.channel,
        available.country,
        available.size,
        available.segment

    from available

    left join first_days
        on
            available.user_id = first_days.user_id
            and available.feature_number = first_days.feature_number

)

select * from final

order by available_date
