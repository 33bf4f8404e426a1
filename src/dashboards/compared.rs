//! What figures are set against: the month before, or the same month of the period before.

use chrono::NaiveDate;

use crate::components::format::{ValueFormat, day, month_short};
use crate::components::kpi::Kpi;
use crate::state::filters::Filters;

/// What the figure of a month is set against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Against {
    /// The month before it.
    MonthBefore,
    /// A month of the period before: as far back as the range is long, so that like meets like.
    Month(NaiveDate),
    /// Nothing: the history does not reach back that far.
    Nothing,
}

impl Against {
    /// What the filters ask for.
    #[must_use]
    pub fn of(filters: &Filters) -> Self {
        match filters.month_before() {
            _ if !filters.compare => Self::MonthBefore,
            Some(month) => Self::Month(month),
            None => Self::Nothing,
        }
    }

    /// The figure's change as it is told: "on the month", "on Dec 2024".
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::MonthBefore | Self::Nothing => "on the month".to_owned(),
            Self::Month(month) => format!("on {}", month_short(month)),
        }
    }

    /// What stands in the month that the last one is set against; `months` rise.
    #[must_use]
    pub fn value<T: Copy>(self, months: &[NaiveDate], values: &[T]) -> Option<T> {
        let place = match self {
            Self::MonthBefore => months.len().checked_sub(2)?,
            Self::Month(month) => months.binary_search(&month).ok()?,
            Self::Nothing => return None,
        };
        values.get(place).copied()
    }

    /// The last of `values` as a tile.
    #[must_use]
    pub fn kpi(
        self,
        months: &[NaiveDate],
        values: &[Option<f64>],
        format: ValueFormat,
    ) -> Option<Kpi> {
        let before = self.value(months, values).flatten();
        Kpi::new(values, before, format, self.words())
    }
}

/// Says which days the dashed lines are of; `None` where nothing is compared.
#[must_use]
pub fn told(filters: &Filters, mark: &str) -> Option<String> {
    let before = filters.compared()?;
    Some(format!(
        "{mark}: {} to {}, the period before.",
        day(before.from),
        day(before.to)
    ))
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
        assert_eq!(told(&all, "Dashed"), None);
        assert_eq!(
            told(&quarter, "Dashed").as_deref(),
            Some("Dashed: 1 Jul 2025 to 30 Sep 2025, the period before.")
        );
    }

    #[test]
    fn a_month_that_is_not_there_gives_no_change() {
        let months = ["2025-10-01", "2025-11-01", "2025-12-01"].map(date);
        let values = [Some(10.0), Some(0.0), Some(15.0)];
        let delta = |against: Against| {
            let kpi = against.kpi(&months, &values, ValueFormat::Count);
            kpi.and_then(|kpi| kpi.delta).map(|delta| delta.text)
        };
        assert_eq!(delta(Against::Month(months[0])).as_deref(), Some("+50%"));
        assert_eq!(delta(Against::MonthBefore), None);
        assert_eq!(delta(Against::Month(date("2020-01-01"))), None);
        assert_eq!(delta(Against::Nothing), None);
    }
}
