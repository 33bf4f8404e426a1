//! Whether the week, month or quarter that a row is of is over (docs/decisions/0122-running-periods.md).

use chrono::{Datelike, Days, Months, NaiveDate};

/// How long the periods are that rows are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grain {
    /// Days; the last day of data is taken as over.
    Day,
    /// Weeks from Monday on.
    Week,
    /// Calendar months.
    Month,
    /// Calendar quarters.
    Quarter,
}

impl Grain {
    /// The grain of the dates in a column of a result, by its name; `None` for dates that are no
    /// periods, or days.
    #[must_use]
    pub fn of_column(name: &str) -> Option<Self> {
        match name {
            "date_week" => Some(Self::Week),
            "date_month" => Some(Self::Month),
            _ => None,
        }
    }

    /// The last day of the period that begins on `first`.
    #[must_use]
    pub fn last_day(self, first: NaiveDate) -> Option<NaiveDate> {
        let next = match self {
            Self::Day => return Some(first),
            Self::Week => first.checked_add_days(Days::new(7)),
            Self::Month => first.checked_add_months(Months::new(1)),
            Self::Quarter => first.checked_add_months(Months::new(3)),
        };
        next?.pred_opt()
    }

    /// Whether the period that begins on `first` ends by `as_of`, the last day of data.
    #[must_use]
    pub fn is_complete(self, first: NaiveDate, as_of: NaiveDate) -> bool {
        self.last_day(first).is_some_and(|last| last <= as_of)
    }

    /// The first day of the period that a day lies in.
    #[must_use]
    pub fn first_day(self, day: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Day => Some(day),
            Self::Week => {
                let back = day.weekday().num_days_from_monday();
                day.checked_sub_days(Days::new(u64::from(back)))
            }
            Self::Month => day.with_day(1),
            Self::Quarter => day.with_day(1)?.with_month0(day.month0() / 3 * 3),
        }
    }
}

/// A row of a period that may be under way.
pub trait Periodic {
    /// How long its period is.
    const GRAIN: Grain = Grain::Month;

    /// The first day of its period.
    fn starts_on(&self) -> NaiveDate;

    /// Whether its period ends by `as_of`, the last day of data.
    fn is_complete(&self, as_of: NaiveDate) -> bool {
        Self::GRAIN.is_complete(self.starts_on(), as_of)
    }
}

/// The rows of periods that are over: all of rising rows, or all but those of the last period.
#[must_use]
pub fn whole<R: Periodic>(rows: &[R], as_of: NaiveDate) -> &[R] {
    let is_whole = |row: &R| row.is_complete(as_of);
    &rows[..rows.iter().rposition(is_whole).map_or(0, |last| last + 1)]
}

/// Says of rows that they are of months, by their field `month`.
macro_rules! of_months {
    ($($row:ty),+ $(,)?) => {
        $(impl $crate::results::periods::Periodic for $row {
            fn starts_on(&self) -> chrono::NaiveDate {
                self.month
            }
        })+
    };
}
pub(crate) use of_months;

impl Periodic for super::revenue::RevenueDay {
    const GRAIN: Grain = Grain::Day;

    fn starts_on(&self) -> NaiveDate {
        self.date
    }
}

of_months!(
    super::retention::LifecycleMonth,
    super::revenue::RetentionMonth,
    super::revenue::RefundMonth,
    super::adoption::AdoptionMonth,
    super::adoption::StickinessMonth,
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::adoption::AdoptionMonth;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_period_is_over_with_its_last_day() {
        for (grain, first, last) in [
            (Grain::Day, "2025-12-04", "2025-12-04"),
            (Grain::Week, "2025-12-01", "2025-12-07"),
            (Grain::Month, "2024-02-01", "2024-02-29"),
            (Grain::Month, "2025-02-01", "2025-02-28"),
            (Grain::Quarter, "2025-10-01", "2025-12-31"),
        ] {
            let (first, last) = (date(first), date(last));
            assert_eq!(grain.last_day(first), Some(last));
            assert_eq!(grain.first_day(last), Some(first));
            assert!(grain.is_complete(first, last));
            let before = last.pred_opt().unwrap();
            assert!(!grain.is_complete(first, before), "{grain:?} on {before}");
        }
    }

    #[test]
    fn a_month_under_way_is_left_out_of_whole_ones() {
        let row = |month: &str| AdoptionMonth {
            month: date(month),
            users: 1,
            stickiness: 0.1,
            features: 1.0,
            power_share: 0.1,
            launched_share: None,
        };
        let rows = ["2023-12-01", "2024-01-01", "2024-02-01"].map(row);
        for (as_of, count) in [
            ("2024-02-28", 2),
            ("2024-02-29", 3),
            ("2024-01-01", 1),
            ("2023-12-30", 0),
        ] {
            assert_eq!(whole(&rows, date(as_of)).len(), count, "{as_of}");
        }
    }
}
