//! The sentences that answer the page's questions, computed from its rows.

use chrono::NaiveDate;

use super::charts::segments::{retention_at, segments, shared_period};
use super::charts::survival::{median_month, of_plan};
use super::options::{CohortSpan, Grain, RetentionOptions};
use super::queries::LEAST_OBSERVED;
use crate::components::format::{
    ValueFormat, capital, change, counted, relative_change, share, words,
};
use crate::dashboards::claims::{
    FEWEST_WITHOUT_COUNTS, counts, counts_or_none, is_enough, larger, range, share_of, too_few,
};
use crate::dashboards::periods::{change_on, in_month};
use crate::dashboards::segment_colours::segment_name;
use crate::results::retention::{
    CohortCell, LifecycleMonth, RevenueCell, SegmentPeriod, SurvivalMonth,
};
use crate::results::shares::{FEWEST_FOR_A_CLAIM, Share};

const COUNT: ValueFormat = ValueFormat::Count;

/// Retention of all cohorts together in a period.
fn pooled(rows: &[CohortCell], period: i64) -> Option<&CohortCell> {
    rows.iter()
        .find(|row| row.cohort.is_none() && row.period == period && row.eligible > 0)
}

/// One sentence on the whole page.
#[must_use]
pub fn page(
    cohorts: &[CohortCell],
    lifecycle: &[LifecycleMonth],
    options: &RetentionOptions,
) -> Option<String> {
    let came_back = pooled(cohorts, 1).map(|row| Share::new(row.retained, row.eligible))?;
    let unit = options.grain.key();
    if !came_back.is_enough() {
        return Some(format!(
            "{} new users came back in {unit} 1: too few people for a rate.",
            capital(&counts_or_none(came_back))
        ));
    }
    let of_new = match came_back.part {
        0 => format!("{} new users", capital(&counts_or_none(came_back))),
        _ => share_of(came_back, "new users")?,
    };
    let mut sentence = format!("{of_new} come back in {unit} 1");
    let late = if options.grain == Grain::Month { 6 } else { 12 };
    let late_cell = pooled(cohorts, late).filter(|row| is_enough(row.eligible));
    if let Some((cell, rate)) = late_cell.and_then(|row| Some((row, row.rate?))) {
        let late_share = Share::new(cell.retained, cell.eligible);
        sentence.push_str(&format!(" and {} in {unit} {late}", share(rate)));
        if late_share.whole < FEWEST_WITHOUT_COUNTS {
            sentence.push_str(&format!(" ({})", counts(late_share)));
        }
    }
    if let Some(last) = lifecycle.last().filter(|last| last.people() > 0) {
        let awake = Share::new(last.new + last.active, last.people());
        let awake = match awake.part {
            0 => format!("{} people who ever signed up", counts_or_none(awake)),
            _ => share_of(awake, "people who ever signed up")?,
        };
        sentence.push_str(&format!(
            "; {awake} are new or were active in the last 14 days"
        ));
    }
    sentence.push('.');
    Some(sentence)
}

/// Do people come back? `before` are the cohorts of the period before, where they are compared, and
/// `earlier` names it: "the 76 days before".
#[must_use]
pub fn cohorts(
    rows: &[CohortCell],
    before: &[CohortCell],
    earlier: &str,
    options: &RetentionOptions,
) -> Option<String> {
    let unit = options.grain.key();
    let Some(first) = pooled(rows, 1) else {
        let people = pooled(rows, 0).or_else(|| rows.iter().find(|row| row.eligible > 0));
        return people.map(|_| {
            format!("No cohort is complete and has been observed for a whole {unit} yet.")
        });
    };
    if !is_enough(first.eligible) {
        return Some(format!(
            "{} people came back in {unit} 1: too few people for a rate.",
            capital(&counts_or_none(Share::new(first.retained, first.eligible)))
        ));
    }
    let mut sentence = format!(
        "{} of {} people were active {} in {unit} 1",
        match first.retained {
            0 => "None".to_owned(),
            _ => share(first.rate?),
        },
        COUNT.full(first.eligible as f64),
        options
            .mode
            .meaning()
            .replace("the period", &format!("the {unit}")),
    );
    let then = pooled(before, 1).filter(|row| is_enough(row.eligible));
    if let (Some(now), Some(then)) = (first.rate, then.and_then(|row| row.rate)) {
        sentence.push_str(&format!(
            ", {} on {earlier}",
            ValueFormat::Percent.difference(now - then)
        ));
    }
    // The oldest and the newest third of cohorts that have been wholly observed through period 1.
    let seen: Vec<&CohortCell> = rows
        .iter()
        .filter(|row| row.cohort.is_some() && row.period == 1 && row.is_complete)
        .collect();
    let third = seen.len() / 3;
    if third > 0 {
        let came_back = |rows: &[&CohortCell]| {
            let sum =
                |value: fn(&CohortCell) -> i64| rows.iter().map(|row| value(row)).sum::<i64>();
            Share::new(sum(|row| row.retained), sum(|row| row.eligible))
        };
        let old = came_back(&seen[..third]);
        let new = came_back(&seen[seen.len() - third..]);
        let verdict = if new.is_clearly_above(old) {
            "retains better than the oldest"
        } else if old.is_clearly_above(new) {
            "retains worse than the oldest"
        } else {
            "is not clearly different from the oldest"
        };
        if let (true, true, Some(one), Some(other)) =
            (new.is_enough(), old.is_enough(), new.rate(), old.rate())
        {
            let points = ValueFormat::Percent.difference(one - other);
            sentence.push_str(&format!(
                "; the newest third of cohorts {verdict} ({points})"
            ));
        }
    }
    sentence.push('.');
    Some(sentence)
}

