-- What a click costs: a channel's spend over its clicks, also those of people who never signed up. A
-- campaign has one price a day, so its days are what varies.
with days as (

    select
        cast(channel as varchar) as channel,
        clicks,
        cost_cents

    from staging.stg_ad_spend

    where clicks > 0

),

channels as (

    select
        channel,
        sum(clicks) as clicks,
        cast(sum(cost_cents) as double) / sum(clicks) as price

    from days

    group by channel

),

spread as (

    select
        days.channel,
        count(*) as days,
        any_value(channels.price) as price,
        any_value(channels.clicks) as clicks,
        sqrt(
            sum(power(days.cost_cents - channels.price * days.clicks, 2))
            * count(*) / nullif(count(*) - 1, 0)
        ) / any_value(channels.clicks) as error

    from days

    inner join channels
        on days.channel = channels.channel

    group by days.channel

)

select
    'Marketing' as topic,
    'cost_' || spread.channel as key,
    'Cost of a click: ' || replace(spread.channel, '_', ' ') as name,
    'money' as unit,
    cast(effects.cost_per_click_cents as double) as planted,
    spread.price as estimate,
    spread.price - 1.96 * spread.error as lower,
    spread.price + 1.96 * spread.error as upper,
    cast(spread.clicks as bigint) as sample,
    cast(null as varchar) as note

from spread

inner join truth.channel_effects as effects
    on spread.channel = cast(effects.channel as varchar)

where
    spread.days >= 10
    and effects.cost_per_click_cents > 0

order by key
