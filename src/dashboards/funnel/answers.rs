//! The sentences that answer the page's questions, computed from its rows.

use super::charts::activation::mean_rate;
use super::charts::attribution::{MODELS, channels, model_name, of_channel};
use super::charts::experiment::row_name;
use super::charts::paths::place_name;
use super::charts::steps::{of_everyone, step_name};
use super::charts::times::span;
use super::options::{FunnelOptions, Step};
use crate::components::format::{ValueFormat, capital, change, counted, relative_change, share};
use crate::dashboards::claims::{
    count_or_none, counts_or_none, is_enough, larger, range, share_of, too_few,
};
use crate::dashboards::segment_colours::segment_name;
use crate::results::funnel::{
    ChannelActivation, ChannelCredit, DroppedPerson, ExperimentResult, FunnelStep, PathLink,
    TimeBin,
};
use crate::results::shares::Share;
use crate::state::filters::Dimension;

const COUNT: ValueFormat = ValueFormat::Count;

/// The step that loses the largest share of those who reached the step before, of those whose time
/// is over; `None` while a step has too few of them to be ranked, or where nobody was lost.
fn worst(steps: &[&FunnelStep]) -> Option<FunnelStep> {
    let lost = |row: &FunnelStep| row.dropped as f64 / (row.reached + row.dropped) as f64;
    let after = || steps.iter().filter(|row| row.number > 1);
    if !after().all(|row| is_enough(row.reached + row.dropped)) {
        return None;
    }
    after()
        .max_by(|one, other| lost(one).total_cmp(&lost(other)))
        .filter(|row| row.dropped > 0)
        .map(|row| (*row).clone())
}

/// People whose time is over, at most: those who still have time stand at the step they have not
/// reached.
fn settled(steps: &[&FunnelStep]) -> i64 {
    let signed_up = steps.first().map_or(0, |first| first.reached);
    signed_up - steps.iter().map(|row| row.still_in_window).sum::<i64>()
}

fn deed(row: &FunnelStep) -> &'static str {
    Step::named(&row.step).map_or("went on", Step::deed)
}

/// Those who reached the last step, of all signups.
fn of_signups(steps: &[&FunnelStep]) -> Option<Share> {
    Some(Share::new(steps.last()?.reached, steps.first()?.reached))
}

/// One sentence on the whole page.
#[must_use]
pub fn page(rows: &[FunnelStep], options: &FunnelOptions) -> Option<String> {
    let steps = of_everyone(rows);
    let last = steps.last()?;
    last.overall_rate?;
    let paid = of_signups(&steps)?;
    if !paid.is_enough() {
        return Some(format!(
            "{} signups go through all steps to a payment within {} days: too few people for a rate.",
            capital(&counts_or_none(paid)),
            options.window
        ));
    }
    let mut sentence = format!(
        "{} {} through all steps to a payment within {} days{}",
        match paid.part {
            0 => format!("{} signups", capital(&counts_or_none(paid))),
            _ => share_of(paid, "signups")?,
        },
        if has_time(&steps) { "went" } else { "go" },
        options.window,
        so_far(&steps),
    );
    if let Some(worst) = worst(&steps) {
        sentence.push_str(&format!(
            "; the largest drop-off is before “{}”",
            step_name(&worst).to_lowercase()
        ));
    }
    sentence.push('.');
    Some(sentence)
}

/// Whether somebody's window has not closed.
fn has_time(steps: &[&FunnelStep]) -> bool {
    steps.iter().any(|row| row.still_in_window > 0)
}

/// Said of a rate that those whose window has not closed may still raise.
fn so_far(steps: &[&FunnelStep]) -> &'static str {
    if has_time(steps) { " so far" } else { "" }
}

