//! What figures are set against: the month before, or the same month of the period before
//! (docs/decisions/0121-equal-periods.md).

use chrono::{Months, NaiveDate};

use super::periods::{months, since_end_of};
use crate::components::format::{ValueFormat, day, month_short};
use crate::components::kpi::Kpi;
use crate::state::filters::{Basis, Filters, WINDOW_DAYS};

/// What the figure of a month is set against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Against {
    /// The month before it.
    MonthBefore,
    /// A month of the period before: as far back as the range is long, so that like meets like.
    Month(NaiveDate),
    /// The end of an earlier month, for the state of one that is under way.
    EndOf(NaiveDate),
    /// Nothing: the history does not reach back that far.
    Nothing,
}

impl Against {
    /// What the filters ask for.
    #[must_use]
    pub fn of(filters: &Filters) -> Self {
        let is_over = filters.whole_months() == filters.months();
        if !filters.compare {
            let before = filters.last_month().checked_sub_months(Months::new(1));
            return match before {
                Some(month) if !is_over => Self::EndOf(month),
                _ => Self::MonthBefore,
            };
        }
        match filters.month_before() {
            Some(month) if is_over => Self::Month(month),
            Some(month) => Self::EndOf(month),
            None => Self::Nothing,
        }
    }

    /// The words behind the figure's change: "on the month", "on Dec 2024", "since 30 Nov 2025".
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::MonthBefore | Self::Nothing => "on the month".to_owned(),
            Self::Month(month) => format!("on {}", month_short(month)),
            Self::EndOf(month) => since_end_of(month),
        }
    }

    /// What stands in the month that the last one is set against; `months` rise.
    #[must_use]
    pub fn value<T: Copy>(self, months: &[NaiveDate], values: &[T]) -> Option<T> {
        let place = match self {
            Self::MonthBefore => months.len().checked_sub(2)?,
            Self::Month(month) | Self::EndOf(month) => months.binary_search(&month).ok()?,
            Self::Nothing => return None,
        };
        values.get(place).copied()
    }

    /// The last of `values` as a tile.
    ///
    /// Of a month that is under way, the change is left out where the figure `needs_whole_month`:
    /// days are never set against a month.
    #[must_use]
    pub fn kpi(
        self,
        months: &[NaiveDate],
        values: &[Option<f64>],
        format: ValueFormat,
        needs_whole_month: bool,
    ) -> Option<Kpi> {
        // The month under way may have no row, when nobody came in it.
        let last = months.last().copied();
        let is_later = !matches!(self, Self::EndOf(month) if last <= Some(month));
        let before = self.value(months, values).flatten().filter(|_| is_later);
        let mut kpi = Kpi::new(values, before, format, self.words())?;
        kpi.is_running = is_later && matches!(self, Self::EndOf(_));
        if kpi.is_running && needs_whole_month {
            kpi.delta = None;
            kpi.unit = values.last().copied().flatten().map(|_| "so far");
        }
        Some(kpi)
    }
}

/// What the range is set against, in a sentence: "the 76 days before", "the same weekdays 11 weeks
/// earlier", "the 3 months before".
#[must_use]
pub fn period_words(filters: &Filters, basis: Basis) -> String {
    let count = match basis {
        Basis::Days if filters.same_weekdays => {
            let weeks = filters.count_days().div_ceil(7);
            let noun = if weeks == 1 { "week" } else { "weeks" };
            return format!("the same weekdays {weeks} {noun} earlier");
        }
        Basis::Days => (filters.count_days(), "day"),
        Basis::Last28Days => (WINDOW_DAYS, "day"),
        Basis::MonthEnds => (u64::from(filters.months()), "month"),
        Basis::WholeMonths => {
            let before = filters.before(basis);
            if let Some(before) = before.filter(|before| before.months() < filters.months()) {
                return months(before.first_month(), before.last_month());
            }
            (u64::from(filters.months()), "month")
        }
    };
    match count {
        (1, noun) => format!("the {noun} before"),
        (count, noun) => format!("the {count} {noun}s before"),
    }
}

