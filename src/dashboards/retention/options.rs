//! What a reader can choose on the page, besides the filters; all of it stands in the URL.

use chrono::{Datelike, NaiveDate};

use crate::components::format::{day, month_short};
use crate::dashboards::choices::choices;
use crate::state::filters::{Dimension, Filters};

choices! {
    /// How signups are put into cohorts, and how long a period is.
    Grain {
        /// Months of signup, periods of 30 days.
        #[default]
        Month = "month", "Months";
        /// Weeks of signup, periods of 7 days.
        Week = "week", "Weeks";
    }
}

impl Grain {
    /// Days in a period.
    #[must_use]
    pub const fn days(self) -> i64 {
        match self {
            Self::Week => 7,
            Self::Month => 30,
        }
    }

    /// Most cohorts, and most periods after the first, that are shown.
    #[must_use]
    pub const fn shown(self) -> (i64, i64) {
        match self {
            Self::Week => (26, 26),
            Self::Month => (36, 24),
        }
    }
}

/// What a cohort is: the people of a week, month or quarter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CohortSpan {
    /// Of a week, from Monday on.
    Week,
    /// Of a month.
    Month,
    /// Of three months.
    Quarter,
}

impl CohortSpan {
    /// Months of cohorts beyond which they are put together by quarter: a heatmap of more rows than fit on
    /// a screen can't be read.
    const MOST_MONTHS: u32 = 24;

    /// The cohorts of a grain within the filters.
    #[must_use]
    pub fn of(grain: Grain, filters: &Filters) -> Self {
        match grain {
            Grain::Week => Self::Week,
            Grain::Month if filters.months() > Self::MOST_MONTHS => Self::Quarter,
            Grain::Month => Self::Month,
        }
    }

    /// Its name in SQL.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
        }
    }

    /// How many weeks or months of the grain it is long.
    #[must_use]
    pub const fn length(self) -> i64 {
        match self {
            Self::Week | Self::Month => 1,
            Self::Quarter => 3,
        }
    }

    /// Its name, by its first day.
    #[must_use]
    pub fn name(self, first: NaiveDate) -> String {
        match self {
            Self::Week => format!("Week of {}", day(first)),
            Self::Month => month_short(first),
            Self::Quarter => format!("Q{} {}", first.month0() / 3 + 1, first.year()),
        }
    }

    /// Its name beside a row: a week is named by its first day.
    #[must_use]
    pub fn row_name(self, first: NaiveDate) -> String {
        match self {
            Self::Week => {
                let text = day(first);
                text[..text.len().saturating_sub(5)].to_owned()
            }
            Self::Month | Self::Quarter => self.name(first),
        }
    }

    /// Says why cohorts are quarters, where they are.
    #[must_use]
    pub const fn remark(self) -> &'static str {
        match self {
            Self::Quarter => {
                "Ranges over two years use quarterly cohorts; shorter ranges use monthly ones. "
            }
            Self::Week | Self::Month => "",
        }
    }
}

/// Months since January 2000, as the serving tables count them.
#[must_use]
pub fn month_index(day: NaiveDate) -> i32 {
    (day.year() - 2000) * 12 + day.month0() as i32
}

choices! {
    /// What counts as coming back (decision 0029), the strictest first.
    Mode {
        /// Active on the period's first day.
        NDay = "n-day", "N-day";
        /// Active on any day of the period.
        #[default]
        Bracket = "bracket", "Bracket";
        /// Active on the period's first day or ever after.
        Unbounded = "unbounded", "Unbounded";
    }
}

impl Mode {
    /// What people of period `n` did, for sentences: "were active …".
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::NDay => "on the day the period starts",
            Self::Bracket => "on any day of the period",
            Self::Unbounded => "in the period or at any time after it",
        }
    }
}

choices! {
    /// Which revenue counts as kept.
    Revenue {
        /// With expansion.
        #[default]
        Net = "net", "NRR";
        /// Without it.
        Gross = "gross", "GRR";
    }
}

/// Everything that can be chosen on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetentionOptions {
    /// Weeks or months.
    pub grain: Grain,
    /// What counts as coming back.
    pub mode: Mode,
    /// What people are grouped by.
    pub by: Dimension,
    /// Which revenue counts as kept.
    pub revenue: Revenue,
}

/// What a heatmap depends on besides its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OnScreen {
    /// What was chosen on the page.
    pub chosen: RetentionOptions,
    /// Whether the screen is narrow.
    pub is_narrow: bool,
}

impl Default for RetentionOptions {
    fn default() -> Self {
        Self::read(|_| None)
    }
}

impl RetentionOptions {
    /// Reads the page's keys of the URL; a value that means nothing is the usual one.
    #[must_use]
    pub fn read(value: impl Fn(&'static str) -> Option<String>) -> Self {
        let by = value("by");
        let named = |one: &Dimension| Some(one.key()) == by.as_deref();
        Self {
            grain: Grain::of(value("grain").as_deref()),
            mode: Mode::of(value("mode").as_deref()),
            by: { Dimension::ALL.into_iter() }
                .find(named)
                .unwrap_or(Dimension::Channel),
            revenue: Revenue::of(value("revenue").as_deref()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_chooses_and_nonsense_is_usual() {
        let read = |query: &'static str| {
            let of = |key| {
                let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
                pairs.find(|(one, _)| *one == key)
            };
            RetentionOptions::read(|key| Some(of(key)?.1.to_owned()))
        };
        let chosen = RetentionOptions {
            grain: Grain::Week,
            mode: Mode::NDay,
            by: Dimension::Size,
            revenue: Revenue::Gross,
        };
        assert_eq!(read("mode=n-day&grain=week&by=size&revenue=gross"), chosen);
        let usual = RetentionOptions::default();
        assert_eq!(read("mode=always&grain=day&by='&revenue="), usual);
        assert_eq!(usual.by, Dimension::Channel);
    }

    #[test]
    fn months_of_more_than_two_years_are_quarters() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let all = Filters::new(day("2022-01-01"), day("2024-12-31"));
        let two_years = all.clone().with_days(day("2023-01-01"), day("2024-12-31"));
        let longer = all.clone().with_days(day("2022-12-31"), day("2024-12-31"));
        assert_eq!(CohortSpan::of(Grain::Month, &two_years), CohortSpan::Month);
        assert_eq!(CohortSpan::of(Grain::Month, &longer), CohortSpan::Quarter);
        assert_eq!(CohortSpan::of(Grain::Week, &longer), CohortSpan::Week);
        let first = day("2024-04-01");
        assert_eq!(CohortSpan::Quarter.name(first), "Q2 2024");
        assert_eq!(CohortSpan::Week.name(first), "Week of 1 Apr 2024");
        assert_eq!(CohortSpan::Week.row_name(first), "1 Apr");
    }
}
