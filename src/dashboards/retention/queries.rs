//! What the page asks the rollups of the modelled warehouse.

use super::options::{CohortSpan, Grain, Mode, RetentionOptions};
use crate::dashboards::periods::is_over;
use crate::results::periods;
use crate::state::filters::Filters;
use crate::statistics::wilson_sql;

/// Segments a panel can tell apart by colour.
const SEGMENTS: usize = 6;

/// A curve goes on as long as one in this many of its people has been observed.
pub const LEAST_OBSERVED: i64 = 10;

/// SQL: people observed through the period, and those of them who came back.
pub(super) fn counted(grain: Grain, mode: Mode) -> (String, String) {
    let days = grain.days();
    let key = grain.key();
    let began = format!("users.days_observed >= periods.period * {days}");
    let ended = format!(
        "users.days_observed >= periods.period * {days} + {}",
        days - 1
    );
    let (eligible, is_active) = match mode {
        Mode::NDay => (began, format!("users.{key}_n_day & periods.bit <> 0")),
        Mode::Bracket => (ended, format!("users.{key}_bracket & periods.bit <> 0")),
        Mode::Unbounded => (ended, format!("users.last_day >= periods.period * {days}")),
    };
    // Signing up is the activity of period 0.
    let retained = format!("{eligible}\n                and (periods.period = 0 or {is_active})");
    (eligible, retained)
}

/// How many of each cohort came back in each period, and of all cohorts together.
#[must_use]
pub fn cohorts(filters: &Filters, options: &RetentionOptions) -> String {
    let (grain, days) = (options.grain, options.grain.days());
    let (eligible, retained) = counted(grain, options.mode);
    let (cohorts, periods) = grain.shown();
    let key = grain.key();
    let cohort = CohortSpan::of(grain, filters);
    let oldest = cohorts * cohort.length();
    let cohort_index = match cohort {
        CohortSpan::Week | CohortSpan::Month => format!("users.{key}_index"),
        CohortSpan::Quarter => format!("users.{key}_index - users.{key}_index % 3"),
    };
    let cohort_date = match grain {
        Grain::Week => "date '2000-01-03' + cast(cohort_index as int) * 7",
        Grain::Month => "cast(date '2000-01-01' + to_months(cohort_index) as date)",
    };
    // The last day of the cohort.
    let length = cohort.length();
    let cohort_end = match grain {
        Grain::Week => format!("date '2000-01-03' + cast(cohort_index + {length} as int) * 7 - 1"),
        Grain::Month => {
            format!("cast(date '2000-01-01' + to_months(cohort_index + {length}) as date) - 1")
        }
    };
    let as_of = filters.as_of();
    format!(
        "
with

counted as (

    select
        {cohort_index} as cohort_index,
        periods.period,
        count(*) as started,
        count(*) filter (
            where {eligible}
        ) as eligible,
        count(*) filter (
            where {retained}
        ) as retained

    from rollups.retention_users as users

    inner join rollups.retention_periods as periods
        on users.days_observed >= periods.period * {days}

    where
        {in_range}
        and {of_users}
        and periods.period <= {periods}

    group by 1, 2

),

cohorts as (

    select
        {cohort_date} as cohort_date,
        period,
        max(started) over (partition by cohort_index) as cohort_size,
        eligible,
        retained,
        eligible = max(started) over (partition by cohort_index)
        and {cohort_end} <= date '{as_of}' as is_complete

    from counted

    where cohort_index > (select max(cohort_index) - {oldest} from counted)

),

with_all as (

    select
        cast(null as date) as cohort_date,
        period,
        cast(sum(cohort_size) as bigint) as cohort_size,
        cast(sum(eligible) as bigint) as eligible,
        cast(sum(retained) as bigint) as retained,
        true as is_complete

    from cohorts

    -- What is observed in part is left out of the mean.
    where is_complete

    group by period

    union all

    select * from cohorts

)

select
    cohort_date,
    cast(period as int) as period,
    cohort_size,
    eligible,
    retained,
    cast(retained as double) / nullif(eligible, 0) as retention_rate,
    is_complete

from with_all

order by
    cohort_date nulls first,
    period
",
        in_range = filters.days_sql("users.signup_date"),
        of_users = filters.users_sql("users"),
    )
}

