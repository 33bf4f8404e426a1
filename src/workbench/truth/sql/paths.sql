-- Who was touched by which channels, and who ever subscribed (what is planted is the decision,
-- not whether the card worked): counted by the set of channels, within
-- trial type and activation, for all effects to be fitted at once. Rows without a stratum hold
-- what was planted.
with as_of as (

    select cast(text as date) as as_of from truth.parameters where key = 'as_of'

),

waits as (

    select 10 * number as days from truth.parameters where key = 'convert_days'

),

users as (

    select
        users.user_id,
        users.trial_type || case when lifecycles.is_activated then ', activated' else '' end as stratum,
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

paths as (

    select user_id, string_agg(channel, ',' order by channel) as channels
    from touched
    group by user_id

)

select
    users.stratum,
    paths.channels,
    cast(null as double) as uplift,
    count(*) as users,
    count(*) filter (where users.is_converted) as converted

from users

inner join paths
    on users.user_id = paths.user_id

where users.stratum is not null

group by users.stratum, paths.channels

union all

select null, cast(channel as varchar), uplift, 0, 0
from truth.channel_effects

order by stratum, channels
