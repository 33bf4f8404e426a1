//! The sentences that answer the page's questions, computed from its rows.

use chrono::{Months, NaiveDate};

use super::charts::active_users::{last_week, level};
use super::charts::mrr_by_plan::totals;
use super::charts::mrr_movements::net_cents;
use crate::components::format::{
    ValueFormat, change, counted, day, month_name, relative_change, share, words,
};
use crate::dashboards::claims::{WITHIN_CHANCE, is_enough, is_within_chance, money_or_nothing};
use crate::dashboards::compared::Against;
use crate::dashboards::periods::{at_end_of, change_on, month_so_far, months};
use crate::results::executive::{
    ActiveUsersDay, ChannelSignups, ForecastDay, HeadlineMonth, MovementMonth, NorthStarDay,
    PlanMonth, UnusualDay,
};
use crate::results::periods::{Grain, whole};

const MONEY: ValueFormat = ValueFormat::Money;
const COUNT: ValueFormat = ValueFormat::Count;

/// One sentence on the whole page.
#[must_use]
pub fn page(
    headline: &[HeadlineMonth],
    movements: &[MovementMonth],
    against: Against,
    as_of: NaiveDate,
) -> Option<String> {
    let last = headline.last()?;
    let mut sentence = match last.mrr_cents {
        0 => format!("{}: no MRR", month_so_far(last.month, as_of)),
        cents => format!(
            "{}: {} MRR",
            month_so_far(last.month, as_of),
            MONEY.short(cents as f64)
        ),
    };
    let months: Vec<NaiveDate> = headline.iter().map(|row| row.month).collect();
    let cents: Vec<i64> = headline.iter().map(|row| row.mrr_cents).collect();
    let before = against.value(&months, &cents);
    let before = before.filter(|_| last.mrr_cents != 0);
    if let Some(growth) =
        before.and_then(|before| relative_change(last.mrr_cents as f64, before as f64))
    {
        sentence.push_str(&format!(", {} {}", change(growth), against.words()));
    }
    // A month that is under way can't be judged yet.
    let judged = whole(movements, as_of).last();
    if let Some((judged, verdict)) = judged.and_then(|month| Some((month, verdict(month)?))) {
        let of_month = if judged.month == last.month {
            String::new()
        } else {
            format!("in {} ", month_name(judged.month))
        };
        sentence.push_str(&format!("; {of_month}{verdict}"));
    }
    sentence.push('.');
    Some(sentence)
}

/// What holds growth back, in words.
fn verdict(month: &MovementMonth) -> Option<String> {
    let lost = month.churn_cents + month.contraction_cents;
    if month.opening_cents <= 0 || lost == 0 {
        return None;
    }
    let of_opening = |cents: i64| share(cents.abs() as f64 / month.opening_cents as f64);
    let gained = month.new_cents + month.expansion_cents + month.reactivation_cents;
    Some(match (gained + lost).signum() {
        -1 => format!(
            "losses exceed gains, and revenue churn alone was {} of opening MRR",
            of_opening(month.churn_cents)
        ),
        _ if month.expansion_cents >= -lost => {
            format!(
                "expansion outweighs the {} of opening MRR that was lost",
                of_opening(lost)
            )
        }
        _ if month.churn_cents < 2 * month.contraction_cents => {
            format!(
                "revenue churn was the largest loss, {} of opening MRR",
                of_opening(month.churn_cents)
            )
        }
        _ => format!(
            "revenue churn and contraction were {} of opening MRR",
            of_opening(lost)
        ),
    })
}

/// Which churn the panels show, and why it is not the one that the scenario plants, in percent a month.
#[must_use]
pub fn churn_meaning(planted: &str) -> String {
    format!(
        "Churn is revenue churn: the MRR of all customers who left. The scenario’s monthly churn, {planted}%, \
         is customer churn among those billed monthly; those billed by the quarter or year leave at its end."
    )
}

/// Is recurring revenue growing? `before` is the period before, where it is compared.
#[must_use]
pub fn mrr_by_plan(rows: &[PlanMonth], before: &[PlanMonth], as_of: NaiveDate) -> Option<String> {
    let last = rows.iter().map(|row| row.month).max()?;
    let total = |month: NaiveDate| -> i64 {
        let of_month = rows.iter().filter(|row| row.month == month);
        of_month.map(|row| row.mrr_cents).sum()
    };
    let now = total(last);
    if now == 0 {
        return Some(format!("There was no MRR {}.", at_end_of(last, as_of)));
    }
    let mut sentence = format!(
        "MRR was {} {}",
        MONEY.short(now as f64),
        at_end_of(last, as_of)
    );
    let (compared, then) = match totals(before).last() {
        Some((month, cents)) => (*cents, change_on(*month, last, as_of)),
        None => {
            let year_before = last.checked_sub_months(chrono::Months::new(12))?;
            let then = if Grain::Month.is_complete(last, as_of) {
                "on the year".to_owned()
            } else {
                change_on(year_before, last, as_of)
            };
            (total(year_before), then)
        }
    };
    if let Some(growth) = relative_change(now as f64, compared as f64) {
        sentence.push_str(&format!(", {} {then}", change(growth)));
    }
    let leader = rows
        .iter()
        .filter(|row| row.month == last)
        .max_by_key(|row| row.mrr_cents)?;
    if now > 0 {
        let share = share(leader.mrr_cents as f64 / now as f64);
        sentence.push_str(&format!("; {} brings {share}", words(&leader.plan)));
    }
    sentence.push('.');
    Some(sentence)
}

