//! What the page asks the rollups of the modelled warehouse.

mod attribution;
mod experiment;

pub use attribution::attribution;
pub use experiment::experiment;

use super::options::{FunnelOptions, Step};
use crate::state::filters::{Dimension, Filters};

/// SQL: the users of `rollups.funnel_users` that are meant.
pub(super) fn of_users(filters: &Filters) -> String {
    format!(
        "{}\n        and {}",
        filters.days_sql("users.signup_date"),
        filters.users_sql("users")
    )
}

/// SQL: that a step was reached within the window.
pub(super) fn is_reached(step: Step, options: &FunnelOptions) -> String {
    match step {
        Step::SignedUp => "true".to_owned(),
        _ => format!("users.{} < {}", step.column(), options.window * 86_400),
    }
}

/// SQL: a row a segment with how many people reached each step, and how long it took them.
fn counted(
    name: &str,
    filters: &Filters,
    options: &FunnelOptions,
    by: Option<Dimension>,
) -> String {
    let segment = by.map_or("'all'".to_owned(), |by| {
        format!("cast(users.{} as varchar)", by.key())
    });
    let columns: Vec<String> = Step::AFTER_SIGNUP
        .into_iter()
        .map(|step| {
            let key = step.key();
            let reached = is_reached(step, options);
            let before = step.before().unwrap_or(Step::SignedUp);
            let entered = is_reached(before, options);
            let since = match before {
                Step::SignedUp => format!("users.{}", step.column()),
                _ => format!("users.{} - users.{}", step.column(), before.column()),
            };
            format!(
                "count(*) filter (where {reached}) as {key},
        count(*) filter (
            where
                {entered}
                and not coalesce({reached}, false)
                and users.secs_observed < {window}
        ) as {key}_open,
        median({since}) filter (where {reached}) / 3600 as {key}_hours",
                window = options.window * 86_400,
            )
        })
        .collect();
    format!(
        "{name} as (

    select
        {segment} as segment_value,
        count(*) as signed_up,
        {columns}

    from rollups.funnel_users as users

    where
        {of_users}

    group by 1

)",
        columns = columns.join(",\n        "),
        of_users = of_users(filters),
    )
}

/// How many people reached each step within the window.
#[must_use]
pub fn steps(filters: &Filters, options: &FunnelOptions) -> String {
    funnel(filters, options, None)
}

/// The same by segment.
#[must_use]
pub fn segments(filters: &Filters, options: &FunnelOptions) -> String {
    funnel(filters, options, Some(options.by))
}

/// Steps, beside those of the period before where the filters compare.
fn funnel(filters: &Filters, options: &FunnelOptions, by: Option<Dimension>) -> String {
    let before = filters.compare.then(|| filters.period_before()).flatten();
    let previous = before.map(|before| counted("previous", &before, options, by));
    let previous_rate = |step: Step| match (&previous, step) {
        (None, _) => "cast(null as double)".to_owned(),
        (Some(_), Step::SignedUp) => "cast(null as double)".to_owned(),
        (Some(_), step) => format!(
            "cast(previous.{} as double) / nullif(previous.signed_up, 0)",
            step.key()
        ),
    };
    let rows: Vec<String> = Step::ALL
        .into_iter()
        .enumerate()
        .map(|(position, step)| {
            let key = match step {
                Step::SignedUp => "signed_up",
                step => step.key(),
            };
            let entered = match step.before() {
                None | Some(Step::SignedUp) => "signed_up",
                Some(before) => before.key(),
            };
            let (open, hours) = match step {
                Step::SignedUp => ("0".to_owned(), "cast(null as double)".to_owned()),
                _ => (format!("now.{key}_open"), format!("now.{key}_hours")),
            };
            format!(
                "    select
        now.segment_value,
        now.signed_up,
        {number} as step_number,
        '{name}' as step,
        now.{entered} as entered,
        now.{key} as reached,
        {open} as still_in_window,
        {hours} as median_hours,
        {previous} as previous_overall_rate

    from now{join}",
                number = position + 1,
                name = step.name(),
                previous = previous_rate(step),
                join = if previous.is_some() {
                    "\n\n    left join previous\n        on now.segment_value = previous.segment_value"
                } else {
                    ""
                },
            )
        })
        .collect();
    format!(
        "
with

{now},
{previous}
steps as (

{rows}

)

select
    segment_value,
    step_number,
    step,
    entered,
    reached,
    still_in_window,
    entered - reached - still_in_window as dropped,
    cast(reached as double) / nullif(entered, 0) as step_rate,
    cast(reached as double) / nullif(signed_up, 0) as overall_rate,
    previous_overall_rate,
    median_hours

from steps

order by
    signed_up desc,
    segment_value,
    step_number
",
        now = counted("now", filters, options, by),
        previous = previous.map_or(String::new(), |previous| format!("\n{previous},\n")),
        rows = rows.join("\n\n    union all\n\n"),
    )
}

