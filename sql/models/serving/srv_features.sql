-- The day on which anyone first touched a feature is taken for its launch.

with

features as (

    select
        feature,
        display_name,
        category,
        cast(row_number() over (order by feature) - 1 as int) as feature_number

    from {{ ref('feature_details') }}

),

with_bits as (

    select
        *,
        cast({{ bit_at('feature_number') }} as int) as feature_bit

    from features

),

first_days as (

    select
        feature_bits,
        min(date_day) as first_date

    from {{ ref('srv_feature_days') }}

    group by feature_bits

),

launches as (

    select
        with_bits.feature_number,
        min(first_days.first_date) as launched_date

    from with_bits

    cross join first_days

    where (first_days.feature_bits & with_bits.feature_bit) <> 0

    group by with_bits.feature_number

),

final as (

    select
        with_bits.feature_number,
        with_bits.feature_bit,
        with_bits.feature,
        with_bits.display_name,
        with_bits.category,
        launches.launched_date

    from with_bits

    left join launches
        on with_bits.feature_number = launches.feature_number

)

select * from final

order by feature_number
