{#- What each model credits each channel with; beside what the channels truly added when truth is shown.

    Markov's model credits a channel with the share of conversions that a random walk over the paths loses
    without it (Anderl et al. 2016): the chance to come by it times the chance to convert from there. Both
    come from the expected visits, the inverse of 1 - moves (Kemeny and Snell 1960, ch. 3). It is found in
    lists: to plan joins of so few rows takes far longer than the arithmetic.

    A channel touched multiplies the chance of paying by 1 + uplift, once a path. Of a payment whose path it
    is on, it has so added uplift / (1 + uplift); these, summed, are shared out to 100%. -#}
{%- set rules = ['first_touch', 'last_touch', 'linear', 'position', 'time_decay', 'shapley'] -%}
with

moves as (

    select
        touches.touch_channel,
        touches.next_state,
        count(*) as moves,
        count(*) filter (where touches.is_first) as first_moves,
        count(*) filter (where touches.is_converted and touches.is_first_of_channel)
            as converted_paths
        {%- for rule in rules %},
        sum(touches.{{ rule }}_weight) filter (where touches.is_converted) as {{ rule }}
        {%- endfor %}

    from serving.srv_path_touches as touches

    where
        {{ days('touches.signup_date') }}
        and {{ users('touches') }}

    group by
        touches.touch_channel,
        touches.next_state

),

channels as (

    select
        cast(touch_channel as varchar) as channel,
        cast(sum(moves) as double) as moves,
        cast(sum(first_moves) as double) as first_moves,
        map_from_entries(list((cast(next_state as varchar), moves))) as moves_to,
        sum(converted_paths) as converted_paths
        {%- for rule in rules %},
        coalesce(sum({{ rule }}), 0) as {{ rule }}
        {%- endfor %}

    from moves

    group by touch_channel

),

graph as (

    select list(channels order by channels.channel) as nodes

    from channels

),

-- Where walks start, how many convert at once, and 1 - moves beside the unit matrix.
equations as (

    select
        nodes,
        [node.first_moves / list_sum([other.first_moves for other in nodes]) for node in nodes]
            as starts,
        [coalesce(node.moves_to['converted'], 0) / node.moves for node in nodes] as conversions,
        [
            [
                cast(i = j as double) - coalesce(node.moves_to[other.channel], 0) / node.moves
                for other, j in nodes
            ] || [cast(i = j as double) for other, j in nodes]
            for node, i in nodes
        ] as matrix

    from graph

),

-- Eliminated column by column (Gauss and Jordan), the unit matrix becomes the inverse.
walks as (

    select
        nodes,
        starts,
        conversions,
        [
            line[len(nodes) + 1:]
            for line in list_reduce(
                [matrix for node in nodes],
                lambda lines, again, k: [
                    case
                        when i = k then [x / line[k] for x in line]
                        else [x - line[k] / lines[k][k] * lines[k][j] for x, j in line]
                    end
                    for line, i in lines
                ],
                matrix
            )
        ] as visits

    from equations

),

effects as (

    select
        nodes,
        [
            list_dot_product(starts, [line[k] for line in visits]) / visits[k][k]
            * list_dot_product(visits[k], conversions)
            for node, k in nodes
        ] as removal_effects

    from walks

),

markov as (

    select
        unnest(nodes) as node,
        unnest([
            coalesce(effect / nullif(list_sum(removal_effects), 0), 0)
            * list_sum([other.last_touch for other in nodes])
            for effect in removal_effects
        ]) as markov

    from effects

),

credited as (

    select
        node.channel as channel,
        node.converted_paths as converted_paths,
        unnest(['first_touch', 'last_touch', 'linear', 'position', 'time_decay', 'markov', 'shapley'])
            as attribution_model,
        unnest(range(1, 8)) as model_number,
        unnest([
            node.first_touch,
            node.last_touch,
            node.linear,
            node.position,
            node.time_decay,
            markov,
            node.shapley
        ]) as conversions

    from markov

)
{%- if has_truth %},

planted as (

    select
        credited.*,
        effects.uplift as true_uplift,
        credited.converted_paths * effects.uplift / (1 + effects.uplift) as added

    from credited

    left join truth.channel_effects as effects
        on credited.channel = effects.channel

)
{%- endif %}

select
    channel,
    attribution_model,
    model_number,
    conversions,
    conversions / nullif(sum(conversions) over (partition by model_number), 0)
        as share
    {%- if has_truth %},
    added / nullif(sum(added) over (partition by model_number), 0) as true_share,
    true_uplift
    {%- endif %}

from {{ 'planted' if has_truth else 'credited' }}

order by
    model_number,
    channel
