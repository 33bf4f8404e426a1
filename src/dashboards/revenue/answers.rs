//! The sentences that answer the page's questions, computed from its rows.

use std::cmp::Ordering;

use chrono::NaiveDate;

use super::charts::dunning::{FlowPart, sums};
use super::charts::waterfall::{period, steps};
use crate::components::format::{
    ValueFormat, capital, change, counted, day, day_long, month_short, relative_change, share,
    words,
};
use crate::dashboards::claims::{
    count_or_none, counts, is_enough, money_or_nothing, share_or_counts, too_few,
};
use crate::dashboards::periods::{at_end_of, in_month, is_over, months};
use crate::results::executive::MovementMonth;
use crate::results::periods::{Periodic, whole};
use crate::results::revenue::{DunningFlow, LtvDecile, RefundMonth, RetentionMonth, RevenueDay};
use crate::results::shares::Share;

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

/// The rows of months that are over, with which months they are: "from Oct 2025 to Nov 2025"; where none
/// is over, the month under way: "so far in December 2025".
fn judged<R: Periodic>(rows: &[R], as_of: NaiveDate) -> Option<(&[R], String)> {
    let (all_first, all_last) = (rows.first()?, rows.last()?);
    let over = whole(rows, as_of);
    Some(match (over.first(), over.last()) {
        (Some(first), Some(last)) => (over, span(first.starts_on(), last.starts_on())),
        _ if all_first.starts_on() == all_last.starts_on() => {
            (rows, in_month(all_last.starts_on(), as_of))
        }
        _ => return None,
    })
}

/// Within some months: "in December 2025", "from Oct 2025 to Nov 2025".
fn span(first: NaiveDate, last: NaiveDate) -> String {
    let word = if first == last { "in" } else { "from" };
    format!("{word} {}", months(first, last))
}

/// One sentence on the whole page. What was won and lost is of the months that are over.
#[must_use]
pub fn page(rows: &[MovementMonth], as_of: NaiveDate) -> Option<String> {
    let last = rows.last()?;
    let (over, named) = judged(rows, as_of)?;
    let (gained, _, lost) = sides(over);
    let mut sentence = match last.closing_cents {
        0 => format!("No MRR {}", at_end_of(last.month, as_of)),
        cents => format!(
            "{} MRR {}",
            MONEY.short(cents as f64),
            at_end_of(last.month, as_of)
        ),
    };
    if lost > 0 {
        sentence.push_str(&format!(
            "; {named}, {} was gained for each dollar lost",
            for_each_dollar(gained, lost)
        ));
    }
    sentence.push('.');
    Some(sentence)
}

