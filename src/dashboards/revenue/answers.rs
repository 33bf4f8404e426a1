//! The sentences that answer the page's questions, computed from its rows.

use super::charts::dunning::{FlowPart, label, sums};
use super::charts::waterfall::{period, steps};
use crate::components::format::{
    ValueFormat, change, day, month_long, month_short, relative_change, share, words,
};
use crate::results::executive::MovementMonth;
use crate::results::revenue::{DunningFlow, LtvDecile, RefundMonth, RetentionMonth, RevenueDay};

const MONEY: ValueFormat = ValueFormat::Money;
const COUNT: ValueFormat = ValueFormat::Count;

/// Gained and lost MRR of some months: with reactivation, without it, lost.
fn sides(rows: &[MovementMonth]) -> (i64, i64, i64) {
    let sum = |pick: fn(&MovementMonth) -> i64| rows.iter().map(pick).sum::<i64>();
    let fresh = sum(|row| row.new_cents + row.expansion_cents);
    let back = sum(|row| row.reactivation_cents);
    let lost = sum(|row| row.contraction_cents + row.churn_cents);
    (fresh + back, fresh, -lost)
}

/// Gained over lost MRR of a month, with and without reactivation; `None` where nothing was lost.
#[must_use]
pub fn quick_ratios(row: &MovementMonth) -> (Option<f64>, Option<f64>) {
    let (gained, fresh, lost) = sides(std::slice::from_ref(row));
    let ratio = |cents: i64| (lost > 0).then(|| cents as f64 / lost as f64);
    (ratio(gained), ratio(fresh))
}

/// One sentence on the whole page.
#[must_use]
pub fn page(rows: &[MovementMonth]) -> Option<String> {
    let last = rows.last()?;
    let (gained, _, lost) = sides(rows);
    let mut sentence = format!(
        "{} MRR at the end of {}",
        MONEY.short(last.closing_cents as f64),
        month_long(last.month)
    );
    if lost > 0 {
        sentence.push_str(&format!(
            "; for each dollar lost, ${:.2} was won",
            gained as f64 / lost as f64
        ));
    }
    sentence.push('.');
    Some(sentence)
}

/// How did MRR get from there to here? `before` is the period before, where it is compared.
#[must_use]
pub fn waterfall(rows: &[MovementMonth], before: &[MovementMonth]) -> Option<String> {
    let (first, last) = period(rows)?;
    let steps = steps(rows);
    let (opening, closing) = (steps.first()?.cents, steps.last()?.cents);
    let moves = &steps[1..steps.len() - 1];
    let gain = moves.iter().max_by_key(|step| step.cents)?;
    let loss = moves.iter().min_by_key(|step| step.cents)?;
    let moved = if closing < opening { "fell" } else { "rose" };
    let mut sentence = format!(
        "From {} to {} MRR {moved} from {} to {}",
        month_short(first),
        month_short(last),
        MONEY.short(opening as f64),
        MONEY.short(closing as f64),
    );
    if let Some(growth) = relative_change(closing as f64, opening as f64) {
        sentence.push_str(&format!(", {}", change(growth)));
    }
    if gain.cents > 0 && loss.cents < 0 {
        sentence.push_str(&format!(
            "; {} brought {}, {} took {}",
            words(gain.name).to_lowercase(),
            MONEY.short(gain.cents as f64),
            words(loss.name).to_lowercase(),
            MONEY.short(-loss.cents as f64),
        ));
    }
    if let (Some(first), Some(last)) = (before.first(), before.last())
        && let Some(growth) = relative_change(last.closing_cents as f64, first.opening_cents as f64)
    {
        sentence.push_str(&format!(
            "; in the period before it moved by {}",
            change(growth)
        ));
    }
    sentence.push('.');
    Some(sentence)
}

