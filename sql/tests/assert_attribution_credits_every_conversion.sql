-- Every rule shares out all first payments of people with a path, no more, no less.

with

totals as (

    select
        attribution_model,
        sum(conversions) as conversions

    from {{ ref('attribution_comparison') }}

    group by attribution_model

),

expected as (

    select count(*) as conversions

    from {{ ref('int_user_lifecycle') }} as lifecycles

    inner join {{ ref('stg_marketing_touches') }} as touches
        on
            lifecycles.user_id = touches.user_id
            and touches.is_converting_touch

    where lifecycles.first_paid_at is not null

)

select
    totals.attribution_model,
    totals.conversions,
    expected.conversions as expected_conversions

from totals

cross join expected

where abs(totals.conversions - expected.conversions) > 0.000001 * (1 + expected.conversions)
