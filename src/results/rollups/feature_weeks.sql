-- The same for weeks, Monday to Sunday.
select
    user_id,
    cast(date_trunc('week', date_day) as date) as date_week,
    cast(bit_or(feature_bits) as int) as feature_bits,
    any_value(plan) as plan,
    any_value(channel) as channel,
    any_value(country) as country,
    any_value(size) as size,
    any_value(segment) as segment

from rollups.feature_days

group by
    user_id,
    cast(date_trunc('week', date_day) as date)

order by date_week
