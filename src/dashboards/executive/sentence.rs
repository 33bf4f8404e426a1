//! The sentence that sums the page up.

use chrono::NaiveDate;

use crate::components::format::{ValueFormat, change, month_name, relative_change, share};
use crate::dashboards::compared::Against;
use crate::dashboards::executive::panels::headline::HeadlineMonth;
use crate::dashboards::executive::panels::movements::MovementMonth;
use crate::dashboards::periods::month_so_far;
use crate::results::periods::whole;

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
            ValueFormat::Money.short(cents as f64)
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
