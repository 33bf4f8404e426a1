-- A click of somebody who signed up is one of its campaign's clicks of the day, and a part of their cost.

with

touches as (

    select
        touch_date,
        campaign,
        count(*) as clicks,
        sum(cost_cents) as cost_cents

    from {{ ref('stg_marketing_touches') }}

    where
        touch_type <> 'impression'
        and campaign <> 'none'

    group by
        touch_date,
        campaign

)

select
    touches.touch_date,
    touches.campaign,
    touches.clicks,
    touches.cost_cents,
    spend.clicks as billed_clicks,
    spend.cost_cents as billed_cents

from touches

left join {{ ref('stg_ad_spend') }} as spend
    on
        touches.touch_date = spend.spend_date
        and touches.campaign = spend.campaign

where
    spend.clicks is null
    or touches.clicks > spend.clicks
    or touches.cost_cents > spend.cost_cents
