-- What each channel truly adds, against who was touched and who paid; and seven
-- attribution models against what was truly added.
with as_of as (

    select cast(text as date) as as_of from truth.parameters where key = 'as_of'

),

waits as (

    select 10 * number as days from truth.parameters where key = 'convert_days'

),

users as (

    select
        users.user_id,
        users.trial_type,
        lifecycles.first_paid_at is not null as is_converted

    from staging.stg_users as users

    inner join intermediate.int_user_lifecycle as lifecycles
        on users.user_id = lifecycles.user_id

    cross join as_of

    cross join waits

    where as_of.as_of - users.signup_date > waits.days

),

touched as (

    select
        user_id,
        cast(channel as varchar) as channel,
        count(*) as touches

    from staging.stg_marketing_touches

    group by 1, 2

),

paths as (

    select user_id, least(sum(touches), 6) as path_length from touched group by 1

),

effects as (

    select cast(channel as varchar) as channel, uplift from truth.channel_effects

),

-- One table of two by two for each channel, trial type and length of path.
strata as (

    select
        effects.channel,
        users.trial_type,
        paths.path_length,
        count(*) filter (where touched.user_id is not null) as touched_users,
        count(*) filter (where touched.user_id is not null and users.is_converted) as touched_converted,
        count(*) filter (where touched.user_id is null) as other_users,
        count(*) filter (where touched.user_id is null and users.is_converted) as other_converted

    from users

    inner join paths
        on users.user_id = paths.user_id

    cross join effects

    left join touched
        on
            users.user_id = touched.user_id
            and effects.channel = touched.channel

    group by 1, 2, 3

),

-- Mantel and Haenszel's risk ratio, with Greenland and Robins's variance of its log.
pooled as (

    select
        channel,
        sum(touched_converted * other_users / (touched_users + other_users)) as touched_risk,
        sum(other_converted * touched_users / (touched_users + other_users)) as other_risk,
        sum(
            (
                cast(touched_users as double) * other_users * (touched_converted + other_converted)
                - cast(touched_converted as double) * other_converted * (touched_users + other_users)
            ) / (cast(touched_users + other_users as double) * (touched_users + other_users))
        ) as spread,
        sum(touched_users + other_users) as users

    from strata

    where touched_users > 0 and other_users > 0

    group by channel

),

ratios as (

    select
        *,
        touched_risk / nullif(other_risk, 0) as ratio,
        sqrt(spread / nullif(touched_risk * other_risk, 0)) as log_error

    from pooled

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
    'Marketing' as topic,
    'effect_' || effects.channel as key,
    'True effect: ' || replace(effects.channel, '_', ' ') as name,
    'share' as unit,
    effects.uplift as planted,
    ratios.ratio - 1 as estimate,
    ratios.ratio * exp(-1.96 * ratios.log_error) - 1 as lower,
    ratios.ratio * exp(1.96 * ratios.log_error) - 1 as upper,
    cast(ratios.users as bigint) as sample,
    'Touched users are held against untouched ones with as many touches, who were touched by other channels instead; the ratio is that of two effects.'
        as note

from effects

inner join ratios
    on effects.channel = ratios.channel

union all

select
    'Attribution',
    'attribution_' || attribution_model,
    case attribution_model
        when 'first_touch' then 'First touch'
        when 'last_touch' then 'Last touch'
        when 'linear' then 'Linear'
        when 'position' then 'Position (40-20-40)'
        when 'time_decay' then 'Time decay'
        when 'markov' then 'Markov removal'
        when 'shapley' then 'Shapley'
        else attribution_model
    end,
    'distance',
    0,
    distance,
    null,
    null,
    cast(round(conversions) as bigint),
    'Share of the credit that goes to the wrong channel. A rule that only sees paid customers'' paths can''t know who would have paid anyway.'

from distances

order by topic desc, key
