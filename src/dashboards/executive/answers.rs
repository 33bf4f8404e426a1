//! The sentences that answer the page's questions, computed from its rows.

use chrono::{Months, NaiveDate};

use super::charts::active_users::{last_week, level, stickiness};
use super::charts::mrr_by_plan::totals;
use super::charts::mrr_movements::{is_complete, net_cents};
use crate::components::format::{
    ValueFormat, change, day, month_long, relative_change, share, words,
};
use crate::dashboards::compared::Against;
use crate::results::executive::{
    ActiveUsersDay, ChannelSignups, ForecastDay, HeadlineMonth, MovementMonth, NorthStarDay,
    PlanMonth, UnusualDay,
};

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
    let mut sentence = format!(
        "{}{}: {} MRR",
        month_long(last.month),
        so_far(last.month, as_of),
        MONEY.short(last.mrr_cents as f64)
    );
    let months: Vec<NaiveDate> = headline.iter().map(|row| row.month).collect();
    let cents: Vec<i64> = headline.iter().map(|row| row.mrr_cents).collect();
    let before = against.value(&months, &cents);
    if let Some(growth) =
        before.and_then(|before| relative_change(last.mrr_cents as f64, before as f64))
    {
        sentence.push_str(&format!(", {} {}", change(growth), against.words()));
    }
    if let Some(verdict) = movements.last().and_then(verdict) {
        sentence.push_str(&format!("; {verdict}"));
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
            "losses exceed gains, and churn alone takes {} of opening MRR",
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
                "churned MRR is the leak, at {} of opening MRR",
                of_opening(month.churn_cents)
            )
        }
        _ => format!(
            "churn and contraction take {} of opening MRR",
            of_opening(lost)
        ),
    })
}

/// Is recurring revenue growing? `before` is the period before, where it is compared.
#[must_use]
pub fn mrr_by_plan(rows: &[PlanMonth], before: &[PlanMonth]) -> Option<String> {
    let last = rows.iter().map(|row| row.month).max()?;
    let total = |month: NaiveDate| -> i64 {
        let of_month = rows.iter().filter(|row| row.month == month);
        of_month.map(|row| row.mrr_cents).sum()
    };
    let now = total(last);
    let mut sentence = format!(
        "MRR was {} in {}",
        MONEY.short(now as f64),
        month_long(last)
    );
    let (compared, then) = match totals(before).last() {
        Some((month, cents)) => (*cents, format!("on {}", month_long(*month))),
        None => {
            let year_before = last.checked_sub_months(chrono::Months::new(12))?;
            (total(year_before), "on the year".to_owned())
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

/// What moved it? `before` is the period before, where it is compared.
#[must_use]
pub fn mrr_movements(rows: &[MovementMonth], before: &[MovementMonth]) -> Option<String> {
    let (first, last) = (rows.first()?, rows.last()?);
    let net: i64 = rows.iter().map(net_cents).sum();
    let churn: i64 = rows.iter().map(|row| row.churn_cents).sum();
    let new: i64 = rows.iter().map(|row| row.new_cents).sum();
    let moved = if net < 0 { "shrank" } else { "grew" };
    let mut sentence = format!(
        "From {} to {} MRR {moved} by {}: {} from new customers, {} lost to churn",
        month_long(first.month),
        month_long(last.month),
        MONEY.short(net.abs() as f64),
        MONEY.short(new as f64),
        MONEY.short(churn.abs() as f64),
    );
    if !before.is_empty() {
        let net: i64 = before.iter().map(net_cents).sum();
        sentence.push_str(&format!(
            "; in the period before it {} by {}",
            if net < 0 { "shrank" } else { "grew" },
            MONEY.short(net.abs() as f64)
        ));
    }
    sentence.push('.');
    Some(sentence)
}

/// Do people use it? `before` is the period before, where it is compared; `ahead` is expected.
#[must_use]
pub fn active_users(
    rows: &[ActiveUsersDay],
    before: &[ActiveUsersDay],
    ahead: &[ForecastDay],
) -> Option<String> {
    let last = rows.last()?;
    let mut sentence = format!(
        "{} people were active in the last 30 days",
        COUNT.full(last.mau as f64)
    );
    let growth_on = |then: &ActiveUsersDay| relative_change(last.mau as f64, then.mau as f64);
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
    let month = rows.iter().rev().take(28);
    let shares: Vec<f64> = month.filter_map(stickiness).collect();
    if !shares.is_empty() {
        let mean = shares.iter().sum::<f64>() / shares.len() as f64;
        sentence.push_str(&format!(
            "; on an average day {} of them are active",
            share(mean)
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

/// Where do new users come from?
#[must_use]
pub fn signups_by_channel(rows: &[ChannelSignups]) -> Option<String> {
    // Of equals, the one that stands first in the chart.
    let leader = rows
        .iter()
        .min_by_key(|row| (std::cmp::Reverse(row.signups), &row.channel))?;
    let total: i64 = rows.iter().map(|row| row.signups).sum();
    if total == 0 {
        return Some("No one signed up in this range.".to_owned());
    }
    let share = share(leader.signups as f64 / total as f64);
    let mut sentence = format!(
        "{} brought {share} of {} signups",
        words(&leader.channel),
        COUNT.full(total as f64),
    );
    let before: Option<i64> = rows.iter().map(|row| row.before).sum();
    if let Some(difference) = before.and_then(|before| relative_change(total as f64, before as f64))
    {
        sentence.push_str(&format!(
            "; overall, {} on the period before",
            change(difference)
        ));
    }
    sentence.push('.');
    Some(sentence)
}

fn so_far(month: NaiveDate, as_of: NaiveDate) -> &'static str {
    if is_complete(month, as_of) {
        ""
    } else {
        " so far"
    }
}

/// What drives the north star?
#[must_use]
pub fn drivers(days: &[NorthStarDay]) -> Option<String> {
    let now = days.last()?;
    let count = |value: i64| COUNT.full(value as f64);
    let mut sentence = format!(
        "{} of {} paying customers were active in the last week",
        count(now.weekly_active_customers),
        count(now.paying_customers),
    );
    let net = now.new_customers + now.reactivated_customers - now.churned_customers;
    let balance = match net.signum() {
        -1 => format!("{} fewer than before", count(net.abs())),
        0 => "as many as before".to_owned(),
        _ => format!("{} more than before", count(net)),
    };
    sentence.push_str(&format!(
        "; in 28 days {} joined or returned and {} left: {balance}.",
        count(now.new_customers + now.reactivated_customers),
        count(now.churned_customers),
    ));
    Some(sentence)
}
