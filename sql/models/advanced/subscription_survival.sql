-- Kaplan and Meier (1958) over runs of paid periods: exact ages, in whole months
-- and the part of the next since the run began, read at its monthly anniversaries. A run still
-- going at as_of is censored at the age it has (decision 0118).

with

periods as (

    select
        *,
        row_number() over (
            partition by user_id, spell_number
            order by valid_from nulls last
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
        min(valid_from_date) as started_date,
        max(coalesce(valid_to_date, {{ as_of_date() }})) as ended_date

    from periods

    group by
        user_id,
        spell_number

),

ages as (

    select
        plan,
        is_churn,
        {{ whole_months('started_date', 'ended_date') }} as months,
        {{ share_of_next_month('started_date', 'ended_date') }} as part

    from spells

),

by_plan as (

    select
        plan,
        months,
        part,
        is_churn

    from ages

    union all

    select
        'all' as plan,
        months,
        part,
        is_churn

    from ages

),

-- What ends on an anniversary ends in the month before it.
ends as (

    select
        plan,
        months,
        part,
        case when part = 0 then months else months + 1 end as month_number,
        sum(is_churn) as churned,
        count(*) - sum(is_churn) as censored

    from by_plan

    group by
        plan,
        months,
        part

),

ends_at_risk as (

    select
        *,
        sum(churned + censored) over (
            partition by plan
            order by months desc nulls last, part desc nulls last
            rows between unbounded preceding and current row
        ) as at_risk

    from ends

),

plan_month_sums as (

    select
        plan,
        month_number,
        sum(churned) as churned,
        sum(censored) as censored,
        -- Who is censored on the anniversary itself has been seen to reach it.
        sum(case when part = 0 then censored else 0 end) as censored_on_the_day,
        sum(
            case
                when at_risk > churned
                    then ln(1 - cast(churned as double) / nullif(at_risk, 0))
                else 0
            end
        ) as log_survival,
        sum(
            case
                when at_risk > churned
                    then cast(churned as double)
                        / nullif(cast(at_risk as double) * (at_risk - churned), 0)
                else 0
            end
        ) as greenwood_term,
        -- The last run left: how many were at risk then; 0 while some are left.
        max(case when at_risk = churned then at_risk else 0 end) as emptied_at

    from ends_at_risk

    group by
        plan,
        month_number

),

plans as (

    select
        plan,
        sum(churned + censored) as customers,
        -- The last anniversary that a run reached, or the one at which all have left.
        max(case when at_risk = churned then month_number else months end)
            as last_month_number

    from ends_at_risk

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
        coalesce(sums.churned, 0) as churned,
        coalesce(sums.censored, 0) as censored,
        coalesce(sums.censored_on_the_day, 0) as censored_on_the_day,
        coalesce(sums.log_survival, 0) as log_survival,
        coalesce(sums.greenwood_term, 0) as greenwood_term,
        coalesce(sums.emptied_at, 0) as emptied_at

    from plan_months

    left join plan_month_sums as sums
        on
            plan_months.plan = sums.plan
            and plan_months.month_number = sums.month_number

),

running as (

    select
        *,
        customers - sum(churned + censored) over so_far + churned + censored as at_risk,
        customers - sum(churned + censored) over so_far + censored_on_the_day as survivors,
        -- As if nobody had left at the moment that emptied the plan.
        exp(sum(log_survival) over so_far) as rate_before_empty,
        sum(greenwood_term) over so_far as greenwood_sum

    from filled

    window so_far as (
        partition by plan
        order by month_number
        rows between unbounded preceding and current row
    )

),

-- How many runs, all watched to their end, would tell as much (Rothman 1978): by
-- Greenwood's variance; where it is zero, by who is left (Peto 1977).
informed as (

    select
        plan,
        month_number,
        at_risk,
        churned,
        censored,
        case when emptied_at > 0 then cast(0 as double) else least(rate_before_empty, 1) end
            as survival_rate,
        case
            when emptied_at > 0 then emptied_at / nullif(rate_before_empty, 0)
            when greenwood_sum > 0
                then (1 - rate_before_empty) / nullif(rate_before_empty * greenwood_sum, 0)
            else cast(survivors as double)
        end as effective_runs

    from running

),

-- Wilson's interval (1927) of that many.
final as (

    select
        cast(plan as string) as plan,
        cast(month_number as int) as month_number,
        cast(at_risk as bigint) as at_risk,
        cast(churned as bigint) as churned,
        cast(censored as bigint) as censored,
        cast(survival_rate as double) as survival_rate,
        cast(
            least({{ wilson_lower('(survival_rate * effective_runs)', 'effective_runs') }}, survival_rate)
            as double
        ) as survival_lower,
        cast(
            greatest({{ wilson_upper('(survival_rate * effective_runs)', 'effective_runs') }}, survival_rate)
            as double
        ) as survival_upper

    from informed

)

select * from final