/// Do customers grow or shrink? `before` is the period before, where it is compared.
#[must_use]
pub fn retention(rows: &[RetentionMonth], before: &[RetentionMonth]) -> Option<String> {
    let last = rows.iter().rev().find(|row| row.nrr.is_some())?;
    let (nrr, grr) = (last.nrr?, last.grr?);
    let grown = nrr - grr;
    let mut sentence = format!(
        "{} customers of a year before pay {} of what they paid then; without those who pay more it would be {}, so expansion brings back {}",
        COUNT.full(last.base_customers as f64),
        ValueFormat::Percent.short(nrr),
        ValueFormat::Percent.short(grr),
        ValueFormat::Percent.short(grown),
    );
    let earlier = before.last().and_then(|row| Some((row.month, row.nrr?)));
    if let Some((month, earlier)) = earlier {
        sentence.push_str(&format!(
            "; {} on {}",
            ValueFormat::Percent.difference(nrr - earlier),
            month_short(month)
        ));
    }
    sentence.push('.');
    Some(sentence)
}

/// Is more won than lost? `before` is the period before, where it is compared.
#[must_use]
pub fn quick_ratio(rows: &[MovementMonth], before: &[MovementMonth]) -> Option<String> {
    let (first, last) = period(rows)?;
    let (gained, fresh, lost) = sides(rows);
    if lost <= 0 {
        return Some(format!(
            "Nothing was lost from {} to {}.",
            month_short(first),
            month_short(last)
        ));
    }
    let below = rows
        .iter()
        .filter(|row| quick_ratios(row).0.is_some_and(|ratio| ratio < 1.0))
        .count();
    let months = match below {
        0 => "in no month was more lost than won".to_owned(),
        1 => "in one month more was lost than won".to_owned(),
        more => format!("in {more} months more was lost than won"),
    };
    let compared = match sides(before) {
        (gained, _, lost) if lost > 0 => {
            let ratio = gained as f64 / lost as f64;
            format!("; in the period before it was {ratio:.2}")
        }
        _ => String::new(),
    };
    Some(format!(
        "{:.2} dollars were won for each one lost, {:.2} without customers who came back{compared}; {months}.",
        gained as f64 / lost as f64,
        fresh as f64 / lost as f64,
    ))
}

/// What becomes of failed charges? `before` is the period before, where it is compared.
#[must_use]
pub fn dunning(rows: &[DunningFlow], before: &[DunningFlow]) -> Option<String> {
    let all: i64 = rows.iter().map(|row| row.charges).sum();
    let (failed, _) = sums(rows, &FlowPart::All);
    if all == 0 || failed == 0 {
        return None;
    }
    let ended = |outcome: &str| sums(rows, &FlowPart::Outcome(outcome.to_owned()));
    let (recovered, _) = ended("recovered");
    let (_, lost_cents) = ended("lost");
    let (failed_before, _) = sums(before, &FlowPart::All);
    let (recovered_before, _) = sums(before, &FlowPart::Outcome("recovered".to_owned()));
    let compared = if failed_before > 0 {
        let rate = share(recovered_before as f64 / failed_before as f64);
        format!(" ({rate} in the period before)")
    } else {
        String::new()
    };
    Some(format!(
        "{} of {} charges failed at first; retries recovered {} of them{compared}, and {} was lost.",
        share(failed as f64 / all as f64),
        COUNT.full(all as f64),
        share(recovered as f64 / failed as f64),
        MONEY.short(lost_cents as f64),
    ))
}

/// How a mark of the sankey is told.
#[must_use]
pub fn flow_label(part: &FlowPart) -> String {
    label(part)
}

