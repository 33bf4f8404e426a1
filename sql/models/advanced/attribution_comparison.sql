{% set rules = ['first_touch', 'last_touch', 'linear', 'position', 'time_decay'] %}
{% set places = [1, 2, 3, 4, 5, 6, 7, 8] %}
{% set reductions = [[1, 'chain_0', 'chain_1'], [2, 'chain_1', 'chain_2'], [3, 'chain_2', 'chain_3'], [4, 'chain_3', 'chain_4'], [5, 'chain_4', 'chain_5'], [6, 'chain_5', 'chain_6'], [7, 'chain_6', 'chain_7'], [8, 'chain_7', 'chain_8']] %}

-- Seven ways to share first payments out to channels. Markov: the share of
-- conversions that a random walk over observed paths loses without the channel
-- (Anderl et al. 2016), exact: channels are taken out of the chain one by one
-- (Grassmann, Taksar and Heyman 1985) until only start and converted are left.
-- Shapley: channels divide a path's conversion evenly, which is the Shapley value
-- when a coalition is worth the conversions whose paths it covers
-- (decision 0050).

with

customers as (

    select
        user_id,
        case when first_paid_at is not null then 1 else 0 end as is_converted

    from {{ ref('int_user_lifecycle') }}

),

touches as (

    select
        touches.*,
        customers.is_converted

    from {{ ref('int_marketing_attributed') }} as touches

    inner join customers
        on touches.user_id = customers.user_id

),

path_channels as (

    select
        user_id,
        channel,
        max(is_converted) as is_converted

    from touches

    group by
        user_id,
        channel

),

path_sizes as (

    select
        user_id,
        count(*) as count_channels

    from path_channels

    group by user_id

),

shapley as (

    select
        path_channels.channel,
        sum(
            cast(path_channels.is_converted as double)
            / nullif(path_sizes.count_channels, 0)
        ) as conversions

    from path_channels

    inner join path_sizes
        on path_channels.user_id = path_sizes.user_id

    group by path_channels.channel

),

moves as (

    select
        case when touch_number = 1 then 'start' end as from_start,
        channel,
        case
            when touch_number < path_length
                then lead(channel) over (
                    partition by user_id
                    order by touch_number
                )
            when is_converted = 1 then 'converted'
            else 'lost'
        end as next_state

    from touches

),

-- Channels by place in the chain: 0 is the start, {{ places | length + 1 }} is converted.
channels as (

    select
        channel,
        row_number() over (order by channel) as place

    from {{ ref('channel_details') }}

),

moves_by_place as (

    select
        case when moves.from_start is null then channels.place else 0 end as place,
        case
            when moves.from_start is not null then channels.place
            when moves.next_state = 'converted' then {{ places | length + 1 }}
            else next_channels.place
        end as next_place

    from (

        select
            cast(null as string) as from_start,
            channel,
            next_state

        from moves

        union all

        select
            from_start,
            channel,
            cast(null as string) as next_state

        from moves

        where from_start is not null

    ) as moves

    inner join channels
        on moves.channel = channels.channel

    left join channels as next_channels
        on moves.next_state = next_channels.channel

),

transitions as (

    select
        place,
        next_place,
        count(*) as moves

    from moves_by_place

    group by
        place,
        next_place

),

-- Who is lost goes to no place: what is missing from 1.
probabilities as (

    select
        place,
        next_place,
        cast(moves as double)
            / nullif(sum(moves) over (partition by place), 0) as probability

    from transitions

),

-- One world without each channel, and one with them all (0).
worlds as (

    select
        channel as removed,
        place as removed_place

    from channels

    union all

    select
        'none' as removed,
        0 as removed_place

),