/// Where do people drop off? `earlier` names what the range is set against: "the 76 days before".
#[must_use]
pub fn steps(rows: &[FunnelStep], options: &FunnelOptions, earlier: &str) -> Option<String> {
    let steps = of_everyone(rows);
    let (first, last) = (steps.first()?, steps.last()?);
    if first.reached == 0 {
        return None;
    }
    if !is_enough(first.reached) {
        return Some(format!(
            "Of {} signups {} went through all steps and {} within {} days of the signup: too few people for a rate.",
            COUNT.full(first.reached as f64),
            count_or_none(last.reached),
            deed(last),
            options.window
        ));
    }
    let mut sentence = format!(
        "Of {} signups {} went through all steps and {} within {} days of the signup{}",
        COUNT.full(first.reached as f64),
        count_or_none(last.reached),
        deed(last),
        options.window,
        match last.reached {
            0 => so_far(&steps).to_owned(),
            _ => format!(" ({}{})", share(last.overall_rate?), so_far(&steps)),
        },
    );
    let comparable = last
        .previous_overall_rate
        .filter(|_| last.reached > 0 && is_enough(settled(&steps)));
    if let Some(difference) =
        comparable.and_then(|before| relative_change(last.settled_overall_rate?, before))
    {
        let of_which = if has_time(&steps) {
            " among those whose window has closed"
        } else {
            ""
        };
        sentence.push_str(&format!(", {} on {earlier}{of_which}", change(difference)));
    }
    if let Some(worst) = worst(&steps) {
        let lost = worst.dropped as f64 / (worst.reached + worst.dropped) as f64;
        sentence.push_str(&format!(
            "; the largest drop-off is before “{}”: {} of people whose window has closed never got there",
            step_name(&worst).to_lowercase(),
            share(lost)
        ));
    }
    sentence.push('.');
    Some(sentence)
}

/// Which segment gets furthest?
#[must_use]
pub fn segments(rows: &[FunnelStep], dimension: Dimension) -> Option<String> {
    let mut paid: Vec<(&str, Share)> = rows
        .iter()
        .filter(|row| row.step == Step::Paid.name())
        .filter_map(|row| {
            let first = rows
                .iter()
                .find(|other| other.segment == row.segment && other.number == 1)?;
            Some((row.segment.as_str(), Share::new(row.reached, first.reached)))
        })
        .filter(|(_, paid)| paid.whole > 0)
        .collect();
    let largest = paid.iter().map(|(_, paid)| paid.whole).max()?;
    let all = paid.len();
    paid.retain(|(_, paid)| paid.is_enough());
    paid.sort_by(|one, other| {
        let rate = |paid: &Share| paid.rate().unwrap_or(0.0);
        rate(&other.1)
            .total_cmp(&rate(&one.1))
            .then_with(|| one.0.cmp(other.0))
    });
    let (Some(best), Some(worst)) = (paid.first(), paid.last()) else {
        return Some(too_few("people", "segment", largest));
    };
    let name = |value: &str| segment_name(dimension, value);
    let (high, low) = (best.1.rate()?, worst.1.rate()?);
    let size = |paid: Share| COUNT.full(paid.whole as f64);
    if paid.len() == 1 {
        return Some(format!(
            "{}: {} of {} signups got as far as a payment.",
            name(best.0),
            share(high),
            size(best.1)
        ));
    }
    Some(if best.1.is_clearly_first_of(paid.len(), worst.1) {
        format!(
            "{} converts best: {} of {} signups got as far as a payment. {}: {} of {}.",
            name(best.0),
            share(high),
            size(best.1),
            name(worst.0),
            share(low),
            size(worst.1),
        )
    } else {
        format!(
            "No clear difference: {} of each {}segment’s signups got as far as a payment.",
            range(low, high),
            larger(paid.len() < all)
        )
    })
}

/// How long does it take?
#[must_use]
pub fn times(rows: &[TimeBin], options: &FunnelOptions) -> Option<String> {
    let people: i64 = rows.iter().map(|row| row.people).sum();
    let first = rows.first().filter(|_| people > 0)?;
    if !is_enough(people) {
        return Some(format!(
            "Only {} {}: too few to say how long it takes.",
            counted(people.unsigned_abs(), "person"),
            options.step.deed(),
        ));
    }
    Some(format!(
        "Of {} people who {}, half did so within {} of signup and nine in ten within {}.",
        COUNT.full(people as f64),
        options.step.deed(),
        span(first.median_hours?),
        span(first.p90_hours?)
    ))
}

/// Who dropped?
#[must_use]
pub fn dropped(rows: &[DroppedPerson], options: &FunnelOptions) -> Option<String> {
    let (people, active) = (rows.first()?.people, rows.first()?.still_active);
    let before = options.step.before().unwrap_or(Step::SignedUp);
    let mut sentence = format!(
        "{} {} and never {} within {} days",
        counted(people.unsigned_abs(), "person"),
        before.deed(),
        options.step.deed(),
        options.window
    );
    if active > 0 {
        sentence.push_str(&format!(
            "; {} of them {} still active and listed first",
            COUNT.full(active as f64),
            if active == 1 { "is" } else { "are" }
        ));
    }
    sentence.push('.');
    Some(sentence)
}

