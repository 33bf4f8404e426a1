//! Seven ways to credit channels.

use super::super::options::FunnelOptions;
use crate::state::filters::Filters;

/// The models by number, as `advanced.attribution_comparison` spells them.
const RULES: [(&str, &str); 6] = [
    ("first_touch", "first_touch_weight"),
    ("last_touch", "last_touch_weight"),
    ("linear", "linear_weight"),
    ("position", "position_weight"),
    ("time_decay", "time_decay_weight"),
    ("shapley", "shapley_weight"),
];

/// What each model credits each channel with, for the users meant; beside what the channels truly
/// added when truth is shown.
///
/// A channel touched multiplies the chance of paying by 1 + uplift, once a path. Of a payment whose
/// path it is on, it has so added uplift / (1 + uplift); these, summed, are shared out to 100 %.
#[must_use]
pub fn attribution(filters: &Filters, options: &FunnelOptions) -> String {
    let sums: Vec<String> = RULES
        .iter()
        .map(|(rule, weight)| {
            format!(
                "coalesce(sum(touches.{weight}) filter (where touches.is_converted), 0) as {rule}"
            )
        })
        .collect();
    let credited: Vec<String> = RULES
        .iter()
        .enumerate()
        .map(|(position, (rule, _))| {
            // Markov's model is the sixth, Shapley's the seventh.
            let number = if *rule == "shapley" { 7 } else { position + 1 };
            format!(
                "    select touch_channel, '{rule}' as attribution_model, {number} as model_number, \
                 {rule} as conversions from by_rule"
            )
        })
        .collect();
    let walks: Vec<String> = (0..7)
        .map(|step| {
            format!(
                "walk_{next} as (

    select
        before.world,
        before.state,
        after.next_state,
        sum(before.probability * after.probability) as probability

    from walk_{step} as before

    inner join walk_{step} as after
        on
            before.world = after.world
            and before.next_state = after.state

    group by 1, 2, 3

),",
                next = step + 1,
            )
        })
        .collect();
    let (truth, truth_columns, truth_join) = if options.has_truth {
        (
            "

planted as (

    select
        channel_effects.channel,
        channel_effects.uplift,
        coalesce(by_rule.converted_paths, 0)
            * channel_effects.uplift / (1 + channel_effects.uplift) as added

    from truth.channel_effects as channel_effects

    left join by_rule
        on channel_effects.channel = by_rule.touch_channel

),
",
            ",\n    planted.added / nullif(sum(planted.added) over (partition by credited.attribution_model), 0)\n        as true_share,\n    planted.uplift as true_uplift",
            "\nleft join planted\n    on credited.touch_channel = planted.channel\n",
        )
    } else {
        ("", "", "")
    };
    format!(
        "
with

touches as (

    select *

    from rollups.path_touches as touches

    where
        {in_range}
        and {of_users}

),

by_rule as (

    select
        cast(touches.touch_channel as varchar) as touch_channel,
        count(*) filter (where touches.is_converted and touches.is_first_of_channel)
            as converted_paths,
        {sums}

    from touches

    group by touches.touch_channel

),

-- Markov: the share of conversions that a random walk over these paths loses without the channel
-- (Anderl et al. 2016), found by squaring the matrix of moves.
moves as (

    select
        touches.is_first,
        cast(touches.touch_channel as varchar) as channel,
        cast(touches.next_state as varchar) as next_state,
        count(*) as moves

    from touches

    group by 1, touches.touch_channel, touches.next_state

),

transitions as (

    select 'start' as state, channel as next_state, sum(moves) as moves
    from moves
    where is_first
    group by channel

    union all

    select channel as state, next_state, sum(moves) as moves
    from moves
    group by channel, next_state

    union all

    select 'converted' as state, 'converted' as next_state, 1 as moves

),

probabilities as (

    select
        state,
        next_state,
        cast(moves as double) / sum(moves) over (partition by state) as probability

    from transitions

),

worlds as (

    select touch_channel as removed from by_rule

    union all

    select 'none' as removed

),

walk_0 as (

    select
        worlds.removed as world,
        probabilities.state,
        probabilities.next_state,
        probabilities.probability

    from worlds

    inner join probabilities
        on
            probabilities.state <> worlds.removed
            and probabilities.next_state <> worlds.removed
            and probabilities.next_state <> 'lost'

),

{walks}

removal_effects as (

    select
        worlds.removed as touch_channel,
        greatest(
            max(coalesce(walk.probability, 0)) filter (where worlds.removed = 'none') over ()
            - coalesce(walk.probability, 0), 0
        ) as effect

    from worlds

    left join walk_7 as walk
        on
            worlds.removed = walk.world
            and walk.state = 'start'
            and walk.next_state = 'converted'

),

markov as (

    select
        touch_channel,
        effect / nullif(sum(effect) over (), 0)
            * (select sum(last_touch) from by_rule) as conversions

    from removal_effects

    where touch_channel <> 'none'

),
{truth}
credited as (

{credited}

    union all

    select touch_channel, 'markov' as attribution_model, 6 as model_number, coalesce(conversions, 0) as conversions from markov

)

select
    credited.touch_channel as channel,
    credited.attribution_model,
    credited.model_number,
    credited.conversions,
    credited.conversions / nullif(
        sum(credited.conversions) over (partition by credited.attribution_model), 0
    ) as share{truth_columns}

from credited
{truth_join}
order by
    credited.model_number,
    credited.touch_channel
",
        in_range = filters.days_sql("touches.signup_date"),
        of_users = filters.users_sql("touches"),
        sums = sums.join(",\n        "),
        walks = walks.join("\n\n"),
        credited = credited.join("\n\n    union all\n\n"),
    )
}