/// Who stays the longest?
#[must_use]
pub fn by_segment(rows: &[SegmentPeriod], options: &RetentionOptions) -> Option<String> {
    let names = segments(rows);
    let period = shared_period(rows, &names);
    let unit = options.grain.key();
    let mut kept: Vec<(&String, Share)> = names
        .iter()
        .filter_map(|name| Some((name, retention_at(rows, name, period)?)))
        .collect();
    let largest = kept.iter().map(|(_, kept)| kept.whole).max()?;
    let all = kept.len();
    kept.retain(|(_, kept)| kept.is_enough());
    let (Some(best), Some(worst)) = (kept.first(), kept.last()) else {
        return Some(too_few("people", "segment", largest));
    };
    let (high, low) = (best.1.rate()?, worst.1.rate()?);
    let name = |value: &str| segment_name(options.by, value);
    if kept.len() == 1 {
        return Some(format!(
            "{}: {} of {} are still active in {unit} {period}.",
            name(best.0),
            share(high),
            counted(best.1.whole.unsigned_abs(), "person")
        ));
    }
    Some(if best.1.is_clearly_first_of(kept.len(), worst.1) {
        format!(
            "{} retains best, {} in {unit} {period}; {} retains {}.",
            name(best.0),
            share(high),
            name(worst.0),
            share(low)
        )
    } else {
        format!(
            "No clear difference: in {unit} {period} each {}segment retains {}.",
            larger(kept.len() < all),
            range(low, high)
        )
    })
}

/// How long do customers keep paying?
#[must_use]
pub fn survival(rows: &[SurvivalMonth]) -> Option<String> {
    // The latest month at which enough of every plan's customers are still observed.
    let plans: Vec<(&str, i64)> = ["enterprise", "professional", "starter"]
        .into_iter()
        .filter_map(|plan| {
            let steps = of_plan(rows, plan);
            let everyone = steps.first()?.at_risk;
            let watched = steps
                .iter()
                .filter(|row| row.at_risk * LEAST_OBSERVED >= everyone);
            Some((plan, watched.map(|row| row.month).max()?))
        })
        .collect();
    let month = plans.iter().map(|(_, month)| *month).min()?;
    let customers = |plan: &str| of_plan(rows, plan).first().map_or(0, |row| row.at_risk);
    let largest = plans.iter().map(|(plan, _)| customers(plan)).max()?;
    let mut at: Vec<(&str, f64)> = plans
        .iter()
        .filter(|(plan, _)| is_enough(customers(plan)))
        .filter_map(|(plan, _)| {
            let steps = of_plan(rows, plan);
            let step = steps.into_iter().find(|row| row.month == month)?;
            Some((*plan, step.survival))
        })
        .collect();
    at.sort_by(|one, other| other.1.total_cmp(&one.1).then_with(|| one.0.cmp(other.0)));
    if at.is_empty() {
        return Some(too_few("customers", "plan", largest));
    }
    let parts: Vec<String> = at
        .iter()
        .map(|(plan, rate)| format!("{} of {}", share(*rate), words(plan)))
        .collect();
    let mut sentence = format!(
        "{} customers still pay after month {month}",
        parts.join(", ")
    );
    let halved = at
        .last()
        .and_then(|(plan, _)| Some((*plan, median_month(rows, plan)?)));
    if let Some((plan, month)) = halved {
        sentence.push_str(&format!(
            "; half of {} customers have left by month {month}",
            words(plan)
        ));
    }
    sentence.push('.');
    Some(sentence)
}

/// Are people alive or asleep?
#[must_use]
pub fn lifecycle(
    rows: &[LifecycleMonth],
    before: &[LifecycleMonth],
    as_of: NaiveDate,
) -> Option<String> {
    let last = rows.last().filter(|last| last.people() > 0)?;
    let awake = last.new + last.active;
    let of_all = Share::new(awake, last.people());
    let mut sentence = format!(
        "{} people are new or active",
        capital(&counts_or_none(of_all))
    );
    if of_all.is_enough() && awake > 0 {
        sentence.push_str(&format!(" ({})", share(of_all.rate()?)));
    }
    // The period before, or a year before, or the first month of a shorter range.
    let year_before = rows.get(rows.len().saturating_sub(13));
    let compared = before.last().or(year_before.filter(|_| rows.len() > 1));
    // A handful is set against nothing.
    let compared = compared.filter(|first| is_enough(awake.min(first.new + first.active)));
    if let Some(first) = compared {
        let before = (first.new + first.active) as f64;
        let growth = relative_change(awake as f64, before).filter(|_| awake > 0);
        if let Some(growth) = growth {
            sentence.push_str(&format!(
                ", {} {}",
                change(growth),
                change_on(first.month, last.month, as_of)
            ));
        }
    }
    sentence.push_str(&format!(
        "; {} came back {}.",
        match last.returned {
            0 => "nobody".to_owned(),
            number => COUNT.full(number as f64),
        },
        in_month(last.month, as_of)
    ));
    Some(sentence)
}

