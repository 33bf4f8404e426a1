-- The plan is today's.

with

final as (

    select
        user_id,
        {{ week_start('date_day') }} as date_week,
        bit_or(feature_bits) as feature_bits,
        any_value(plan) as plan,
        any_value(channel) as channel,
        any_value(country) as country,
        any_value(size) as size,
        any_value(segment) as segment

    from {{ ref('srv_feature_days') }}

    group by
        user_id,
        {{ week_start('date_day') }}

)

select * from final

order by date_week
