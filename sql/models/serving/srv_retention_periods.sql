{% set count_periods = 63 %}

-- Each with its place in the masks of srv_retention_users.

with

periods as (

    select {{ explode_range(count_periods) }} as period

),

final as (

    select
        cast(period as smallint) as period,
        {{ bit_at('period') }} as bit

    from periods

)

select * from final
