-- The features of the catalogue with their bit in feature_bits and the first day on which anyone
-- touched them.
with

features as (

    select
        feature,
        display_name,
        category,
        cast(row_number() over (order by feature) - 1 as int) as feature_number

    from seeds.feature_details

)

select
    features.feature_number,
    cast(1 << features.feature_number as int) as feature_bit,
    features.feature,
    features.display_name,
    features.category,
    min(feature_days.date_day) as launched_date

from features

left join rollups.feature_days
    on feature_days.feature_bits & cast(1 << features.feature_number as int) <> 0

group by all

order by features.feature_number
