{% set rules = ['first_touch', 'last_touch', 'linear', 'position', 'time_decay'] %}
{% set squarings = [['walk_0', 'walk_1'], ['walk_1', 'walk_2'], ['walk_2', 'walk_3'], ['walk_3', 'walk_4'], ['walk_4', 'walk_5']] %}

-- Seven ways to share first payments out to channels. Markov: the share of
-- conversions that a random walk over observed paths loses without the channel
-- (Anderl et al. 2016), found by squaring the matrix of moves. Shapley: channels
-- divide a path's conversion evenly, which is the Shapley value when a coalition
-- is worth the conversions whose paths it covers.

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

transitions as (

    select
        from_start as state,
        channel as next_state,
        count(*) as moves

    from moves

    where from_start is not null

    group by
        from_start,
        channel

    union all

    select
        channel as state,
        next_state,
        count(*) as moves

    from moves

    group by
        channel,
        next_state

    union all

    -- Who has converted stays converted.
    select
        'converted' as state,
        'converted' as next_state,
        1 as moves

),

probabilities as (

    select
        state,
        next_state,
        cast(moves as double)
            / nullif(sum(moves) over (partition by state), 0) as probability

    from transitions

),

-- One world without each channel, and one with them all.
worlds as (

    select channel as removed

    from {{ ref('channel_details') }}

    union all

    select 'none' as removed

),

steps as (

    select
        worlds.removed as world,
        probabilities.state,
        probabilities.next_state,
        probabilities.probability

    from worlds

    cross join probabilities

    where
        probabilities.state <> worlds.removed
        and probabilities.next_state <> worlds.removed
        and probabilities.next_state <> 'lost'

),

-- Squared five times: 32 steps of the walk.
walk_0 as (

    select * from steps

),

{% for squaring in squarings %}
{{ squaring[1] }} as (

    select
        before.world,
        before.state,
        after.next_state,
        sum(before.probability * after.probability) as probability

    from {{ squaring[0] }} as before

    inner join {{ squaring[0] }} as after
        on
            before.world = after.world
            and before.next_state = after.state

    group by
        before.world,
        before.state,
        after.next_state

),

{% endfor %}
conversion_by_world as (

    select
        worlds.removed,
        coalesce(walk.probability, 0) as conversion

    from worlds

    left join walk_5 as walk
        on
            worlds.removed = walk.world
            and walk.state = 'start'
            and walk.next_state = 'converted'

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
