{% set places = [1, 2, 3, 4, 5, 6, 7, 8] %}
{% set converted = 9 %}
{% set nobody = -1 %}

-- How many conversions a random walk over the observed paths loses without a channel
-- (Anderl et al. 2016), exact: channels are taken out of the chain one by one
-- (Grassmann, Taksar and Heyman 1985) until only start and converted are left
-- (decision 0050).

with

-- Places in the chain: 0 is the start, 1 … are channels, {{ converted }} is converted.
channels as (

    select
        channel,
        row_number() over (order by channel) as place

    from {{ ref('channel_details') }}

),

touches as (

    select
        touches.user_id,
        touches.touch_number,
        touches.path_length,
        channels.place,
        lifecycles.first_paid_at is not null as is_converted

    from {{ ref('int_marketing_attributed') }} as touches

    inner join {{ ref('int_user_lifecycle') }} as lifecycles
        on touches.user_id = lifecycles.user_id

    inner join channels
        on touches.channel = channels.channel

),

-- From the start to the first touch, then from each touch to the next one. Who is
-- lost goes to no place.
moves as (

    select
        0 as place,
        place as next_place

    from touches

    where touch_number = 1

    union all

    select
        place,
        case
            when touch_number < path_length
                then lead(place) over (
                    partition by user_id
                    order by touch_number
                )
            when is_converted then {{ converted }}
        end as next_place

    from touches

),

transitions as (

    select
        place,
        next_place,
        cast(count(*) as double)
            / nullif(sum(count(*)) over (partition by place), 0) as probability

    from moves

    group by
        place,
        next_place

),

-- A world without each channel, and one with them all.
worlds as (

    select place as removed_place

    from channels

    union all

    select {{ nobody }} as removed_place

),

froms as (

    select {{ explode_range(converted) }} as place

),

-- Every pair of places of every world; no walk goes to or from a removed one.
chain_0 as (

    select
        worlds.removed_place,
        froms.place,
        tos.place + 1 as next_place,
        case
            when worlds.removed_place in (froms.place, tos.place + 1) then 0
            else coalesce(transitions.probability, 0)
        end as probability

    from worlds

    cross join froms

    cross join froms as tos

    left join transitions
        on
            froms.place = transitions.place
            and tos.place + 1 = transitions.next_place

),

-- Without a channel, each walk to it goes on to where it would have led, after any
-- number of rounds from the channel to itself.
{% for gone in places %}
chain_{{ gone }} as (

    select
        removed_place,
        place,
        next_place,
        probability
            + max(case when next_place = {{ gone }} then probability end) over from_place
            * max(case when place = {{ gone }} then probability end) over to_next_place
            / nullif(1 - max(
                case when place = {{ gone }} and next_place = {{ gone }} then probability end
            ) over world, 0) as probability

    from {{ 'chain_' ~ (gone - 1) }}

    where
        (place = 0 or place >= {{ gone }})
        and next_place >= {{ gone }}

    window
        from_place as (partition by removed_place, place),
        to_next_place as (partition by removed_place, next_place),
        world as (partition by removed_place)

),

{% endfor %}
conversion_rates as (

    select
        removed_place,
        coalesce(probability, 0) as conversion_rate,
        max(case when removed_place = {{ nobody }} then coalesce(probability, 0) end) over ()
            as whole_conversion_rate

    from chain_8

    where
        place = 0
        and next_place = {{ converted }}

),

final as (

    select
        cast(channels.channel as string) as channel,
        cast(rates.whole_conversion_rate as double) as conversion_rate,
        cast(rates.conversion_rate as double) as conversion_rate_without,
        cast(
            greatest(rates.whole_conversion_rate - rates.conversion_rate, 0) as double
        ) as removal_effect

    from conversion_rates as rates

    inner join channels
        on rates.removed_place = channels.place

)

select * from final
