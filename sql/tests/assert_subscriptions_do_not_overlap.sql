-- A subscription's next period starts when the last one ended: neither earlier nor later.

with

periods as (

    select
        subscription_id,
        period_id,
        started_at,
        ended_at,
        lead(started_at) over (
            partition by subscription_id
            order by started_at nulls last, period_id
        ) as next_started_at

    from {{ ref('stg_subscriptions') }}

)

select *

from periods

where
    next_started_at is not null
    and (ended_at is null or ended_at <> next_started_at)