/// Which channels bring people who activate?
#[must_use]
pub fn activation(rows: &[ChannelActivation]) -> Option<String> {
    let mean = mean_rate(rows)?;
    let mut rated: Vec<&ChannelActivation> = rows.iter().filter(|row| row.rate.is_some()).collect();
    let largest = rated.iter().map(|row| row.eligible).max()?;
    let all = rated.len();
    rated.retain(|row| row.activation().is_enough());
    let (Some(best), Some(worst)) = (rated.first(), rated.last()) else {
        return Some(too_few("people", "channel", largest));
    };
    let name = |row: &ChannelActivation| segment_name(Dimension::Channel, &row.channel);
    if rated.len() == 1 {
        return Some(format!(
            "{} of signups from {} activate.",
            share(best.rate?),
            name(best)
        ));
    }
    Some(
        if { best.activation() }.is_clearly_first_of(rated.len(), worst.activation()) {
            format!(
                "{} of signups activate within seven days: {} from {}, but only {} from {}.",
                share(mean),
                share(best.rate?),
                name(best),
                share(worst.rate?),
                name(worst)
            )
        } else {
            format!(
                "{} of signups activate within seven days. The {}channels range from {} to {} and cannot be told apart.",
                share(mean),
                larger(rated.len() < all),
                share(worst.rate?),
                share(best.rate?)
            )
        },
    )
}

/// What do those who pay do first?
#[must_use]
pub fn paths(rows: &[PathLink]) -> Option<String> {
    let people: i64 = of_level(rows, 1).map(|row| row.people).sum();
    if people == 0 {
        return None;
    }
    let mut firsts: Vec<(&str, i64)> = Vec::new();
    for row in of_level(rows, 1) {
        match firsts.iter_mut().find(|(name, _)| *name == row.source) {
            Some((_, sum)) => *sum += row.people,
            None => firsts.push((row.source.as_str(), row.people)),
        }
    }
    if !is_enough(people) {
        return Some(format!(
            "Only {} to follow: too few for shares.",
            counted(people.unsigned_abs(), "person")
        ));
    }
    let of_all = |count: i64| share(count as f64 / people as f64);
    let named = firsts
        .iter()
        .filter(|(name, _)| !["nothing", "other"].contains(name));
    let leader = named.max_by_key(|(name, count)| (*count, std::cmp::Reverse(*name)))?;
    let mut sentence = format!(
        "{} start with “{}”",
        of_all(leader.1),
        place_name(leader.0).to_lowercase()
    );
    if let Some((_, idle)) = firsts.iter().find(|(name, _)| *name == "nothing") {
        sentence.push_str(&format!(", {} only look around", of_all(*idle)));
    }
    let paid = |outcome: &str| {
        let links: Vec<&PathLink> = of_level(rows, 4)
            .filter(|row| row.source == outcome)
            .collect();
        let all: i64 = links.iter().map(|row| row.people).sum();
        let paid = links.iter().find(|row| row.target == "paid");
        is_enough(all).then(|| paid.map_or(0, |row| row.people) as f64 / all as f64)
    };
    if let (Some(active), Some(inactive)) = (paid("activated"), paid("not_activated")) {
        sentence.push_str(&format!(
            "; {} of activated users pay, {} of the others",
            share(active),
            share(inactive)
        ));
    }
    sentence.push('.');
    Some(sentence)
}

fn of_level(rows: &[PathLink], level: i64) -> impl Iterator<Item = &PathLink> {
    rows.iter().filter(move |row| row.source_level == level)
}