chain_0 as (

    select
        worlds.removed,
        {% for place in [0] + places %}
        {% for next_place in places + [places | length + 1] %}
        sum(
            case
                when
                    probabilities.place = {{ place }}
                    and probabilities.next_place = {{ next_place }}
                    and worlds.removed_place not in ({{ place if place > 0 else -1 }}, {{ next_place }})
                    then probabilities.probability
                else 0
            end
        ) as p_{{ place }}_{{ next_place }}{% if not (loop.last and place == places | length) %},{% endif %}

        {% endfor %}
        {% endfor %}

    from worlds

    cross join probabilities

    group by worlds.removed

),

-- Without the channel, each walk to it goes on to where it would have led.
{% for reduction in reductions %}
{% set gone = reduction[0] %}
{{ reduction[2] }} as (

    select
        {% for place in [0] + places if place == 0 or place > gone %}
        {% for next_place in places + [places | length + 1] if next_place > gone %}
        p_{{ place }}_{{ next_place }}
            + p_{{ place }}_{{ gone }} * p_{{ gone }}_{{ next_place }}
            / nullif(1 - p_{{ gone }}_{{ gone }}, 0) as p_{{ place }}_{{ next_place }},
        {% endfor %}
        {% endfor %}
        removed

    from {{ reduction[1] }}

),

{% endfor %}
conversion_by_world as (

    select
        removed,
        coalesce(p_0_{{ places | length + 1 }}, 0) as conversion

    from chain_8

),

removal_effects as (

    select
        without_channel.removed as channel,
        greatest(whole.conversion - without_channel.conversion, 0) as effect

    from conversion_by_world as without_channel

    inner join conversion_by_world as whole
        on whole.removed = 'none'

    where without_channel.removed <> 'none'

),

conversions as (

    select sum(is_converted) as conversions

    from customers

    where user_id in (select user_id from path_channels)

),

markov as (

    select
        removal_effects.channel,
        removal_effects.effect
            / nullif(sum(removal_effects.effect) over (), 0)
            * conversions.conversions as conversions

    from removal_effects

    cross join conversions

),

by_rule as (

    select
        channel,
        {% for rule in rules %}
        sum({{ rule }}_weight * is_converted) as {{ rule }}{% if not loop.last %},{% endif %}

        {% endfor %}

    from touches

    group by channel

),

all_models as (

    {% for rule in rules %}
    select
        channel,
        '{{ rule }}' as attribution_model,
        {{ loop.index }} as model_number,
        {{ rule }} as conversions

    from by_rule

    union all

    {% endfor %}
    select
        channel,
        'markov' as attribution_model,
        6 as model_number,
        conversions

    from markov

    union all

    select
        channel,
        'shapley' as attribution_model,
        7 as model_number,
        conversions

    from shapley

),

spend as (

    select
        channel,
        sum(cost_cents) as spend_cents

    from touches

    group by channel

),

channels_by_model as (

    select
        channel_details.channel,
        model_names.attribution_model,
        model_names.model_number

    from {{ ref('channel_details') }} as channel_details

    cross join (

        select distinct
            attribution_model,
            model_number

        from all_models

    ) as model_names

),

joined as (

    select
        channels_by_model.channel,
        channels_by_model.attribution_model,
        channels_by_model.model_number,
        coalesce(all_models.conversions, 0) as conversions,
        coalesce(spend.spend_cents, 0) as spend_cents

    from channels_by_model

    left join all_models
        on
            channels_by_model.channel = all_models.channel
            and channels_by_model.attribution_model = all_models.attribution_model

    left join spend
        on channels_by_model.channel = spend.channel

),

final as (

    select
        cast(channel as string) as channel,
        cast(attribution_model as string) as attribution_model,
        cast(model_number as int) as model_number,
        cast(conversions as double) as conversions,
        cast(conversions as double) / nullif(
            sum(conversions) over (partition by attribution_model), 0
        ) as share,
        cast(spend_cents as bigint) as spend_cents,
        cast(spend_cents as double) / nullif(conversions, 0)
            as cost_per_conversion_cents

    from joined

)

select * from final
