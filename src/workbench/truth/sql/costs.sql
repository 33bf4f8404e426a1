-- What a click costs. Each paid touch carries the clicks that were paid for until one of them was
-- followed by a signup: fifty, as the description of the raw tables says.
with clicks as (

    select
        cast(channel as varchar) as channel,
        cost_cents / 50.0 as cost

    from staging.stg_marketing_touches

    where cost_cents > 0

)

select
    'Marketing' as topic,
    'cost_' || clicks.channel as key,
    'Cost of a click: ' || replace(clicks.channel, '_', ' ') as name,
    'money' as unit,
    cast(any_value(effects.cost_per_click_cents) as double) as planted,
    avg(clicks.cost) as estimate,
    avg(clicks.cost) - 1.96 * stddev_samp(clicks.cost) / sqrt(count(*)) as lower,
    avg(clicks.cost) + 1.96 * stddev_samp(clicks.cost) / sqrt(count(*)) as upper,
    count(*) as sample,
    cast(null as varchar) as note

from clicks

inner join truth.channel_effects as effects
    on clicks.channel = cast(effects.channel as varchar)

group by clicks.channel

having count(*) >= 10

order by key