/// How many people of each of the largest segments came back in each period.
#[must_use]
pub fn by_segment(filters: &Filters, options: &RetentionOptions) -> String {
    let (grain, days) = (options.grain, options.grain.days());
    let (eligible, retained) = counted(grain, options.mode);
    let (_, periods) = grain.shown();
    format!(
        "
with

largest as (

    select users.{by} as segment_value

    from rollups.retention_users as users

    where
        {in_range}
        and {of_users}

    group by 1

    order by
        count(*) desc,
        1

    limit {SEGMENTS}

),

counted as (

    select
        users.{by} as segment_value,
        periods.period,
        count(*) filter (
            where {eligible}
        ) as eligible,
        count(*) filter (
            where {retained}
        ) as retained

    from rollups.retention_users as users

    inner join rollups.retention_periods as periods
        on users.days_observed >= periods.period * {days}

    where
        {in_range}
        and {of_users}
        and periods.period <= {periods}

    group by 1, 2

)

select
    cast(segment_value as varchar) as segment_value,
    cast(period as int) as period,
    eligible,
    retained,
    cast(retained as double) / nullif(eligible, 0) as retention_rate

from counted

where
    segment_value in (select segment_value from largest)

-- Periods that only a few have been observed through are noise.
qualify
    eligible > 0
    and eligible * {LEAST_OBSERVED} >= max(eligible) over (partition by segment_value)

order by
    segment_value,
    period
",
        by = options.by.key(),
        in_range = filters.days_sql("users.signup_date"),
        of_users = filters.users_sql("users"),
    )
}

/// Kaplan and Meier's estimate for each plan that runs of paid periods began on.
#[must_use]
pub fn survival(filters: &Filters) -> String {
    let [lower, upper] = wilson_sql("(survival_rate * runs)", "runs");
    format!(
        "
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

    from rollups.subscription_spells as spells

    where
        {in_range}
        and {of_users}

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
        {lower} as lower_end,
        {upper} as upper_end

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
",
        in_range = filters.days_sql("spells.started_date"),
        of_users = filters.users_sql("spells"),
    )
}

/// The states of `int_user_lifecycle`, the liveliest first.
pub const STATES: [&str; 5] = ["new", "active", "at_risk", "dormant", "churned"];

/// How many people were in each state at each month's end.
#[must_use]
pub fn lifecycle(filters: &Filters) -> String {
    let counts: Vec<String> = STATES
        .iter()
        .map(|state| {
            format!(
                "coalesce(sum(changed.users) filter (where changed.state = '{state}'), 0)
            - coalesce(sum(changed.users) filter (where changed.previous_state = '{state}'), 0)
            as {state}"
            )
        })
        .collect();
    let sums: Vec<String> = STATES
        .iter()
        .map(|state| format!("cast(sum({state}) over so_far as bigint) as {state}"))
        .collect();
    format!(
        "
with

changed as (

    select
        changes.month_index,
        changes.previous_state,
        changes.state,
        count(*) as users

    from rollups.lifecycle_changes as changes

    where {of_users}

    group by 1, 2, 3

),

months as (

    select unnest(range(min(month_index), {last} + 1)) as month_index

    from changed

),

net as (

    select
        months.month_index,
        {counts},
        coalesce(
            sum(changed.users) filter (
                where
                    changed.previous_state in ('dormant', 'churned')
                    and changed.state in ('new', 'active', 'at_risk')
            ), 0
        ) as returned

    from months

    left join changed
        on months.month_index = changed.month_index

    group by 1

),

running as (

    select
        cast(date '2000-01-01' + to_months(cast(month_index as int)) as date) as date_month,
        {sums},
        cast(returned as bigint) as returned

    from net

    window so_far as (
        order by month_index
        rows between unbounded preceding and current row
    )

)

select *

from running

where {in_range}

order by date_month
",
        of_users = filters.users_sql("changes"),
        last = month_index(filters.as_of()),
        counts = counts.join(",\n        "),
        sums = sums.join(",\n        "),
        in_range = filters.months_sql("date_month"),
    )
}