/// Which days of the range are out of line, in words; `None` where none is.
#[must_use]
pub fn unusual_days(days: &[UnusualDay]) -> Option<String> {
    const TOLD: usize = 4;
    let told: Vec<String> = days
        .iter()
        .rev()
        .take(TOLD)
        .map(|unusual| day(unusual.date))
        .collect();
    let more = match days.len().saturating_sub(TOLD) {
        0 => String::new(),
        more => format!(" and {more} earlier"),
    };
    (!told.is_empty()).then(|| {
        format!(
            "Orange: months with days on which charges do not match contracts, by the Isolation Forest: {}{more}.",
            told.join(", ")
        )
    })
}

/// What moved it? `before` are as many whole months before, where they are compared.
///
/// A month that has not ended is reported by itself, and not compared with whole ones.
#[must_use]
pub fn mrr_movements(
    rows: &[MovementMonth],
    before: &[MovementMonth],
    as_of: NaiveDate,
) -> Option<String> {
    let last = rows.last()?;
    let over = whole(rows, as_of);
    let sum = |rows: &[MovementMonth], pick: fn(&MovementMonth) -> i64| -> i64 {
        rows.iter().map(pick).sum()
    };
    let is_still =
        |row: &MovementMonth| net_cents(row) == 0 && row.new_cents == 0 && row.churn_cents == 0;
    let (Some(first), Some(latest)) = (over.first(), over.last()) else {
        return Some(format!(
            "{}, MRR {}.",
            month_so_far(last.month, as_of),
            if is_still(last) {
                "did not move".to_owned()
            } else {
                format!(
                    "{}: {} from new customers, {} lost to churn",
                    so_far(net_cents(last)),
                    money_or_nothing(last.new_cents),
                    money_or_nothing(last.churn_cents.abs()),
                )
            },
        ));
    };
    let net = sum(over, net_cents);
    if rows.iter().all(is_still) {
        return Some("MRR did not move: nobody of these filters pays.".to_owned());
    }
    let moved = |net: i64| match net.signum() {
        -1 => format!("shrank by {}", MONEY.short(net.abs() as f64)),
        0 => "ended where it began".to_owned(),
        _ => format!("grew by {}", MONEY.short(net as f64)),
    };
    let mut sentence = format!(
        "{} MRR {}: {} from new customers, {} lost to churn",
        if over.len() == 1 {
            format!("In {}", months(first.month, latest.month))
        } else {
            format!("From {}", months(first.month, latest.month))
        },
        moved(net),
        money_or_nothing(sum(over, |row| row.new_cents)),
        money_or_nothing(sum(over, |row| row.churn_cents).abs()),
    );
    match sum(over, |row| row.transfer_cents) {
        0 => {}
        came @ 1.. => {
            let came = MONEY.short(came as f64);
            sentence.push_str(&format!(", {came} more from other plans than to them"));
        }
        went => {
            let went = MONEY.short(-went as f64);
            sentence.push_str(&format!(", {went} more to other plans than from them"));
        }
    }
    if let (Some(first), Some(latest)) = (before.first(), before.last()) {
        let net = sum(before, net_cents);
        sentence.push_str(&format!(
            "; {} it {}",
            if before.len() == 1 {
                format!("in {}", months(first.month, latest.month))
            } else {
                format!("from {}", months(first.month, latest.month))
            },
            moved(net)
        ));
    }
    if last.month != latest.month {
        let moved = so_far(net_cents(last));
        let month = month_name(last.month);
        sentence.push_str(&format!("; so far in {month} it {moved}"));
    }
    sentence.push('.');
    Some(sentence)
}

/// What MRR did in a month that is not over.
fn so_far(net: i64) -> String {
    let amount = MONEY.short(net.abs() as f64);
    match net.signum() {
        -1 => format!("is down by {amount}"),
        0 => "did not move".to_owned(),
        _ => format!("is up by {amount}"),
    }
}

/// Days that monthly active users are counted over.
const DAYS_OF_MAU: usize = 30;

