//! The sentences that answer the page's questions, computed from its rows.

use super::charts::dunning::{FlowPart, label, sums};
use super::charts::waterfall::{period, steps};
use crate::components::format::{
    ValueFormat, change, day, month_long, month_short, relative_change, share, words,
};
use crate::results::executive::MovementMonth;
use crate::results::revenue::{DunningFlow, RefundMonth, RetentionMonth, RevenueDay};

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

/// How did MRR get from there to here?
#[must_use]
pub fn waterfall(rows: &[MovementMonth]) -> Option<String> {
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
    sentence.push('.');
    Some(sentence)
}

/// Do customers grow or shrink?
#[must_use]
pub fn retention(rows: &[RetentionMonth]) -> Option<String> {
    let last = rows.iter().rev().find(|row| row.nrr.is_some())?;
    let (nrr, grr) = (last.nrr?, last.grr?);
    let grown = nrr - grr;
    Some(format!(
        "{} customers of a year before pay {} of what they paid then; without those who pay more it would be {}, so expansion brings back {}.",
        COUNT.full(last.base_customers as f64),
        ValueFormat::Percent.short(nrr),
        ValueFormat::Percent.short(grr),
        ValueFormat::Percent.short(grown),
    ))
}

/// Is more won than lost?
#[must_use]
pub fn quick_ratio(rows: &[MovementMonth]) -> Option<String> {
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
    Some(format!(
        "{:.2} dollars were won for each one lost, {:.2} without customers who came back; {months}.",
        gained as f64 / lost as f64,
        fresh as f64 / lost as f64,
    ))
}

/// What becomes of failed charges?
#[must_use]
pub fn dunning(rows: &[DunningFlow]) -> Option<String> {
    let all: i64 = rows.iter().map(|row| row.charges).sum();
    let (failed, _) = sums(rows, &FlowPart::All);
    if all == 0 || failed == 0 {
        return None;
    }
    let ended = |outcome: &str| sums(rows, &FlowPart::Outcome(outcome.to_owned()));
    let (recovered, _) = ended("recovered");
    let (_, lost_cents) = ended("lost");
    Some(format!(
        "{} of {} charges failed at first; retries recovered {} of them, and {} was lost.",
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

/// How much is paid back?
#[must_use]
pub fn refunds(rows: &[RefundMonth]) -> Option<String> {
    let refunded: i64 = rows.iter().map(|row| row.refunded_cents).sum();
    let gross: i64 = rows.iter().map(|row| row.gross_cents).sum();
    let refunds: i64 = rows.iter().map(|row| row.refunds).sum();
    if gross == 0 {
        return None;
    }
    Some(format!(
        "{} went back in {} refunds, {} of what was charged.",
        MONEY.short(refunded as f64),
        COUNT.full(refunds as f64),
        share(refunded as f64 / gross as f64),
    ))
}

/// Which days are out of line?
#[must_use]
pub fn anomalies(rows: &[RevenueDay], is_truth_shown: bool) -> Option<String> {
    let flagged: Vec<&RevenueDay> = rows.iter().filter(|row| row.is_flagged).collect();
    let mut sentence = match flagged.last() {
        _ if rows.is_empty() => return None,
        None => "No day stands out against its usual level".to_owned(),
        Some(last) => format!(
            "{} of {} days stand out, last {}",
            flagged.len(),
            rows.len(),
            day(last.date)
        ),
    };
    if is_truth_shown {
        let planted = rows.iter().filter(|row| row.planted.is_some()).count();
        let found = flagged.iter().filter(|row| row.planted.is_some()).count();
        sentence.push_str(&format!(
            "; {found} of the {planted} planted days were found, {} flags were false",
            flagged.len() - found
        ));
    }
    sentence.push('.');
    Some(sentence)
}
