-- Each user's days with activity and the features they touched on them, as bits of one number:
-- features in the order of their names, from bit 0. Reads all events, once.
with

features as (

    select
        feature,
        cast(1 << (row_number() over (order by feature) - 1) as int) as feature_bit

    from seeds.feature_details

),

touched as (

    select
        events.user_id,
        events.event_date as date_day,
        cast(bit_or(features.feature_bit) as int) as feature_bits

    from staging.stg_events as events

    inner join features
        on events.feature = features.feature

    group by
        events.user_id,
        events.event_date

)

select
    active_days.user_id,
    active_days.date_day,
    coalesce(touched.feature_bits, 0) as feature_bits,
    active_days.plan,
    active_days.channel,
    active_days.country,
    active_days.size,
    active_days.segment

from rollups.active_days

left join touched
    on
        active_days.user_id = touched.user_id
        and active_days.date_day = touched.date_day

order by active_days.date_day
