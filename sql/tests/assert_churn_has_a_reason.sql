-- A subscription that ended says why, unless it was a trial, and none that goes on does.

with

periods as (

    select
        period_id,
        change_type,
        ended_at,
        churn_reason,
        lead(period_id) over (
            partition by subscription_id
            order by started_at, period_id
        ) is not null as goes_on

    from {{ ref('stg_subscriptions') }}

)

select *

from periods

where
    (ended_at is not null and not goes_on and change_type <> 'trial')
    <> (churn_reason is not null)
