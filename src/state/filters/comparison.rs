//! The period that a range is set against (docs/decisions/0121-equal-periods.md).

use chrono::{Days, Months, NaiveDate};

use super::{Filters, Range};

/// What a panel's figures are of, and so which period before is like them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Basis {
    /// The days of the range: set against as many days.
    #[default]
    Days,
    /// The 28 days to the range's last one, however long the range is: set against the 28 to the last
    /// day of the period before, or just before them where the range is shorter.
    Last28Days,
    /// The state at the end of each month: set against as many months' ends. A month that is under
    /// way has a state, too, as of the last day of data.
    MonthEnds,
    /// What added up over each month: whole months are set against as many whole months, and a
    /// month that is under way against nothing.
    WholeMonths,
}

/// Days of the window of [`Basis::Last28Days`].
pub const WINDOW_DAYS: u64 = 28;

impl Filters {
    /// The same users in as many days before, which end on the day before the range. With
    /// `same_weekdays`, the range itself moved back by as few whole weeks as make it end before it
    /// begins. `None` when the history does not reach back that far.
    #[must_use]
    pub fn period_before(&self) -> Option<Self> {
        let before = self.moved_back(self.count_days())?;
        (before.from >= self.starts_on()).then_some(before)
    }

    /// The range moved back by some days, or as few more as make whole weeks where weekdays count.
    fn moved_back(&self, days: u64) -> Option<Self> {
        let back = if self.same_weekdays {
            days.div_ceil(7) * 7
        } else {
            days
        };
        let back = Days::new(back);
        let from = self.from.checked_sub_days(back)?;
        Some(self.over(from, self.to.checked_sub_days(back)?))
    }

    /// The same users in the period that figures of a basis are set against; `None` when the
    /// history does not reach back that far, or no month of the range is whole.
    #[must_use]
    pub fn before(&self, basis: Basis) -> Option<Self> {
        let months = match basis {
            Basis::Days => return self.period_before(),
            Basis::Last28Days => {
                let before = self.moved_back(self.count_days().max(WINDOW_DAYS))?;
                let (first, _) = before.span(basis);
                return (first >= self.starts_on()).then_some(before);
            }
            Basis::MonthEnds => self.months(),
            Basis::WholeMonths => self.whole_months(),
        };
        let first = self
            .first_month()
            .checked_sub_months(Months::new(self.months()))?;
        let last = first.checked_add_months(Months::new(months))?.pred_opt()?;
        let is_there = months > 0 && first >= self.starts_on();
        is_there.then(|| self.over(first, last))
    }

    /// The period before, where the filters ask for it and the history reaches back that far.
    #[must_use]
    pub fn compared(&self) -> Option<Self> {
        self.compared_on(Basis::Days)
    }

    /// The same for figures of a basis.
    #[must_use]
    pub fn compared_on(&self, basis: Basis) -> Option<Self> {
        let before = self.compare.then(|| self.before(basis));
        before.flatten()
    }

    /// First and last day of what a panel of a basis shows: the days of the range, or the months it
    /// touches, as far as there is data.
    #[must_use]
    pub fn span(&self, basis: Basis) -> (NaiveDate, NaiveDate) {
        match basis {
            Basis::Days => (self.from, self.to),
            Basis::Last28Days => {
                let back = Days::new(WINDOW_DAYS - 1);
                (self.to.checked_sub_days(back).unwrap_or(self.to), self.to)
            }
            Basis::MonthEnds | Basis::WholeMonths => {
                let next = self.last_month().checked_add_months(Months::new(1));
                let last = next.and_then(|next| next.pred_opt()).unwrap_or(self.to);
                (self.first_month(), last.min(self.as_of()))
            }
        }
    }

    /// Months the range touches that are over by the last day of data.
    #[must_use]
    pub fn whole_months(&self) -> u32 {
        let next = self.last_month().checked_add_months(Months::new(1));
        let last_day = next.and_then(|next| next.pred_opt());
        let is_over = last_day.is_some_and(|day| day <= self.as_of());
        self.months() - u32::from(!is_over)
    }

    /// The month that the range's last one is set against: as many months earlier as the range
    /// touches; `None` when the history does not reach back that far.
    #[must_use]
    pub fn month_before(&self) -> Option<NaiveDate> {
        let before = self.before(Basis::MonthEnds)?;
        Some(before.last_month())
    }

    /// The same users over other days.
    fn over(&self, from: NaiveDate, to: NaiveDate) -> Self {
        Self {
            from,
            to,
            range: Range::Custom(from, to),
            ..self.clone()
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
