//! What the page asks the rollups of the modelled warehouse.

mod attribution;
mod experiment;

pub use attribution::attribution;
pub use experiment::experiment;

use super::options::{FunnelOptions, Step};
use crate::state::filters::{Dimension, Filters};
use crate::statistics::wilson_sql;

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
    // Grouped by the enum itself: by its words, the engine would write out the text of every row.
    let (segment, groups) = match by {
        Some(by) => (
            format!("cast(users.{} as varchar)", by.key()),
            format!("group by users.{}", by.key()),
        ),
        None => ("'all'".to_owned(), "having count(*) > 0".to_owned()),
    };
    // Periods are compared among those whose time is over: the others were watched for less.
    let is_settled = format!("users.secs_observed >= {}", options.window * 86_400);
    let settled = if filters.compare {
        format!("\n        count(*) filter (where {is_settled}) as settled,")
    } else {
        String::new()
    };
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
        median({since}) filter (where {reached}) / 3600 as {key}_hours{settled}",
                window = options.window * 86_400,
                settled = if filters.compare {
                    format!(",\n        count(*) filter (where {reached} and {is_settled}) as {key}_settled")
                } else {
                    String::new()
                },
            )
        })
        .collect();
    format!(
        "{name} as (

    select
        {segment} as segment_value,
        count(*) as signed_up,{settled}
        {columns}

    from rollups.funnel_users as users

    where
        {of_users}

    {groups}

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
    let previous = filters
        .compared()
        .map(|before| counted("previous", &before, options, by));
    let of_each = |column: &dyn Fn(Step) -> String| Step::ALL.map(column).join(", ");
    let settled_rates = |of: &str| {
        of_each(&|step| match step {
            Step::SignedUp => "cast(null as double)".to_owned(),
            step => format!(
                "cast({of}.{}_settled as double) / nullif({of}.settled, 0)",
                step.key()
            ),
        })
    };
    let (settled_rates, previous_rates) = if previous.is_some() {
        (settled_rates("now"), settled_rates("previous"))
    } else {
        let nothing = of_each(&|_| "cast(null as double)".to_owned());
        (nothing.clone(), nothing)
    };
    let after_signup = |at_signup: &str, suffix: &str| {
        of_each(&|step| match step {
            Step::SignedUp => at_signup.to_owned(),
            step => format!("now.{}{suffix}", step.key()),
        })
    };
    format!(
        "
with

{now},
{previous}
steps as (

    select
        now.segment_value,
        now.signed_up,
        unnest([{numbers}]) as step_number,
        unnest([{names}]) as step,
        unnest([{entered}]) as entered,
        unnest([{reached}]) as reached,
        unnest([{open}]) as still_in_window,
        unnest([{hours}]) as median_hours,
        unnest([{settled_rates}]) as settled_overall_rate,
        unnest([{previous_rates}]) as previous_overall_rate

    from now{join}

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
    settled_overall_rate,
    previous_overall_rate,
    median_hours

from steps

order by
    signed_up desc,
    segment_value,
    step_number
",
        now = counted("now", filters, options, by),
        join = if previous.is_some() {
            "\n\n    left join previous\n        on now.segment_value = previous.segment_value"
        } else {
            ""
        },
        previous = previous.map_or(String::new(), |previous| format!("\n{previous},\n")),
        numbers = of_each(&|step| (step as u8 + 1).to_string()),
        names = of_each(&|step| format!("'{}'", step.name())),
        entered = of_each(&|step| match step.before() {
            None | Some(Step::SignedUp) => "now.signed_up".to_owned(),
            Some(before) => format!("now.{}", before.key()),
        }),
        reached = after_signup("now.signed_up", ""),
        open = after_signup("0", "_open"),
        hours = after_signup("null", "_hours"),
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
    let (mut bins, mut last_secs) = (Vec::new(), Vec::new());
    for (position, (from, to, label)) in BINS.iter().enumerate() {
        if *from < options.window * 24 {
            let (from, to) = (from * 3_600, to * 3_600);
            bins.push(format!("({}, {from}, {to}, '{label}')", position + 1));
            last_secs.push((to - 1).to_string());
        }
    }
    format!(
        "
with

bins (bin_number, from_secs, to_secs, time_taken) as (

    values
    {bins}

),

counted as (

    select
        count(*) as everyone,
        median(users.{column}) as median_secs,
        quantile_cont(users.{column}, 0.9) as p90_secs,
        -- By the last second of each bin.
        histogram(users.{column}, [{last_secs}]) as people

    from rollups.funnel_users as users

    where
        {of_users}
        and {reached}

)

select
    bins.bin_number,
    bins.time_taken,
    coalesce(counted.people[bins.to_secs - 1], 0) as people,
    cast(coalesce(counted.people[bins.to_secs - 1], 0) as double)
        / nullif(counted.everyone, 0) as share,
    counted.median_secs / 3600 as median_hours,
    counted.p90_secs / 3600 as p90_hours,
    cast(
        coalesce(
            counted.median_secs >= bins.from_secs and counted.median_secs < bins.to_secs, false
        ) as int
    ) as holds_median

from bins

cross join counted

order by bins.bin_number
",
        bins = bins.join(",\n    "),
        last_secs = last_secs.join(", "),
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
    let previous = filters
        .compared()
        .map(|before| format!(",\n\n{}", by_channel("previous", &before)));
    let (rate, join) = if previous.is_some() {
        (
            "cast(previous.activated as double) / nullif(previous.eligible, 0)",
            "\nleft join previous\n    on intervals.channel = previous.channel\n",
        )
    } else {
        ("cast(null as double)", "")
    };
    let [lower, upper] = wilson_sql("activated", "eligible");
    format!(
        "
with

{now}{previous},

intervals as (

    select
        *,
        cast(activated as double) / nullif(eligible, 0) as rate,
        {lower} as rate_lower,
        {upper} as rate_upper

    from now

)

select
    cast(intervals.channel as varchar) as channel,
    intervals.eligible,
    intervals.activated,
    intervals.rate as activation_rate,
    intervals.rate_lower,
    intervals.rate_upper,
    {rate} as previous_activation_rate,
    intervals.median_hours

from intervals
{join}
order by
    activation_rate desc,
    intervals.channel
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
        [users.first_action, users.second_action, users.third_action] as actions,
        case when users.is_activated then 'activated' else 'not_activated' end as outcome,
        case when users.has_paid then 'paid' else 'not_paid' end as payment,
        count(*) as people

    from rollups.funnel_users as users

    where
        {of_users}
        and users.is_activation_window_over

    group by
        users.first_action,
        users.second_action,
        users.third_action,
        users.is_activated,
        users.has_paid

),

ranked as (

    select
        level,
        action,
        row_number() over (
            partition by level
            order by sum(people) desc, action
        ) as place

    from (
        select
            unnest([1, 2, 3]) as level,
            unnest(actions) as action,
            people

        from people
    )

    where action is not null

    group by 1, 2

),

named as (

    select list((level, action)) as actions

    from ranked

    where place <= {NAMED_ACTIONS}

),

-- The places each of them came by; a link joins two that follow each other.
paths as (

    select
        people.people,
        list_filter(
            [
                {{
                    'level': level,
                    'name': case
                        when action is null then case when level = 1 then 'nothing' end
                        when list_contains(named.actions, (level, action)) then action
                        else 'other'
                    end
                }}
                for action, level in people.actions
            ],
            lambda place: place.name is not null
        ) || [
            {{'level': 4, 'name': people.outcome}},
            {{'level': 5, 'name': people.payment}}
        ] as places

    from people

    cross join named

),

links as (

    select
        people,
        unnest(places[:-2]) as source,
        unnest(places[2:]) as target

    from paths

)

select
    source.level as source_level,
    source.name as source,
    target.level as target_level,
    target.name as target,
    cast(sum(people) as bigint) as people

from links

group by
    source,
    target

order by
    source_level,
    sum(people) desc,
    source.name,
    target.name
",
        of_users = of_users(filters),
    )
}