/// Ends of the bins of [`times`], in hours, and how they are written.
const BINS: [(i64, i64, &str); 12] = [
    (0, 1, "< 1 h"),
    (1, 3, "1–3 h"),
    (3, 6, "3–6 h"),
    (6, 12, "6–12 h"),
    (12, 24, "12–24 h"),
    (24, 48, "1–2 d"),
    (48, 96, "2–4 d"),
    (96, 168, "4–7 d"),
    (168, 336, "1–2 w"),
    (336, 720, "2–4 w"),
    (720, 1_440, "30–60 d"),
    (1_440, 2_160, "60–90 d"),
];

/// Seconds from which, and to which, the bin of a number goes.
pub(super) fn bin_secs(number: i64) -> Option<(i64, i64)> {
    let place = usize::try_from(number).ok()?.checked_sub(1)?;
    let (from, to, _) = BINS.get(place)?;
    Some((from * 3_600, to * 3_600))
}

/// How long people took from the signup to the chosen step.
#[must_use]
pub fn times(filters: &Filters, options: &FunnelOptions) -> String {
    let bins: Vec<String> = BINS
        .iter()
        .enumerate()
        .filter(|(_, (from, _, _))| *from < options.window * 24)
        .map(|(position, (from, to, label))| {
            let (from, to) = (from * 3_600, to * 3_600);
            format!("({}, {from}, {to}, '{label}')", position + 1)
        })
        .collect();
    format!(
        "
with

bins (bin_number, from_secs, to_secs, time_taken) as (

    values
    {bins}

),

people as (

    select users.{column} as secs

    from rollups.funnel_users as users

    where
        {of_users}
        and {reached}

),

quantiles as (

    select
        count(*) as everyone,
        median(secs) as median_secs,
        quantile_cont(secs, 0.9) as p90_secs

    from people

)

select
    bins.bin_number,
    bins.time_taken,
    count(people.secs) as people,
    cast(count(people.secs) as double) / nullif(max(quantiles.everyone), 0) as share,
    max(quantiles.median_secs) / 3600 as median_hours,
    max(quantiles.p90_secs) / 3600 as p90_hours,
    cast(
        max(quantiles.median_secs) >= bins.from_secs
        and max(quantiles.median_secs) < bins.to_secs as int
    ) as holds_median

from bins

cross join quantiles

left join people
    on people.secs >= bins.from_secs and people.secs < bins.to_secs

group by
    bins.bin_number,
    bins.time_taken,
    bins.from_secs,
    bins.to_secs

order by bins.bin_number
",
        bins = bins.join(",\n    "),
        column = options.step.column(),
        of_users = of_users(filters),
        reached = is_reached(options.step, options),
    )
}

/// SQL: that somebody reached the step before the chosen one, not that one, and is out of time.
pub(super) fn is_dropped(options: &FunnelOptions) -> String {
    let before = options.step.before().unwrap_or(Step::SignedUp);
    format!(
        "{}\n        and not coalesce({}, false)\n        and users.secs_observed >= {}",
        is_reached(before, options),
        is_reached(options.step, options),
        options.window * 86_400,
    )
}

/// People the panel lists; the rows behind it are all of them.
pub const DROPPED_SHOWN: usize = 10;

/// Those who dropped before the chosen step; whoever still comes stands first.
#[must_use]
pub fn dropped(filters: &Filters, options: &FunnelOptions) -> String {
    format!(
        "
with

people as (

    select
        users.user_id,
        users.signup_date,
        users.active_days_28d

    from rollups.funnel_users as users

    where
        {of_users}
        and {is_dropped}

),

together as (

    select
        count(*) as people,
        count(*) filter (where active_days_28d > 0) as people_still_active

    from people

),

first_people as (

    select user_id

    from people

    order by
        active_days_28d desc,
        signup_date desc,
        user_id

    limit {DROPPED_SHOWN}

)

select
    dim_users.user_id,
    dim_users.full_name,
    dim_users.email,
    dim_users.signup_date,
    dim_users.initial_plan,
    dim_users.channel,
    dim_users.country,
    dim_users.company_size,
    dim_users.count_active_days_28d as active_days_28d,
    cast(dim_users.last_active_at as date) as last_active_date,
    together.people,
    together.people_still_active

from first_people

inner join marts.dim_users as dim_users
    on first_people.user_id = dim_users.user_id

cross join together

order by
    dim_users.count_active_days_28d desc,
    dim_users.signup_date desc,
    dim_users.user_id
",
        of_users = of_users(filters),
        is_dropped = is_dropped(options),
    )
}

