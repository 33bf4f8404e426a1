-- Seven attribution models against what each channel truly added.
with as_of as (

    select cast(text as date) as as_of from truth.parameters where key = 'as_of'

),

waits as (

    select 10 * number as days from truth.parameters where key = 'convert_days'

),

users as (

    select
        users.user_id,
        lifecycles.first_subscribed_at is not null as is_converted

    from staging.stg_users as users

    inner join intermediate.int_user_lifecycle as lifecycles
        on users.user_id = lifecycles.user_id

    cross join as_of

    cross join waits

    where as_of.as_of - users.signup_date > waits.days

),

touched as (

    select distinct user_id, cast(channel as varchar) as channel
    from staging.stg_marketing_touches

),

effects as (

    select cast(channel as varchar) as channel, uplift from truth.channel_effects

),

-- Conversions that would not have been without the channel.
added as (

    select
        effects.channel,
        greatest(sum(case when users.is_converted then effects.uplift / (1 + effects.uplift) else 0 end), 0)
            as conversions

    from users

    inner join touched
        on users.user_id = touched.user_id

    inner join effects
        on touched.channel = effects.channel

    group by effects.channel

),

distances as (

    select
        attribution.attribution_model,
        attribution.model_number,
        sum(abs(attribution.share - coalesce(added.conversions, 0) / total.conversions)) / 2 as distance,
        sum(attribution.conversions) as conversions

    from advanced.attribution_comparison as attribution

    left join added
        on cast(attribution.channel as varchar) = added.channel

    cross join (select nullif(sum(conversions), 0) as conversions from added) as total

    group by 1, 2

)

select
    'Attribution' as topic,
    'attribution_' || attribution_model as key,
    case attribution_model
        when 'first_touch' then 'First touch'
        when 'last_touch' then 'Last touch'
        when 'linear' then 'Linear'
        when 'position' then 'Position (40-20-40)'
        when 'time_decay' then 'Time decay'
        when 'markov' then 'Markov removal'
        when 'shapley' then 'Shapley'
        else attribution_model
    end as name,
    'distance' as unit,
    0 as planted,
    distance as estimate,
    cast(null as double) as lower,
    cast(null as double) as upper,
    cast(round(conversions) as bigint) as sample,
    cast(null as varchar) as note

from distances

order by model_number
