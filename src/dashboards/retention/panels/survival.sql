{#- Kaplan and Meier's estimate for each plan that runs of paid periods began on. -#}
with

ends as (

    select
        spells.plan as first_plan,
        spells.months,
        spells.part,
        cast(case when spells.part = 0 then spells.months else spells.months + 1 end as int)
            as month_number,
        count(*) filter (where spells.is_churned) as churned,
        count(*) filter (where not spells.is_churned) as censored

    from serving.srv_subscription_spells as spells

    where
        {{ days('spells.started_date') }}
        and {{ users('spells') }}

    group by 1, 2, 3

),

ends_at_risk as (

    select
        *,
        sum(churned + censored) over (
            partition by first_plan
            order by months desc, part desc
        ) as at_risk

    from ends

),

month_sums as (

    select
        first_plan,
        month_number,
        sum(churned) as churned,
        sum(censored) as censored,
        coalesce(sum(censored) filter (where part = 0), 0) as censored_on_the_day,
        sum(case when at_risk > churned then ln(1 - churned / at_risk) else 0 end) as log_survival,
        sum(case when at_risk > churned then churned / (at_risk * (at_risk - churned)) else 0 end)
            as greenwood_term,
        max(case when at_risk = churned then at_risk else 0 end) as emptied_at

    from ends_at_risk

    group by 1, 2

),

plan_months as (

    select
        first_plan,
        sum(churned + censored) as spells,
        unnest(
            range(0, max(case when at_risk = churned then month_number else months end) + 1)
        ) as month_number

    from ends_at_risk

    group by first_plan

),

running as (

    select
        plan_months.first_plan,
        plan_months.month_number,
        coalesce(sums.churned, 0) as churned,
        coalesce(sums.censored, 0) as censored,
        coalesce(sums.emptied_at, 0) as emptied_at,
        plan_months.spells
            - coalesce(sum(sums.churned + sums.censored) over so_far, 0) as gone_on,
        coalesce(sums.censored_on_the_day, 0) as censored_on_the_day,
        exp(coalesce(sum(sums.log_survival) over so_far, 0)) as rate_before_empty,
        coalesce(sum(sums.greenwood_term) over so_far, 0) as greenwood_sum

    from plan_months

    left join month_sums as sums
        on
            plan_months.first_plan = sums.first_plan
            and plan_months.month_number = sums.month_number

    window so_far as (
        partition by plan_months.first_plan
        order by plan_months.month_number
    )

),

informed as (

    select
        first_plan,
        month_number,
        cast(gone_on + churned + censored as bigint) as at_risk,
        cast(churned as bigint) as churned,
        cast(censored as bigint) as censored,
        case when emptied_at > 0 then 0 else least(rate_before_empty, 1) end as survival_rate,
        case
            when emptied_at > 0 then emptied_at / rate_before_empty
            when greenwood_sum > 0
                then (1 - rate_before_empty) / (rate_before_empty * greenwood_sum)
            else cast(gone_on + censored_on_the_day as double)
        end as runs

    from running

),

bounds as (

    select
        *,
        {{ wilson_lower('(survival_rate * runs)', 'runs') | indent(4) }} as lower_end,
        {{ wilson_upper('(survival_rate * runs)', 'runs') | indent(4) }} as upper_end

    from informed

)

select
    cast(first_plan as varchar) as first_plan,
    cast(month_number as int) as month_number,
    at_risk,
    churned,
    censored,
    cast(survival_rate as double) as survival_rate,
    least(lower_end, survival_rate) as survival_lower,
    greatest(upper_end, survival_rate) as survival_upper

from bounds

order by
    first_plan,
    month_number
