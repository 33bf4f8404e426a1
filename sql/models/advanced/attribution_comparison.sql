{% set rules = ['first_touch', 'last_touch', 'linear', 'position', 'time_decay'] %}
{% set names = ['first_touch', 'last_touch', 'linear', 'position', 'time_decay', 'markov', 'shapley'] %}

-- Seven ways to share first payments out to channels: five rules by place and time,
-- the Markov chain's removal effects, and Shapley: channels divide a path's
-- conversion evenly, which is the Shapley value when a coalition is worth the
-- conversions whose paths it covers (decision 0050).

with

touches as (

    select
        touches.*,
        case when lifecycles.first_paid_at is not null then 1 else 0 end as is_converted

    from {{ ref('int_marketing_attributed') }} as touches

    inner join {{ ref('int_user_lifecycle') }} as lifecycles
        on touches.user_id = lifecycles.user_id

),

-- Each path gives its whole conversion to one first touch: summed over channels,
-- first_touch is what there is to share out.
by_rule as (

    select
        channel,
        {% for rule in rules %}
        sum({{ rule }}_weight * is_converted) as {{ rule }}{% if not loop.last %},{% endif %}

        {% endfor %}

    from touches

    group by channel

),

spend as (

    select
        channel,
        sum(cost_cents) as spend_cents

    from {{ ref('stg_ad_spend') }}

    group by channel

),

path_channels as (

    select
        user_id,
        channel,
        max(is_converted) as is_converted,
        count(*) over (partition by user_id) as count_channels

    from touches

    group by
        user_id,
        channel

),

shapley as (

    select
        channel,
        sum(cast(is_converted as double) / nullif(count_channels, 0)) as conversions

    from path_channels

    group by channel

),

by_channel as (

    select
        channel_details.channel,
        {% for rule in rules %}
        by_rule.{{ rule }},
        {% endfor %}
        effects.removal_effect
            / nullif(sum(effects.removal_effect) over (), 0)
            * sum(by_rule.first_touch) over () as markov,
        shapley.conversions as shapley,
        spend.spend_cents

    from {{ ref('channel_details') }} as channel_details

    left join by_rule
        on channel_details.channel = by_rule.channel

    left join shapley
        on channel_details.channel = shapley.channel

    left join spend
        on channel_details.channel = spend.channel

    left join {{ ref('int_markov_removal_effects') }} as effects
        on channel_details.channel = effects.channel

),

attribution_models as (

    {% for name in names %}
    select
        '{{ name }}' as attribution_model,
        {{ loop.index }} as model_number
    {% if not loop.last %}
    union all
    {% endif %}
    {% endfor %}

),

credits as (

    select
        by_channel.channel,
        attribution_models.attribution_model,
        attribution_models.model_number,
        coalesce(
            case attribution_models.attribution_model
                {% for name in names %}
                when '{{ name }}' then by_channel.{{ name }}
                {% endfor %}
            end, 0
        ) as conversions,
        coalesce(by_channel.spend_cents, 0) as spend_cents

    from by_channel

    cross join attribution_models

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

    from credits

)

select * from final
