//! The sentences that answer the page's questions, computed from its rows.

use chrono::NaiveDate;

use super::charts::active_users::stickiness;
use super::charts::mrr_movements::{is_complete, net_cents};
use crate::components::format::{ValueFormat, change, month_long, relative_change, share, words};
use crate::results::executive::{
    ActiveUsersDay, ChannelSignups, HeadlineMonth, MovementMonth, NorthStarDay, PlanMonth,
};

const MONEY: ValueFormat = ValueFormat::Money;
const COUNT: ValueFormat = ValueFormat::Count;

/// One sentence on the whole page.
#[must_use]
pub fn page(
    headline: &[HeadlineMonth],
    movements: &[MovementMonth],
    as_of: NaiveDate,
) -> Option<String> {
    let last = headline.last()?;
    let mut sentence = format!(
        "{}{}: {} MRR",
        month_long(last.month),
        so_far(last.month, as_of),
        MONEY.short(last.mrr_cents as f64)
    );
    let before = headline.iter().rev().nth(1);
    if let Some(growth) =
        before.and_then(|before| relative_change(last.mrr_cents as f64, before.mrr_cents as f64))
    {
        sentence.push_str(&format!(", {} on the month", change(growth)));
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
            "more is lost than won, and churn alone takes {}",
            of_opening(month.churn_cents)
        ),
        _ if month.expansion_cents >= -lost => {
            format!("expansion outweighs the {} that is lost", of_opening(lost))
        }
        _ if month.churn_cents < 2 * month.contraction_cents => {
            format!(
                "churn is the leak, at {} a month",
                of_opening(month.churn_cents)
            )
        }
        _ => format!("churn and contraction take {} a month", of_opening(lost)),
    })
}

/// Is recurring revenue growing?
#[must_use]
pub fn mrr_by_plan(rows: &[PlanMonth]) -> Option<String> {
    let last = rows.iter().map(|row| row.month).max()?;
    let total = |month: NaiveDate| -> i64 {
        let of_month = rows.iter().filter(|row| row.month == month);
        of_month.map(|row| row.mrr_cents).sum()
    };
    let now = total(last);
    let mut sentence = format!(
        "MRR stood at {} in {}",
        MONEY.short(now as f64),
        month_long(last)
    );
    let year_before = last.checked_sub_months(chrono::Months::new(12))?;
    if let Some(growth) = relative_change(now as f64, total(year_before) as f64) {
        sentence.push_str(&format!(", {} on the year", change(growth)));
    }
    let leader = rows
        .iter()
        .filter(|row| row.month == last)
        .max_by_key(|row| row.mrr_cents)?;
    if now > 0 {
        let share = share(leader.mrr_cents as f64 / now as f64);
        sentence.push_str(&format!("; {} brings {share} of it", words(&leader.plan)));
    }
    sentence.push('.');
    Some(sentence)
}

/// What moved it?
#[must_use]
pub fn mrr_movements(rows: &[MovementMonth]) -> Option<String> {
    let (first, last) = (rows.first()?, rows.last()?);
    let net: i64 = rows.iter().map(net_cents).sum();
    let churn: i64 = rows.iter().map(|row| row.churn_cents).sum();
    let new: i64 = rows.iter().map(|row| row.new_cents).sum();
    let moved = if net < 0 { "shrank" } else { "grew" };
    Some(format!(
        "From {} to {} MRR {moved} by {}: {} came from new customers, {} left with churn.",
        month_long(first.month),
        month_long(last.month),
        MONEY.short(net.abs() as f64),
        MONEY.short(new as f64),
        MONEY.short(churn.abs() as f64),
    ))
}

/// Do people use it?
#[must_use]
pub fn active_users(rows: &[ActiveUsersDay]) -> Option<String> {
    let last = rows.last()?;
    let mut sentence = format!(
        "{} people were active in the last 30 days",
        COUNT.full(last.mau as f64)
    );
    // A year earlier, or the first day there is.
    if let Some(growth) = rows
        .first()
        .and_then(|first| relative_change(last.mau as f64, first.mau as f64))
        .filter(|_| rows.len() > 300)
    {
        sentence.push_str(&format!(", {} on a year earlier", change(growth)));
    }
    let month = rows.iter().rev().take(28);
    let shares: Vec<f64> = month.filter_map(stickiness).collect();
    if !shares.is_empty() {
        let mean = shares.iter().sum::<f64>() / shares.len() as f64;
        sentence.push_str(&format!("; on an average day {} of them come", share(mean)));
    }
    sentence.push('.');
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
        return Some("Nobody signed up in this range.".to_owned());
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
            "; in all, {} on the period before",
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
        "; in 28 days {} came or came back and {} left: {balance}.",
        count(now.new_customers + now.reactivated_customers),
        count(now.churned_customers),
    ));
    Some(sentence)
}
