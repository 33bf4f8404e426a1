-- Kaplan and Meier (1958) over runs of paid periods, in months of 30 days since
-- the run began. A run still going at as_of is censored in its last whole month.

with

periods as (

    select
        *,
        row_number() over (
            partition by user_id, spell_number
            order by valid_from nulls last, subscription_id
        ) as period_number

    from {{ ref('int_subscription_periods') }}

    where is_paid

),

spells as (

    select
        user_id,
        spell_number,
        max(case when period_number = 1 then plan end) as plan,
        max(case when is_churn then 1 else 0 end) as is_churn,
        cast(
            floor(
                {{ day_diff(
                    'min(valid_from_date)',
                    'max(coalesce(valid_to_date, ' ~ as_of_date() ~ '))'
                ) }} / 30
            ) as int
        ) as months_survived

    from periods

    group by
        user_id,
        spell_number

),

by_plan as (

    select
        plan,
        months_survived,
        is_churn

    from spells

    union all

    select
        'all' as plan,
        months_survived,
        is_churn

    from spells

),

ends as (

    select
        plan,
        months_survived as month_number,
        sum(is_churn) as churned,
        count(*) - sum(is_churn) as censored

    from by_plan

    group by
        plan,
        months_survived

),

plans as (

    select
        plan,
        sum(churned + censored) as customers,
        max(month_number) as last_month_number

    from ends

    group by plan

),

plan_months as (

    select
        plan,
        customers,
        {{ explode_range('last_month_number + 1') }} as month_number

    from plans

),

filled as (

    select
        plan_months.plan,
        plan_months.month_number,
        plan_months.customers,
        coalesce(ends.churned, 0) as churned,
        coalesce(ends.censored, 0) as censored

    from plan_months

    left join ends
        on
            plan_months.plan = ends.plan
            and plan_months.month_number = ends.month_number

),

at_risk as (

    select
        *,
        customers - coalesce(
            sum(churned + censored) over (
                partition by plan
                order by month_number
                rows between unbounded preceding and 1 preceding
            ), 0
        ) as at_risk

    from filled

),

steps as (

    select
        *,
        case
            when at_risk > churned
                then ln(1 - cast(churned as double) / nullif(at_risk, 0))
            else 0
        end as log_survival,
        case when at_risk > churned then 0 else 1 end as is_emptied,
        case
            when at_risk > churned
                then cast(churned as double)
                    / nullif(cast(at_risk as double) * (at_risk - churned), 0)
            else 0
        end as greenwood_term

    from at_risk

),

running as (

    select
        *,
        case
            when max(is_emptied) over so_far = 1 then cast(0 as double)
            else exp(sum(log_survival) over so_far)
        end as survival_rate,
        sum(greenwood_term) over so_far as greenwood_sum

    from steps

    window so_far as (
        partition by plan
        order by month_number
        rows between unbounded preceding and current row
    )

),

final as (

    select
        cast(plan as string) as plan,
        cast(month_number as int) as month_number,
        cast(at_risk as bigint) as at_risk,
        cast(churned as bigint) as churned,
        cast(censored as bigint) as censored,
        cast(least(survival_rate, 1) as double) as survival_rate,
        cast(
            greatest(
                survival_rate - 1.959963984540054 * survival_rate * sqrt(greenwood_sum), 0
            ) as double
        ) as survival_lower,
        cast(
            least(
                survival_rate + 1.959963984540054 * survival_rate * sqrt(greenwood_sum), 1
            ) as double
        ) as survival_upper

    from running

)

select * from final