/// Which channels deserve the credit?
#[must_use]
pub fn attribution(rows: &[ChannelCredit]) -> Option<String> {
    let total: f64 = rows
        .iter()
        .filter(|row| row.model == "last_touch")
        .map(|row| row.conversions)
        .sum();
    if total <= 0.0 {
        return None;
    }
    if !is_enough(total.round() as i64) {
        return Some(format!(
            "Only {}: too few to compare the models.",
            counted(total.round() as u64, "first payment")
        ));
    }
    let errors: Vec<(&str, f64)> = MODELS
        .iter()
        .filter_map(|(model, _)| {
            let gaps: Option<Vec<f64>> = rows
                .iter()
                .filter(|row| row.model == *model)
                .map(|row| Some((row.share? - row.true_share?).abs()))
                .collect();
            let gaps = gaps.filter(|gaps| !gaps.is_empty())?;
            Some((*model, gaps.iter().sum::<f64>() / gaps.len() as f64))
        })
        .collect();
    let closest = errors.iter().min_by(|one, other| one.1.total_cmp(&other.1));
    let furthest = errors.iter().max_by(|one, other| one.1.total_cmp(&other.1));
    if let (Some(closest), Some(furthest)) = (closest, furthest) {
        return Some(format!(
            "{} is closest to what channels truly added, {:.1} points off on average. {} is \
             furthest, at {:.1} points.",
            model_name(closest.0),
            closest.1 * 100.0,
            model_name(furthest.0),
            furthest.1 * 100.0
        ));
    }
    // Without truth: the channel the models disagree on most.
    let spread = |channel: &String| {
        let mut credits: Vec<(f64, &str)> = of_channel(rows, channel)
            .iter()
            .filter_map(|row| Some((row.share?, row.model.as_str())))
            .collect();
        credits.sort_by(|one, other| one.0.total_cmp(&other.0));
        Some((*credits.first()?, *credits.last()?))
    };
    let all = channels(rows);
    let (channel, least, most) = all
        .iter()
        .filter_map(|channel| {
            let (least, most) = spread(channel)?;
            Some((channel, least, most))
        })
        .max_by(|one, other| (one.2.0 - one.1.0).total_cmp(&(other.2.0 - other.1.0)))?;
    Some(format!(
        "It depends on the model: {} brings {} of {} first payments by {}, {} by {}.",
        segment_name(Dimension::Channel, channel),
        share(most.0),
        COUNT.full(total),
        model_name(most.1)
            .to_lowercase()
            .replace("markov", "Markov")
            .replace("shapley", "Shapley"),
        share(least.0),
        model_name(least.1)
            .to_lowercase()
            .replace("markov", "Markov")
            .replace("shapley", "Shapley"),
    ))
}

/// Did the new onboarding work?
#[must_use]
pub fn experiment(rows: &[ExperimentResult]) -> Option<String> {
    let all = rows.iter().find(|row| row.segment == "all")?;
    let (difference, lower, upper) = (all.difference?, all.lower?, all.upper?);
    let points = |value: f64| ValueFormat::Percent.difference(value);
    let verdict = match (all.is_enough(), all.is_clear()) {
        (false, _) => "Too few people to tell",
        (true, true) if difference > 0.0 => "Yes",
        (true, true) => "No, it hurts",
        (true, false) => "Inconclusive",
    };
    let mut sentence = format!(
        "{verdict}: activation moved by {} ({} to {})",
        points(difference),
        points(lower),
        points(upper)
    );
    // Without a clear effect its size in relative terms would claim one.
    if let Some(lift) = all.lift.filter(|_| all.is_enough() && all.is_clear()) {
        sentence.push_str(&format!(", {} in relative terms", change(lift)));
    }
    if let Some(truth) = all.true_difference {
        let holds = if (lower..=upper).contains(&truth) {
            "holds"
        } else {
            "misses"
        };
        sentence.push_str(&format!(
            "; the interval {holds} the planted {}",
            points(truth)
        ));
    }
    sentence.push('.');
    Some(sentence)
}

/// Remarks under the experiment: whether the split is sound, and what many looks cost.
#[must_use]
pub fn experiment_caption(rows: &[ExperimentResult], dimension: Dimension) -> String {
    let Some(all) = rows.iter().find(|row| row.segment == "all") else {
        return String::new();
    };
    let split = format!(
        "{} with the change and {} without",
        COUNT.full(all.treatment_users as f64),
        COUNT.full(all.control_users as f64)
    );
    let check = match all.srm_p_value {
        _ if !all.is_enough() => format!("Too few people to check the split: {split}."),
        Some(p) if p < 0.001 => {
            format!("The split is broken ({split}; p = {p:.4}). Do not trust the result.")
        }
        Some(p) => format!("The split is balanced: {split} (p = {p:.2})."),
        None => String::new(),
    };
    let segments: Vec<&ExperimentResult> = rows.iter().filter(|row| row.segment != "all").collect();
    let clear: Vec<String> = segments
        .iter()
        .filter(|row| row.is_clear())
        .map(|row| row_name(row, dimension))
        .collect();
    let looks = if !segments.iter().any(|row| row.is_enough()) {
        "No segment has enough people to show an effect.".to_owned()
    } else if clear.is_empty() {
        "No single segment shows a clear effect.".to_owned()
    } else {
        format!(
            "Of {} segments {} shows a clear effect; about one in twenty would by chance.",
            segments.len(),
            clear.join(", ")
        )
    };
    format!("{check} {looks}")
}

#[cfg(test)]
mod handful;
#[cfg(test)]
mod nothing;
#[cfg(test)]
mod tests;
