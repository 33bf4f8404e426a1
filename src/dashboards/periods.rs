//! Months in words, whether they are over or under way (docs/decisions/0122-running-periods.md).

use chrono::NaiveDate;

use crate::components::format::{day, day_long, month_long, month_short};
use crate::results::periods::{Grain, Periodic, whole};

/// Whether the month that begins on `month` ends by `as_of`.
#[must_use]
pub fn is_over(month: NaiveDate, as_of: NaiveDate) -> bool {
    Grain::Month.is_complete(month, as_of)
}

/// The month: "December 2025", "December 2025 so far".
#[must_use]
pub fn month_so_far(month: NaiveDate, as_of: NaiveDate) -> String {
    if is_over(month, as_of) {
        month_long(month)
    } else {
        format!("{} so far", month_long(month))
    }
}

/// Within the month: "in December 2025", "so far in December 2025".
#[must_use]
pub fn in_month(month: NaiveDate, as_of: NaiveDate) -> String {
    if is_over(month, as_of) {
        format!("in {}", month_long(month))
    } else {
        format!("so far in {}", month_long(month))
    }
}

/// When the month's state is of: "at the end of December 2025", "on 4 December 2025".
#[must_use]
pub fn at_end_of(month: NaiveDate, as_of: NaiveDate) -> String {
    if is_over(month, as_of) {
        format!("at the end of {}", month_long(month))
    } else {
        format!("on {}", day_long(as_of))
    }
}

/// The rows of months that are over, with which months they are: "from Oct 2025 to Nov 2025"; where none
/// is over, the month under way: "so far in December 2025".
#[must_use]
pub fn judged<R: Periodic>(rows: &[R], as_of: NaiveDate) -> Option<(&[R], String)> {
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
#[must_use]
pub fn span(first: NaiveDate, last: NaiveDate) -> String {
    let word = if first == last { "in" } else { "from" };
    format!("{word} {}", months(first, last))
}

/// What a change of a month's state is measured on: "on Dec 2024", and of a month that is under way,
/// which is not as long, "since 31 Dec 2024".
#[must_use]
pub fn change_on(earlier: NaiveDate, month: NaiveDate, as_of: NaiveDate) -> String {
    if is_over(month, as_of) {
        format!("on {}", month_short(earlier))
    } else {
        since_end_of(earlier)
    }
}

/// Since a month's end: "since 31 Dec 2024".
#[must_use]
pub fn since_end_of(month: NaiveDate) -> String {
    let last = Grain::Month.last_day(month).unwrap_or(month);
    format!("since {}", day(last))
}

/// Some months in a row: "December 2025", "Oct 2025 to Dec 2025".
#[must_use]
pub fn months(first: NaiveDate, last: NaiveDate) -> String {
    if first == last {
        month_long(first)
    } else {
        format!("{} to {}", month_short(first), month_short(last))
    }
}

/// Says that the last period of a time axis is not over; `None` where it is.
#[must_use]
pub fn remark(grain: Grain, last: NaiveDate, as_of: NaiveDate) -> Option<String> {
    let name = match grain {
        Grain::Day => return None,
        Grain::Week => format!("The week of {}", day(last)),
        Grain::Month => month_long(last),
        Grain::Quarter => format!("The quarter from {}", month_long(last)),
    };
    (!grain.is_complete(last, as_of)).then(|| {
        format!(
            "Pale or dashed: {name} is not complete; its figures are as of {}.",
            day(as_of)
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_told_as_what_it_is() {
        let date = |text: &str| text.parse::<NaiveDate>().unwrap();
        let december = date("2025-12-01");
        let (early, end) = (date("2025-12-04"), date("2025-12-31"));
        assert_eq!(month_so_far(december, early), "December 2025 so far");
        assert_eq!(month_so_far(december, end), "December 2025");
        assert_eq!(in_month(december, early), "so far in December 2025");
        assert_eq!(at_end_of(december, early), "on 4 December 2025");
        assert_eq!(at_end_of(december, end), "at the end of December 2025");
        let november = date("2025-11-01");
        assert_eq!(change_on(november, december, early), "since 30 Nov 2025");
        assert_eq!(change_on(november, december, end), "on Nov 2025");
        assert_eq!(months(november, december), "Nov 2025 to Dec 2025");
        assert_eq!(
            remark(Grain::Month, december, early).as_deref(),
            Some(
                "Pale or dashed: December 2025 is not complete; its figures are as of 4 Dec 2025."
            )
        );
        assert_eq!(remark(Grain::Month, december, end), None);
        let leap = date("2024-02-01");
        assert_eq!(
            at_end_of(leap, date("2024-02-29")),
            "at the end of February 2024"
        );
        assert_eq!(at_end_of(leap, date("2024-02-28")), "on 28 February 2024");
    }
}