/// How many of each channel's signups activated within seven days.
#[must_use]
pub fn activation(filters: &Filters) -> String {
    let by_channel = |name: &str, filters: &Filters| {
        format!(
            "{name} as (

    select
        users.channel,
        count(*) as eligible,
        count(*) filter (where users.is_activated) as activated,
        median(users.hours_to_activation) as median_hours

    from rollups.funnel_users as users

    where
        {of_users}
        and users.is_activation_window_over

    group by 1

)",
            of_users = of_users(filters),
        )
    };
    let before = filters.compare.then(|| filters.period_before()).flatten();
    let previous = before.map(|before| format!(",\n\n{}", by_channel("previous", &before)));
    let (rate, join) = if previous.is_some() {
        (
            "cast(previous.activated as double) / nullif(previous.eligible, 0)",
            "\nleft join previous\n    on rates.channel = previous.channel\n",
        )
    } else {
        ("cast(null as double)", "")
    };
    format!(
        "
with

{now}{previous},

rates as (

    select
        *,
        cast(activated as double) / nullif(eligible, 0) as rate,
        1.959963984540054 * 1.959963984540054 as zz

    from now

)

-- The interval is Wilson's (1927).
select
    cast(rates.channel as varchar) as channel,
    rates.eligible,
    rates.activated,
    rates.rate as activation_rate,
    (rates.rate + zz / (2 * rates.eligible) - sqrt(
        zz * (rates.rate * (1 - rates.rate) + zz / (4 * rates.eligible)) / rates.eligible
    )) / (1 + zz / rates.eligible) as rate_lower,
    (rates.rate + zz / (2 * rates.eligible) + sqrt(
        zz * (rates.rate * (1 - rates.rate) + zz / (4 * rates.eligible)) / rates.eligible
    )) / (1 + zz / rates.eligible) as rate_upper,
    {rate} as previous_activation_rate,
    rates.median_hours

from rates
{join}
order by
    activation_rate desc,
    rates.channel
",
        now = by_channel("now", filters),
        previous = previous.unwrap_or_default(),
    )
}

/// Actions a level of [`paths`] names; the rest are `other`.
const NAMED_ACTIONS: usize = 5;

/// What people do first, second and third, and whether they then activate and pay.
#[must_use]
pub fn paths(filters: &Filters) -> String {
    format!(
        "
with

people as (

    select
        users.first_action,
        users.second_action,
        users.third_action,
        case when users.is_activated then 'activated' else 'not_activated' end as outcome,
        case when users.has_paid then 'paid' else 'not_paid' end as payment,
        count(*) as people

    from rollups.funnel_users as users

    where
        {of_users}
        and users.is_activation_window_over

    group by 1, 2, 3, 4, 5

),

actions as (

    select 1 as level, first_action as action, people from people

    union all

    select 2 as level, second_action as action, people from people

    union all

    select 3 as level, third_action as action, people from people

),

named as (

    select
        level,
        action

    from actions

    where action is not null

    group by 1, 2

    qualify row_number() over (
        partition by level
        order by sum(people) desc, action
    ) <= {NAMED_ACTIONS}

),

grouped as (

    select
        case
            when people.first_action is null then 'nothing'
            else coalesce(first_named.action, 'other')
        end as first_action,
        case
            when people.second_action is not null then coalesce(second_named.action, 'other')
        end as second_action,
        case
            when people.third_action is not null then coalesce(third_named.action, 'other')
        end as third_action,
        people.outcome,
        people.payment,
        sum(people.people) as people

    from people

    left join named as first_named
        on first_named.level = 1 and people.first_action = first_named.action

    left join named as second_named
        on second_named.level = 2 and people.second_action = second_named.action

    left join named as third_named
        on third_named.level = 3 and people.third_action = third_named.action

    group by 1, 2, 3, 4, 5

),

links as (

    select
        1 as source_level,
        first_action as source,
        case when second_action is null then 4 else 2 end as target_level,
        coalesce(second_action, outcome) as target,
        people

    from grouped

    union all

    select
        2 as source_level,
        second_action as source,
        case when third_action is null then 4 else 3 end as target_level,
        coalesce(third_action, outcome) as target,
        people

    from grouped

    where second_action is not null

    union all

    select
        3 as source_level,
        third_action as source,
        4 as target_level,
        outcome as target,
        people

    from grouped

    where third_action is not null

    union all

    select
        4 as source_level,
        outcome as source,
        5 as target_level,
        payment as target,
        people

    from grouped

)

select
    source_level,
    source,
    target_level,
    target,
    cast(sum(people) as bigint) as people

from links

group by 1, 2, 3, 4

order by
    source_level,
    people desc,
    source,
    target
",
        of_users = of_users(filters),
    )
}
