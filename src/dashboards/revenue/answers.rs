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
            "; ${:.2} was gained for each dollar lost",
            gained as f64 / lost as f64
        ));
    }
    sentence.push('.');
    Some(sentence)
}

/// How did MRR get here? `before` is the period before, where it is compared.
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
        let earlier = before.first().zip(before.last());
        let earlier = earlier.and_then(|(first, last)| {
            relative_change(last.closing_cents as f64, first.opening_cents as f64)
        });
        if let Some(earlier) = earlier {
            sentence.push_str(&format!(
                " compared with {} in the period before",
                change(earlier)
            ));
        }
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

/// Do customers grow or shrink? `before` is the period before, where it is compared.
#[must_use]
pub fn retention(rows: &[RetentionMonth], before: &[RetentionMonth]) -> Option<String> {
    let last = rows.iter().rev().find(|row| row.nrr.is_some())?;
    let (nrr, grr) = (last.nrr?, last.grr?);
    let grown = nrr - grr;
    let mut sentence = format!(
        "The {} customers of a year ago now pay {} of what they paid then. Without expansion it would be {}, so expansion adds {}",
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

/// Is more gained than lost? `before` is the period before, where it is compared.
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
        0 => "no month lost more than it gained".to_owned(),
        1 => "one month lost more than it gained".to_owned(),
        more => format!("{more} months lost more than they gained"),
    };
    let compared = match sides(before) {
        (gained, _, lost) if lost > 0 => {
            let ratio = gained as f64 / lost as f64;
            format!("; in the period before it was {ratio:.2}")
        }
        _ => String::new(),
    };
    Some(format!(
        "${:.2} was gained for each dollar lost, ${:.2} without reactivation{compared}; {months}.",
        gained as f64 / lost as f64,
        fresh as f64 / lost as f64,
    ))
}

/// What happens to failed charges? `before` is the period before, where it is compared.
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
        "{} of {} charges failed on the first attempt. Retries recovered {} of them{compared}; {} was lost.",
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

/// How much is refunded? `before` is the period before, where it is compared.
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
        "{} was refunded in {} refunds, {} of charges{compared}.",
        MONEY.short(refunded as f64),
        COUNT.full(refunds as f64),
        share(refunded as f64 / gross as f64),
    ))
}

/// Which days are unusual? By the forest, once it `is_learned`, and by the z-scores; with the
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
            "The Isolation Forest flags {} of {days} days{last}; robust z-scores flag {}, {both} of them the same days",
            called.len(),
            flagged.len(),
        )
    } else {
        format!(
            "Robust z-scores flag {} of {days} days. The Isolation Forest is still training",
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

/// Can we predict who will pay?
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
            "{} hold-out users paid {} in total, too little to judge the model.",
            COUNT.full(users as f64),
            MONEY.short(actual as f64)
        ));
    }
    let mut sentence = format!(
        "The top decile was predicted to pay {} per user and paid {}, {} of all {} users’ revenue; the bottom decile paid {}",
        MONEY.short(high.mean_predicted_cents),
        MONEY.short(high.mean_actual_cents),
        share(high.actual_cents as f64 / actual as f64),
        COUNT.full(users as f64),
        MONEY.short(low.mean_actual_cents),
    );
    if let Some(bias) = relative_change(predicted, actual as f64) {
        let side = if bias < 0.0 { "too low" } else { "too high" };
        sentence.push_str(&format!(
            ". Overall, predictions were {} {side}",
            share(bias.abs())
        ));
    }
    sentence.push('.');
    Some(sentence)
}