/// How much is paid back? `before` is the period before, where it is compared.
#[must_use]
pub fn refunds(rows: &[RefundMonth], before: &[RefundMonth]) -> Option<String> {
    let refunded: i64 = rows.iter().map(|row| row.refunded_cents).sum();
    let gross: i64 = rows.iter().map(|row| row.gross_cents).sum();
    let refunds: i64 = rows.iter().map(|row| row.refunds).sum();
    if gross == 0 {
        return None;
    }
    let earlier: i64 = before.iter().map(|row| row.refunded_cents).sum();
    let charged: i64 = before.iter().map(|row| row.gross_cents).sum();
    let compared = if charged > 0 {
        let rate = share(earlier as f64 / charged as f64);
        format!("; in the period before it was {rate}")
    } else {
        String::new()
    };
    Some(format!(
        "{} went back in {} refunds, {} of what was charged{compared}.",
        MONEY.short(refunded as f64),
        COUNT.full(refunds as f64),
        share(refunded as f64 / gross as f64),
    ))
}

/// Which days are out of line? By the forest, once it `is_learned`, and by the z-scores; with the
/// truth shown, how many of the planted days each finds.
#[must_use]
pub fn anomalies(rows: &[RevenueDay], is_learned: bool, is_truth_shown: bool) -> Option<String> {
    if rows.is_empty() {
        return None;
    }
    let called: Vec<&RevenueDay> = rows.iter().filter(|row| row.is_called).collect();
    let flagged: Vec<&RevenueDay> = rows.iter().filter(|row| row.is_flagged).collect();
    let days = COUNT.full(rows.len() as f64);
    let mut sentence = if is_learned {
        let both = called.iter().filter(|row| row.is_flagged).count();
        let last = called
            .last()
            .map(|row| format!(", last {}", day(row.date)))
            .unwrap_or_default();
        format!(
            "The Isolation Forest finds {} of {days} days out of line{last}; the robust z-scores {}, {both} of them the same",
            called.len(),
            flagged.len(),
        )
    } else {
        format!(
            "The robust z-scores find {} of {days} days out of line; the Isolation Forest is not there yet",
            flagged.len()
        )
    };
    sentence.push('.');
    if is_truth_shown {
        let planted = rows.iter().filter(|row| row.planted.is_some()).count();
        let found = |days: &[&RevenueDay]| days.iter().filter(|row| row.planted.is_some()).count();
        let judged = |name: &str, days: &[&RevenueDay]| {
            let found = found(days);
            format!("{name} {found} with {} false alarms", days.len() - found)
        };
        let of_planted = match planted {
            0 => " Nothing was planted in these days:".to_owned(),
            1 => " Of the one planted day".to_owned(),
            more => format!(" Of the {more} planted days"),
        };
        let mut parts = Vec::new();
        if is_learned {
            parts.push(judged("the forest finds", &called));
        }
        parts.push(judged("the z-scores find", &flagged));
        sentence.push_str(&format!("{of_planted} {}.", parts.join(", ")));
    }
    Some(sentence)
}

/// Do we know early who will pay?
#[must_use]
pub fn ltv_deciles(rows: &[LtvDecile]) -> Option<String> {
    let (low, high) = (rows.first()?, rows.last()?);
    let users: i64 = rows.iter().map(|row| row.users).sum();
    let actual: i64 = rows.iter().map(|row| row.actual_cents).sum();
    let predicted: f64 = rows
        .iter()
        .map(|row| row.mean_predicted_cents * row.users as f64)
        .sum();
    if rows.len() < 2 || actual == 0 {
        return Some(format!(
            "{} users the model had not seen paid {} together: too little to judge it by.",
            COUNT.full(users as f64),
            MONEY.short(actual as f64)
        ));
    }
    let mut sentence = format!(
        "The highest tenth was expected to pay {} a head and paid {}, {} of all {} users’ revenue; the lowest paid {}",
        MONEY.short(high.mean_predicted_cents),
        MONEY.short(high.mean_actual_cents),
        share(high.actual_cents as f64 / actual as f64),
        COUNT.full(users as f64),
        MONEY.short(low.mean_actual_cents),
    );
    if let Some(bias) = relative_change(predicted, actual as f64) {
        let side = if bias < 0.0 { "too little" } else { "too much" };
        sentence.push_str(&format!(
            "; in all {} {side} was expected",
            share(bias.abs())
        ));
    }
    sentence.push('.');
    Some(sentence)
}
