-- A user's next period starts no earlier than the last one ended.

with

periods as (

    select
        user_id,
        subscription_id,
        started_at,
        ended_at,
        lead(started_at) over (
            partition by user_id
            order by started_at nulls last, subscription_id
        ) as next_started_at

    from {{ ref('stg_subscriptions') }}

)

select *

from periods

where
    next_started_at is not null
    and (ended_at is null or ended_at > next_started_at)