/// Do customers pay more over time?
#[must_use]
pub fn revenue(rows: &[RevenueCell]) -> Option<String> {
    let all: Vec<&RevenueCell> = rows
        .iter()
        .filter(|row| row.cohort.is_none() && row.base_cents > 0)
        .collect();
    // A year, or as far as half of the customers have been observed.
    let everyone = all.first()?.customers;
    let row = all
        .iter()
        .filter(|row| row.month <= 12 && row.customers * 2 >= everyone)
        .max_by_key(|row| row.month)?;
    if row.month == 0 {
        return Some("No cohort has been observed for a whole month yet.".to_owned());
    }
    if !is_enough(row.customers) {
        return Some(format!(
            "{} {} been observed for {}: too few for a rate.",
            counted(row.customers.unsigned_abs(), "customer"),
            if row.customers == 1 { "has" } else { "have" },
            months(row.month)
        ));
    }
    let (nrr, grr) = (row.nrr?, row.grr?);
    if nrr == 0.0 {
        return Some(format!(
            "After {}, nothing is left of what the customer cohorts paid.",
            months(row.month)
        ));
    }
    let verdict = if nrr >= 1.0 {
        "expansion makes up for churn"
    } else {
        "expansion does not make up for churn"
    };
    Some(format!(
        "After {}, NRR of the customer cohorts together is {} and GRR {}: {verdict}.",
        months(row.month),
        share(nrr),
        share(grr)
    ))
}

fn months(number: i64) -> String {
    counted(number.unsigned_abs(), "month")
}

/// Remarks under the cohort table: what dashes mean, and what is not shown.
#[must_use]
pub fn cohorts_caption(rows: &[CohortCell], cohort: CohortSpan, grain: Grain) -> String {
    let mut drawn = rows
        .iter()
        .filter(|row| row.cohort.is_some() && row.eligible > 0);
    let is_incomplete = drawn.clone().any(|row| !row.is_complete);
    let is_small = drawn.any(|row| row.is_complete && !is_enough(row.eligible));
    let mut reasons = Vec::new();
    if is_incomplete {
        reasons.push(
            "the cohort is not complete, or not all of it has been observed that long".to_owned(),
        );
    }
    if is_small {
        reasons.push(format!("fewer than {FEWEST_FOR_A_CLAIM} people"));
    }
    let mut caption = String::new();
    if !reasons.is_empty() {
        reasons.reverse();
        caption = format!("Pale, dashed cells: {}. ", reasons.join("; or "));
    }
    if is_incomplete {
        caption
            .push_str("The mean leaves out cells that are not complete, not those of few people. ");
    }
    let shown = rows
        .iter()
        .filter(|row| row.cohort.is_some() && row.period == 0)
        .count();
    let (most, _) = grain.shown();
    if i64::try_from(shown).is_ok_and(|shown| shown == most) {
        caption.push_str(&format!("Showing the newest {most} cohorts of the range. "));
    }
    caption.push_str(quarters_caption(cohort));
    caption.push_str("Each cohort’s size is beside its name; the mean is weighted by size.");
    caption
}

/// What pale, dashed cells of the revenue cohorts are, where there are some.
#[must_use]
pub fn revenue_caption(rows: &[RevenueCell]) -> String {
    let cells = || rows.iter().filter(|row| row.cohort.is_some());
    let is_young = cells().any(|row| !row.is_complete);
    let is_small = cells().any(|row| row.is_complete && !is_enough(row.customers));
    let small = format!("fewer than {FEWEST_FOR_A_CLAIM} customers");
    let young = "the month is not over, or not all of the cohort has been observed that long yet";
    match (is_small, is_young) {
        (true, true) => {
            format!("Pale, dashed cells: {small}; or {young}, which the curves leave out. ")
        }
        (true, false) => format!("Pale, dashed cells: {small}. "),
        (false, true) => format!("Pale, dashed cells: {young}; the curves leave them out. "),
        (false, false) => String::new(),
    }
}

/// Why cohorts are quarters, where they are.
#[must_use]
pub const fn quarters_caption(cohort: CohortSpan) -> &'static str {
    match cohort {
        CohortSpan::Quarter => {
            "Ranges over two years use quarterly cohorts; shorter ranges use monthly ones. "
        }
        CohortSpan::Week | CohortSpan::Month => "",
    }
}

#[cfg(test)]
mod handful;
#[cfg(test)]
mod nothing;
#[cfg(test)]
mod tests;