/// Do people use it? `before` is the period before, where it is compared; `ahead` is expected.
#[must_use]
pub fn active_users(
    rows: &[ActiveUsersDay],
    before: &[ActiveUsersDay],
    ahead: &[ForecastDay],
) -> Option<String> {
    let last = rows.last()?;
    let mut sentence = match last.mau {
        0 => "Nobody was active in the last 30 days".to_owned(),
        1 => "1 person was active in the last 30 days".to_owned(),
        more => format!(
            "{} were active in the last 30 days",
            counted(more.unsigned_abs(), "person")
        ),
    };
    // A handful is set against nothing, and has no rate.
    let growth_on = |then: &ActiveUsersDay| {
        is_enough(last.mau.min(then.mau))
            .then(|| relative_change(last.mau as f64, then.mau as f64))
            .flatten()
    };
    let year_earlier = last.date.checked_sub_months(Months::new(12));
    let compared = match before.last() {
        Some(then) => growth_on(then).map(|growth| (growth, day(then.date))),
        // A year earlier, if the range reaches back to that day or, less one, nearly so.
        None => rows
            .iter()
            .find(|row| year_earlier.is_some_and(|date| (row.date - date).num_days().abs() <= 1))
            .and_then(growth_on)
            .map(|growth| (growth, "a year earlier".to_owned())),
    };
    if let Some((growth, then)) = compared {
        sentence.push_str(&format!(", {} on {then}", change(growth)));
    }
    // Of the people just named: each of the thirty days has people of these alone.
    let month = &rows[rows.len().saturating_sub(DAYS_OF_MAU)..];
    if month.len() == DAYS_OF_MAU && is_enough(last.mau) {
        let days: i64 = month.iter().map(|row| row.dau).sum();
        let mean = days as f64 / DAYS_OF_MAU as f64;
        sentence.push_str(&format!(
            "; on an average day {} of them were",
            share(mean / last.mau as f64)
        ));
    }
    sentence.push('.');
    if let Some(end) = ahead.last() {
        sentence.push_str(&format!(
            " Forecast for the week to {}: {} a day, {} to {} with 80% confidence.",
            day(end.date),
            COUNT.full(level(ahead)),
            COUNT.full(last_week(ahead, |day| day.lower)),
            COUNT.full(last_week(ahead, |day| day.upper)),
        ));
    }
    Some(sentence)
}

/// Where do new users come from? `earlier` says what the range is set against: "the 76 days before".
#[must_use]
pub fn signups_by_channel(rows: &[ChannelSignups], earlier: &str) -> Option<String> {
    // Of equals, the one that stands first in the chart.
    let leader = rows
        .iter()
        .min_by_key(|row| (std::cmp::Reverse(row.signups), &row.channel))?;
    let total: i64 = rows.iter().map(|row| row.signups).sum();
    if total == 0 {
        return Some("No one signed up in this range.".to_owned());
    }
    if !is_enough(total) {
        return Some(format!(
            "{}: too few people to compare channels.",
            counted(total.unsigned_abs(), "signup")
        ));
    }
    let share = share(leader.signups as f64 / total as f64);
    let mut sentence = format!(
        "{} brought {share} of {} signups",
        words(&leader.channel),
        COUNT.full(total as f64),
    );
    let before: Option<i64> = rows.iter().map(|row| row.before).sum();
    let before = before.filter(|before| is_enough(*before));
    if let Some((before, difference)) =
        before.and_then(|before| Some((before, relative_change(total as f64, before as f64)?)))
    {
        if total == before {
            sentence.push_str(&format!("; overall, as many as in {earlier}"));
        } else {
            sentence.push_str(&format!("; overall, {} on {earlier}", change(difference)));
        }
        if total != before && is_within_chance(total, before) {
            sentence.push_str(&format!(", which is {WITHIN_CHANCE}"));
        }
    }
    sentence.push('.');
    Some(sentence)
}

/// What drives the north star?
#[must_use]
pub fn drivers(days: &[NorthStarDay]) -> Option<String> {
    let now = days.last()?;
    let count = |value: i64| COUNT.full(value as f64);
    if now.paying_customers == 0 && now.churned_customers == 0 {
        return Some("Nobody paid in the last 28 days.".to_owned());
    }
    let mut sentence = match (now.paying_customers, now.weekly_active_customers) {
        (0, _) => "Nobody pays any more".to_owned(),
        (paying, active) => format!(
            "{} of {} paying customers took a core action in the last week",
            if active == 0 {
                "None".to_owned()
            } else {
                count(active)
            },
            count(paying),
        ),
    };
    let net = now.new_customers + now.reactivated_customers + now.transferred_customers
        - now.churned_customers;
    let balance = match net.signum() {
        -1 => format!("a net loss of {}", count(net.abs())),
        0 => "no net change".to_owned(),
        _ => format!("a net gain of {}", count(net)),
    };
    // Between the plans chosen and the others: over all plans nobody moves.
    let moved = match now.transferred_customers {
        0 => String::new(),
        more @ 1.. => format!(
            ", {} more came from other plans than went to them,",
            count(more)
        ),
        fewer => format!(
            ", {} more went to other plans than came from them,",
            count(-fewer)
        ),
    };
    let people = |number: i64| match number {
        0 => "nobody".to_owned(),
        number => count(number),
    };
    let joined = now.new_customers + now.reactivated_customers;
    if joined == 0 && moved.is_empty() && now.churned_customers == 0 {
        sentence.push_str("; in 28 days nobody joined, returned or churned.");
    } else {
        sentence.push_str(&format!(
            "; in 28 days {} joined or returned{moved} and {} churned, {balance}.",
            people(joined),
            people(now.churned_customers),
        ));
    }
    Some(sentence)
}

#[cfg(test)]
mod handful;
#[cfg(test)]
mod nothing;