/// Months since January 2000, as rollups count them.
pub(super) fn month_index(day: chrono::NaiveDate) -> i32 {
    use chrono::Datelike;
    (day.year() - 2000) * 12 + day.month0() as i32
}

/// What the customers of each cohort still pay, and of all cohorts together.
#[must_use]
pub fn revenue(filters: &Filters) -> String {
    let as_of = filters.as_of();
    let month = periods::Grain::Month.first_day(as_of).unwrap_or(as_of);
    let part = match CohortSpan::of(Grain::Month, filters) {
        CohortSpan::Quarter => "quarter",
        CohortSpan::Month | CohortSpan::Week => "month",
    };
    format!(
        "
with

balances as (

    select
        months.cohort_index,
        months.month_number,
        count(*) as customers,
        sum(months.mrr_cents) as mrr_cents,
        sum(months.kept_mrr_cents) as kept_mrr_cents

    from rollups.customer_months as months

    where
        {in_range}
        and {of_users}

    group by 1, 2

),

-- Every cohort at every month up to the last, also after its last customer left.
observed as (

    select
        cohort_index,
        customers,
        mrr_cents as base_mrr_cents,
        unnest(range(0, least({last} - cohort_index, 24) + 1)) as month_number

    from balances

    where month_number = 0

),

cohorts as (

    select
        cast(
            date_trunc('{part}', date '2000-01-01' + to_months(observed.cohort_index)) as date
        ) as cohort_date,
        observed.month_number,
        sum(observed.customers) as customers,
        sum(observed.base_mrr_cents) as base_mrr_cents,
        sum(coalesce(balances.mrr_cents, 0)) as retained_mrr_cents,
        sum(coalesce(balances.kept_mrr_cents, 0)) as kept_mrr_cents,
        -- The youngest customers' month is the latest.
        max(observed.cohort_index + observed.month_number) <= {last_whole} as is_over

    from observed

    left join balances
        on
            observed.cohort_index = balances.cohort_index
            and observed.month_number = balances.month_number

    group by 1, 2

),

sized as (

    select
        cohort_date,
        month_number,
        max(customers) over (partition by cohort_date) as cohort_customers,
        customers,
        base_mrr_cents,
        retained_mrr_cents,
        kept_mrr_cents,
        is_over and customers = max(customers) over (partition by cohort_date)
        and cast(cohort_date + interval 1 {part} as date) - 1 <= date '{as_of}' as is_complete

    from cohorts

),

with_all as (

    select
        cast(null as date) as cohort_date,
        month_number,
        sum(cohort_customers) as cohort_customers,
        sum(customers) as customers,
        sum(base_mrr_cents) as base_mrr_cents,
        sum(retained_mrr_cents) as retained_mrr_cents,
        sum(kept_mrr_cents) as kept_mrr_cents,
        true as is_complete

    from sized

    -- What is observed in part is left out of the mean.
    where is_complete

    group by month_number

    union all

    select * from sized

)

select
    cohort_date,
    cast(month_number as int) as month_number,
    cast(cohort_customers as bigint) as cohort_customers,
    cast(customers as bigint) as customers,
    cast(base_mrr_cents as bigint) as base_mrr_cents,
    cast(retained_mrr_cents as bigint) as retained_mrr_cents,
    cast(kept_mrr_cents as bigint) as kept_mrr_cents,
    cast(retained_mrr_cents as double) / nullif(base_mrr_cents, 0) as nrr,
    cast(kept_mrr_cents as double) / nullif(base_mrr_cents, 0) as grr,
    is_complete

from with_all

order by
    cohort_date nulls first,
    month_number
",
        in_range = filters.months_sql("months.cohort_month"),
        of_users = filters.users_sql("months"),
        last = month_index(as_of),
        last_whole = month_index(as_of) - i32::from(!is_over(month, as_of)),
    )
}
