-- The features touched are bits of one number: those of feature_details in the order of their names,
-- from bit 0. Reads all events, once. The plan is today's.

with

features as (

    select
        feature,
        row_number() over (order by feature) - 1 as feature_number

    from {{ ref('feature_details') }}

),

feature_bits as (

    select
        feature,
        cast({{ bit_at('feature_number') }} as int) as feature_bit

    from features

),

touched as (

    select
        events.user_id,
        events.event_date as date_day,
        bit_or(feature_bits.feature_bit) as feature_bits

    from {{ ref('stg_events') }} as events

    inner join feature_bits
        on events.feature = feature_bits.feature

    group by
        events.user_id,
        events.event_date

),

final as (

    select
        active_days.user_id,
        active_days.date_day,
        coalesce(touched.feature_bits, 0) as feature_bits,
        active_days.plan,
        active_days.channel,
        active_days.country,
        active_days.size,
        active_days.segment

    from {{ ref('srv_active_days') }} as active_days

    left join touched
        on
            active_days.user_id = touched.user_id
            and active_days.date_day = touched.date_day

)

select * from final

order by date_day
