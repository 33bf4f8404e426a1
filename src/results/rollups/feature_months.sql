-- The same for months, with the number of days on which the user came.
select
    user_id,
    cast(date_trunc('month', date_day) as date) as date_month,
    cast(count(*) as int) as active_days,
    cast(bit_or(feature_bits) as int) as feature_bits,
    any_value(plan) as plan,
    any_value(channel) as channel,
    any_value(country) as country,
    any_value(size) as size,
    any_value(segment) as segment

from rollups.feature_days

group by
    user_id,
    cast(date_trunc('month', date_day) as date)

order by date_month