/// How did MRR get here? `before` are as many whole months before, where they are compared.
#[must_use]
pub fn waterfall(
    rows: &[MovementMonth],
    before: &[MovementMonth],
    as_of: NaiveDate,
) -> Option<String> {
    let (first, last) = period(rows)?;
    let steps = steps(rows);
    let (opening, closing) = (steps.first()?.cents, steps.last()?.cents);
    let moves = &steps[1..steps.len() - 1];
    let gain = moves.iter().max_by_key(|step| step.cents)?;
    let loss = moves.iter().min_by_key(|step| step.cents)?;
    if opening == 0 && closing == 0 && moves.iter().all(|step| step.cents == 0) {
        return Some("There is no MRR in this period.".to_owned());
    }
    let moved = match closing.cmp(&opening) {
        Ordering::Less => "fell from",
        Ordering::Equal => "ended where it began, at",
        Ordering::Greater => "rose from",
    };
    let mut ends = money_or_nothing(opening);
    if closing != opening {
        ends.push_str(&format!(" to {}", money_or_nothing(closing)));
    }
    let is_running = !is_over(last, as_of);
    let until = if is_running {
        day_long(as_of)
    } else {
        month_short(last)
    };
    let mut sentence = format!("From {} to {until} MRR {moved} {ends}", month_short(first),);
    // All of it is gone, or it is what it was: no percentage says more.
    let growth = relative_change(closing as f64, opening as f64);
    if let Some(growth) = growth.filter(|_| closing != 0 && closing != opening) {
        sentence.push_str(&format!(", {}", change(growth)));
        let over = growth_over(whole(rows, as_of));
        if let (Some(over), Some((earlier, named))) = (
            over,
            growth_over(before).zip(before.first().zip(before.last())),
        ) {
            let named = span(named.0.month, named.1.month);
            let over = if is_running {
                format!("; {} over whole months", change(over))
            } else {
                String::new()
            };
            sentence.push_str(&format!("{over} compared with {} {named}", change(earlier)));
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

/// The relative growth of MRR over some months in a row.
fn growth_over(rows: &[MovementMonth]) -> Option<f64> {
    let (first, last) = (rows.first()?, rows.last()?);
    relative_change(last.closing_cents as f64, first.opening_cents as f64)
}

/// Do customers grow or shrink? By the last month that is over, since NRR spans twelve whole ones.
/// `before` are as many whole months before, where they are compared.
#[must_use]
pub fn retention(
    rows: &[RetentionMonth],
    before: &[RetentionMonth],
    as_of: NaiveDate,
) -> Option<String> {
    let (over, _) = judged(rows, as_of)?;
    let last = over.iter().rev().find(|row| row.nrr.is_some())?;
    let (nrr, grr) = (last.nrr?, last.grr?);
    if !is_enough(last.base_customers) {
        return Some(format!(
            "Too few customers for a rate: {} paid a year before {}.",
            COUNT.full(last.base_customers as f64),
            month_short(last.month)
        ));
    }
    // Said where it is not the month that the chart ends with, or that month is not over.
    let named = if rows.last().is_some_and(|row| is_over(row.month, as_of)) {
        "The".to_owned()
    } else if is_over(last.month, as_of) {
        format!("At the end of {}, the", month_short(last.month))
    } else {
        format!("{}, the", capital(&in_month(last.month, as_of)))
    };
    // "Now" is the month that the chart ends with.
    let pay = if named == "The" {
        "a year ago now pay"
    } else {
        "a year before paid"
    };
    let mut sentence = format!(
        "{named} {} customers of {pay} {} of what they paid then. Without expansion it would be {}, so expansion adds {}",
        COUNT.full(last.base_customers as f64),
        share_or_nothing(nrr),
        share_or_nothing(grr),
        points_between(nrr, grr),
    );
    let earlier = before.last().filter(|row| is_enough(row.base_customers));
    let earlier = earlier.and_then(|row| Some((row.month, row.nrr?)));
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

/// Is more gained than lost? `before` are as many whole months before, where they are compared; the
/// month under way is left out.
#[must_use]
pub fn quick_ratio(
    rows: &[MovementMonth],
    before: &[MovementMonth],
    as_of: NaiveDate,
) -> Option<String> {
    let (over, named) = judged(rows, as_of)?;
    let (gained, fresh, lost) = sides(over);
    if lost <= 0 {
        let and_gained = if gained == 0 { "gained or " } else { "" };
        return Some(format!("Nothing was {and_gained}lost {named}."));
    }
    let below = over
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
            let ratio = for_each_dollar(gained, lost);
            let named = period(before).map(|(first, last)| span(first, last));
            format!(" ({ratio} {})", named.unwrap_or_default())
        }
        _ => String::new(),
    };
    // A range that is over needs no name.
    let is_named = over.len() < rows.len() || rows.iter().any(|row| !row.is_complete(as_of));
    let without = if fresh == gained {
        String::new()
    } else {
        let ratio = for_each_dollar(fresh, lost);
        format!(", {ratio} without reactivation")
    };
    let named = if is_named {
        format!("{named}, ")
    } else {
        String::new()
    };
    let sentence = format!(
        "{named}{} was gained for each dollar lost{compared}{without}; {months}.",
        for_each_dollar(gained, lost),
    );
    Some(capital(&sentence))
}

/// Cents gained for each dollar lost: "$1.25", "nothing".
fn for_each_dollar(gained: i64, lost: i64) -> String {
    match gained {
        0 => "nothing".to_owned(),
        _ => format!("${:.2}", gained as f64 / lost as f64),
    }
}

/// A share of an amount: "104.2%", "nothing".
fn share_or_nothing(of: f64) -> String {
    if of == 0.0 {
        "nothing".to_owned()
    } else {
        ValueFormat::Percent.short(of)
    }
}

/// How far two shares lie apart as they are written, so that a reader's own sum agrees: `7.2 points`.
fn points_between(one: f64, other: f64) -> String {
    let written = |share: f64| (share * 1000.0).round();
    let points = (written(one) - written(other)) / 10.0;
    if points == 0.0 {
        "nothing".to_owned()
    } else {
        format!("{points:.1} points")
    }
}

/// What happens to failed charges? `before` is the period before, where it is compared, and `earlier`
/// names it: "the 76 days before".
#[must_use]
pub fn dunning(rows: &[DunningFlow], before: &[DunningFlow], earlier: &str) -> Option<String> {
    let all: i64 = rows.iter().map(|row| row.charges).sum();
    let (failed, _) = sums(rows, &FlowPart::All);
    if all == 0 {
        return None;
    }
    if failed == 0 {
        let charges = counted(all.unsigned_abs(), "charge");
        return Some(format!("None of {charges} failed on the first attempt."));
    }
    let ended =
        |rows: &[DunningFlow], outcome: &str| sums(rows, &FlowPart::Outcome(outcome.to_owned()));
    // Late charges are still being retried: only those that have ended can be set against others.
    let recovered = |rows: &[DunningFlow]| {
        let (recovered, lost) = (ended(rows, "recovered").0, ended(rows, "lost").0);
        Share::new(recovered, recovered + lost)
    };
    let (_, lost_cents) = ended(rows, "lost");
    let (open, _) = ended(rows, "in_dunning");
    let first = Share::new(failed, all);
    let mut sentence = if first.is_enough() {
        format!(
            "{} of {} charges failed on the first attempt",
            share(first.rate()?),
            COUNT.full(all as f64),
        )
    } else {
        format!("{} charges failed on the first attempt", counts(first))
    };
    let settled = recovered(rows);
    if let Some(rate) = share_or_counts(settled) {
        // A handful is counted, and set against nothing.
        let earlier_settled = Some(recovered(before));
        let compared = earlier_settled
            .filter(|before| settled.is_enough() && before.is_enough())
            .and_then(share_or_counts)
            .map(|rate| format!(" ({rate} in {earlier})"))
            .unwrap_or_default();
        let of_which = match (settled.is_enough(), open > 0) {
            (true, true) => " of those settled",
            (true, false) => " of them",
            (false, true) => " settled",
            (false, false) => "",
        };
        let rate = if settled.part == 0 { "none" } else { &rate };
        sentence.push_str(&format!(
            "; {rate}{of_which} were recovered{compared}, and {} was lost",
            money_or_nothing(lost_cents)
        ));
    }
    if open > 0 {
        sentence.push_str(&format!(
            "; {} {} still being retried",
            COUNT.full(open as f64),
            if open == 1 { "is" } else { "are" }
        ));
    }
    sentence.push('.');
    Some(sentence)
}

/// How much is refunded or disputed? `before` are as many whole months before, where they are compared; the month
/// under way is reported by itself.
#[must_use]
pub fn refunds(rows: &[RefundMonth], before: &[RefundMonth], as_of: NaiveDate) -> Option<String> {
    let (over, named) = judged(rows, as_of)?;
    let last = rows.last()?;
    let refunded: i64 = over.iter().map(|row| row.refunded_cents).sum();
    let gross: i64 = over.iter().map(|row| row.gross_cents).sum();
    let refunds: i64 = over.iter().map(|row| row.refunds).sum();
    if gross == 0 {
        return None;
    }
    let earlier: i64 = before.iter().map(|row| row.refunded_cents).sum();
    let charged: i64 = before.iter().map(|row| row.gross_cents).sum();
    let earlier_refunds: i64 = before.iter().map(|row| row.refunds).sum();
    // A handful of refunds is set against nothing.
    let compared = if charged > 0 && is_enough(refunds) && is_enough(earlier_refunds) {
        let rate = share(earlier as f64 / charged as f64);
        let named = before.first().zip(before.last());
        let named = named.map(|(first, last)| span(first.month, last.month));
        format!("; {} it was {rate}", named.unwrap_or_default())
    } else {
        String::new()
    };
    let is_running = !is_over(last.month, as_of);
    let named = if is_running {
        format!("{named}, ")
    } else {
        String::new()
    };
    let so_far = if is_running && over.len() < rows.len() {
        let refunded = money_or_nothing(last.refunded_cents);
        format!("; {} {refunded}", in_month(last.month, as_of))
    } else {
        String::new()
    };
    let disputes: i64 = over.iter().map(|row| row.disputes).sum();
    let disputed: i64 = over.iter().map(|row| row.disputed_cents).sum();
    // Months may win back more than they lose: what was lost before.
    let lost = match (disputes, disputed) {
        (0, 0) => String::new(),
        (_, ..0) => format!(
            " Won disputes brought {} back.",
            MONEY.short(-disputed as f64)
        ),
        (1, _) => format!(" 1 dispute took {}.", MONEY.short(disputed as f64)),
        _ => format!(
            " {} took {}, less what was won.",
            counted(disputes.unsigned_abs(), "dispute"),
            MONEY.short(disputed as f64)
        ),
    };
    let sentence = if refunded == 0 && refunds == 0 {
        format!("{named}nothing was refunded{compared}{so_far}.{lost}")
    } else {
        format!(
            "{named}{} was refunded in {}, {} of the money charged{compared}{so_far}.{lost}",
            money_or_nothing(refunded),
            counted(refunds.unsigned_abs(), "refund"),
            share(refunded as f64 / gross as f64),
        )
    };
    Some(capital(&sentence))
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
        let both = match called.iter().filter(|row| row.is_flagged).count() {
            _ if flagged.is_empty() => String::new(),
            0 => ", on other days".to_owned(),
            both => format!(", {both} of them on the same days"),
        };
        let last = called
            .last()
            .map(|row| format!(", last {}", day(row.date)))
            .unwrap_or_default();
        format!(
            "The Isolation Forest flags {} of {days} days{last}; robust z-scores flag {}{both}",
            count_or_none(called.len() as i64),
            count_or_none(flagged.len() as i64),
        )
    } else {
        format!(
            "Robust z-scores flag {} of {days} days. The Isolation Forest is still training",
            count_or_none(flagged.len() as i64)
        )
    };
    sentence.push('.');
    if is_truth_shown {
        let planted = rows.iter().filter(|row| row.planted.is_some()).count();
        let found = |days: &[&RevenueDay]| days.iter().filter(|row| row.planted.is_some()).count();
        let judged = |name: &str, days: &[&RevenueDay]| {
            let found = found(days);
            // What waits for the day after an outage is odd on that day, and no false alarm.
            let felt = |row: &&&RevenueDay| row.planted.is_none() && row.is_after_outage;
            let alarms = match days.len() - found - days.iter().filter(felt).count() {
                0 => "no false alarm".to_owned(),
                more => counted(more as u64, "false alarm"),
            };
            format!("{name} {} with {alarms}", count_or_none(found as i64))
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
            capital(&count_or_none(users)).replace("None", "No"),
            money_or_nothing(actual)
        ));
    }
    // Who pays most, of a handful, is chance.
    let largest = rows.iter().map(|row| row.users).max()?;
    if !is_enough(high.users.min(low.users)) {
        return Some(too_few("hold-out users", "decile", largest));
    }
    let mut sentence = format!(
        "The top decile was predicted to pay {} per user and paid {}, {} of all {} users’ revenue; the bottom decile paid {}",
        MONEY.short(high.mean_predicted_cents),
        MONEY.short(high.mean_actual_cents),
        share(high.actual_cents as f64 / actual as f64),
        COUNT.full(users as f64),
        MONEY.short(low.mean_actual_cents),
    );
    let bias = relative_change(predicted, actual as f64);
    if let Some(bias) = bias.filter(|bias| bias.abs() >= 0.0005) {
        let side = if bias < 0.0 { "too low" } else { "too high" };
        sentence.push_str(&format!(
            ". Overall, predictions were {} {side}",
            share(bias.abs())
        ));
    }
    sentence.push('.');
    Some(sentence)
}

#[cfg(test)]
mod handful;
#[cfg(test)]
mod nothing;
