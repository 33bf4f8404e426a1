-- Survival, funnel steps and unbounded retention of whole cohorts never rise.

with

curves as (

    select
        'survival ' || plan as curve,
        month_number as place,
        survival_rate as height

    from {{ ref('subscription_survival') }}

    union all

    select
        'funnel ' || cast(cohort_month as string) || segment_type || segment_value as curve,
        step_number as place,
        cast(reached as double) as height

    from {{ ref('funnel_analysis') }}

    union all

    select
        'retention ' || cohort_grain || cast(cohort_date as string) as curve,
        period as place,
        cast(retained as double) as height

    from {{ ref('cohort_retention') }}

    where
        mode = 'unbounded'
        and is_complete

),

steps as (

    select
        curve,
        place,
        height,
        lag(height) over (
            partition by curve
            order by place
        ) as last_height

    from curves

)

select * from steps where height > last_height + 0.000000001
