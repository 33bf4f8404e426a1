-- Whether customers who take up the new feature do more afterwards: their sessions in the eight
-- weeks after their first use against the eight weeks before, and the same of customers who never
-- used it, over the same season. A week on either side is left out, since a first use needs a session.
with as_of as (

    select cast(text as date) as as_of from truth.parameters where key = 'as_of'

),

adopters as (

    select user_id, min(event_date) as first_date
    from staging.stg_events
    where feature = 'ai_assistant'
    group by user_id

),

-- Whoever pays throughout, so that neither a beginning nor an end is taken for an effect.
spells as (

    select
        periods.user_id,
        min(periods.valid_from_date) as started_date,
        max(coalesce(periods.valid_to_date, as_of.as_of)) as ended_date

    from intermediate.int_subscription_periods as periods

    cross join as_of

    where periods.is_paid

    group by periods.user_id, periods.spell_number

),

adopted as (

    select spells.user_id, adopters.first_date, date_trunc('month', adopters.first_date) as month
    from spells
    inner join adopters on spells.user_id = adopters.user_id
    where spells.started_date <= adopters.first_date - 75 and spells.ended_date > adopters.first_date + 63

),

months as (

    select month, cast(month as date) + 15 as middle from adopted group by month

),

others as (

    select spells.user_id, months.month, months.middle as first_date
    from spells
    cross join months
    anti join adopters on spells.user_id = adopters.user_id
    where spells.started_date <= months.middle - 75 and spells.ended_date > months.middle + 63

),

followed as (

    select user_id, month, first_date, true as is_adopter from adopted
    union all
    select user_id, month, first_date, false from others

),

counted as (

    select
        followed.user_id,
        followed.month,
        followed.is_adopter,
        count(*) filter (where sessions.session_date between followed.first_date - 63 and followed.first_date - 8)
            as before,
        count(*) filter (where sessions.session_date between followed.first_date + 8 and followed.first_date + 63)
            as after

    from followed

    left join staging.stg_sessions as sessions
        on
            followed.user_id = sessions.user_id
            and sessions.session_date between followed.first_date - 63 and followed.first_date + 63

    group by 1, 2, 3, followed.first_date

),

seasons as (

    select month, cast(sum(after) as double) / nullif(sum(before), 0) as ratio
    from counted
    where not is_adopter
    group by month

),

season_errors as (

    select
        counted.month,
        any_value(seasons.ratio) as ratio,
        sqrt(
            sum((counted.after - seasons.ratio * counted.before) * (counted.after - seasons.ratio * counted.before))
        ) / nullif(sum(counted.after), 0) as error

    from counted

    inner join seasons on counted.month = seasons.month

    where not counted.is_adopter

    group by counted.month

),

changes as (

    select
        counted.user_id,
        counted.after,
        counted.before * season_errors.ratio as expected,
        season_errors.error

    from counted

    inner join season_errors on counted.month = season_errors.month

    where counted.is_adopter

),

effect as (

    select
        cast(sum(after) as double) / nullif(sum(expected), 0) as ratio,
        sum(expected * error) / nullif(sum(expected), 0) as season_error

    from changes

),

-- The seasons' errors share their customers, so they are added as if they moved together.
errors as (

    select
        any_value(effect.ratio) as ratio,
        sqrt(
            sum((changes.after - effect.ratio * changes.expected) * (changes.after - effect.ratio * changes.expected))
            / nullif(cast(sum(changes.after) as double) * sum(changes.after), 0)
            + any_value(effect.season_error) * any_value(effect.season_error)
        ) as error,
        count(*) as customers

    from changes

    cross join effect

),

-- The session rate r of a customer ends near a ceiling: r / (1 + r / 20), with r = 1 for the median one. So
-- a rate that is raised by the planted effect gains less. What is left of it is counted for each customer,
-- over the states of satisfaction that move the rate (three Gaussian nodes on either side of none).
states as (

    select *
    from (
        values
            (0.0, 0.457142857), (1.154405395, 0.240123179), (-1.154405395, 0.240123179),
            (2.366759411, 0.030757124), (-2.366759411, 0.030757124), (3.750439718, 0.000548269), (-3.750439718, 0.000548269)
    ) as states (satisfaction, weight)

),

uncapped as (

    select
        changes.user_id,
        states.weight,
        exp(users.log_activity + least(1.1, 0.8 * tail.number) * states.satisfaction) as rate,
        effect.number / 100 as effect

    from changes

    inner join truth.users as users
        on changes.user_id = users.user_id

    cross join states

    inner join truth.parameters as tail
        on tail.key = 'tail'

    inner join truth.parameters as effect
        on effect.key = 'feature_effect'

),

left_over as (

    select
        sum(weight * rate * (1 + effect) / (1 + rate * (1 + effect) / 20.0))
        / sum(weight * rate / (1 + rate / 20.0)) - 1 as effect

    from uncapped

)

select
    'Adoption' as topic,
    'feature_effect' as key,
    'Sessions after taking up the new feature' as name,
    'share' as unit,
    left_over.effect as planted,
    errors.ratio - 1 as estimate,
    errors.ratio * exp(-1.96 * errors.error) - 1 as lower,
    errors.ratio * exp(1.96 * errors.error) - 1 as upper,
    errors.customers as sample,
    'The busiest come close to a ceiling: the planted value is what it leaves of the parameter for these customers.' as note

from errors

cross join left_over

where errors.customers >= 20