/// Says which days or months `mark` is of; `None` where nothing is compared.
#[must_use]
pub fn told(filters: &Filters, basis: Basis, mark: &str) -> Option<String> {
    let Some(before) = filters.compared_on(basis) else {
        // A month that is under way is compared with nothing, which is said; no history is said above.
        let is_of_months = matches!(basis, Basis::MonthEnds | Basis::WholeMonths);
        let is_short = filters.compared().is_some() && is_of_months;
        return is_short
            .then(|| "No whole month of the range has one to be compared with.".to_owned());
    };
    let words = period_words(filters, basis);
    Some(match basis {
        Basis::Days | Basis::Last28Days => {
            let (from, to) = before.span(basis);
            format!("{mark}: {} to {}, {words}.", day(from), day(to))
        }
        Basis::MonthEnds | Basis::WholeMonths => {
            let named = months(before.first_month(), before.last_month());
            if words == named {
                format!("{mark}: {named}; only whole months are compared.")
            } else {
                format!("{mark}: {named}, {words}.")
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::filters::Range;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn like_meets_like_or_nothing() {
        let mut filters = Filters::new(date("2023-01-01"), date("2025-12-31"));
        assert_eq!(Against::of(&filters), Against::MonthBefore);
        filters.compare = true;
        assert_eq!(Against::of(&filters), Against::Month(date("2024-12-01")));
        assert_eq!(Against::of(&filters).words(), "on Dec 2024");
        let quarter = filters.clone().with_range(Range::Last3Months);
        assert_eq!(Against::of(&quarter), Against::Month(date("2025-09-01")));
        // Days that cut months: October to December are touched, so September is set against.
        let days = filters.clone().with_range(Range::Last90Days);
        assert_eq!(Against::of(&days), Against::Month(date("2025-09-01")));
        let all = filters.with_range(Range::All);
        assert_eq!(Against::of(&all), Against::Nothing);
        assert_eq!(told(&all, Basis::Days, "Dashed"), None);
        assert_eq!(told(&all, Basis::WholeMonths, "Dashed"), None);
        assert_eq!(
            told(&quarter, Basis::Days, "Dashed").as_deref(),
            Some("Dashed: 1 Jul 2025 to 30 Sep 2025, the 92 days before.")
        );
        assert_eq!(
            told(&quarter, Basis::WholeMonths, "Dashed").as_deref(),
            Some("Dashed: Jul 2025 to Sep 2025, the 3 months before.")
        );
    }

    #[test]
    fn a_month_under_way_is_told_by_its_days() {
        let mut filters = Filters::new(date("2023-01-01"), date("2025-12-15"));
        assert_eq!(Against::of(&filters), Against::EndOf(date("2025-11-01")));
        assert_eq!(Against::of(&filters).words(), "since 30 Nov 2025");
        filters.compare = true;
        let quarter = filters.clone().with_range(Range::Last3Months);
        assert_eq!(Against::of(&quarter).words(), "since 30 Sep 2025");
        for (basis, expected) in [
            (
                Basis::Days,
                "Dashed: 17 Jul 2025 to 30 Sep 2025, the 76 days before.",
            ),
            (
                Basis::MonthEnds,
                "Dashed: Jul 2025 to Sep 2025, the 3 months before.",
            ),
            (
                Basis::WholeMonths,
                "Dashed: Jul 2025 to Aug 2025; only whole months are compared.",
            ),
        ] {
            assert_eq!(told(&quarter, basis, "Dashed").as_deref(), Some(expected));
        }
        let mut weekdays = quarter;
        weekdays.same_weekdays = true;
        assert_eq!(
            told(&weekdays, Basis::Days, "Ticks").as_deref(),
            Some("Ticks: 16 Jul 2025 to 29 Sep 2025, the same weekdays 11 weeks earlier.")
        );
        let month = filters.with_days(date("2025-12-01"), date("2025-12-15"));
        assert_eq!(
            told(&month, Basis::WholeMonths, "Dashed").as_deref(),
            Some("No whole month of the range has one to be compared with.")
        );
    }

    #[test]
    fn a_month_that_is_not_there_gives_no_change() {
        let months = ["2025-10-01", "2025-11-01", "2025-12-01"].map(date);
        let values = [Some(10.0), Some(0.0), Some(15.0)];
        let kpi = |against: Against, needs_whole_month| {
            against.kpi(&months, &values, ValueFormat::Count, needs_whole_month)
        };
        let delta = |against| {
            let kpi = kpi(against, false);
            kpi.and_then(|kpi| kpi.delta).map(|delta| delta.text)
        };
        let half = "+50%";
        assert_eq!(delta(Against::Month(months[0])).as_deref(), Some(half));
        assert_eq!(delta(Against::EndOf(months[0])).as_deref(), Some(half));
        assert_eq!(delta(Against::MonthBefore), None);
        assert_eq!(delta(Against::Month(date("2020-01-01"))), None);
        assert_eq!(delta(Against::Nothing), None);
        let so_far = kpi(Against::EndOf(months[0]), true).unwrap();
        assert_eq!((so_far.unit, so_far.delta), (Some("so far"), None));
        assert!(so_far.is_running);
    }
}
