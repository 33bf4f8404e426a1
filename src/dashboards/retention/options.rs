//! What a reader can choose on the page, besides the filters; all of it stands in the URL.

use chrono::{Datelike, NaiveDate};

use crate::components::format::{day, month_short};
use crate::state::filters::{Dimension, Filters};

/// How signups are put into cohorts, and how long a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Grain {
    /// Weeks of signup, periods of 7 days.
    Week,
    /// Months of signup, periods of 30 days.
    #[default]
    Month,
}

impl Grain {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Month, Self::Week];

    /// Its value of the URL key `grain`, its name in SQL and in sentences.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    /// Its name on screen.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Week => "Weeks",
            Self::Month => "Months",
        }
    }

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
}

/// What counts as coming back (decision 0029).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// Active on the period's first day.
    NDay,
    /// Active on any day of the period.
    #[default]
    Bracket,
    /// Active on the period's first day or ever after.
    Unbounded,
}

impl Mode {
    /// All three, the strictest first.
    pub const ALL: [Self; 3] = [Self::NDay, Self::Bracket, Self::Unbounded];

    /// Its value of the URL key `mode`.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::NDay => "n-day",
            Self::Bracket => "bracket",
            Self::Unbounded => "unbounded",
        }
    }

    /// Its name on screen.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::NDay => "N-day",
            Self::Bracket => "Bracket",
            Self::Unbounded => "Unbounded",
        }
    }

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

/// Which revenue counts as kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Revenue {
    /// With expansion.
    #[default]
    Net,
    /// Without it.
    Gross,
}

impl Revenue {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Net, Self::Gross];

    /// Its value of the URL key `revenue`.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Net => "net",
            Self::Gross => "gross",
        }
    }

    /// Its name on screen.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Net => "NRR",
            Self::Gross => "GRR",
        }
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

impl Default for RetentionOptions {
    fn default() -> Self {
        Self {
            grain: Grain::default(),
            mode: Mode::default(),
            by: Dimension::Channel,
            revenue: Revenue::default(),
        }
    }
}

impl RetentionOptions {
    /// Reads the page's keys of a URL query; a value that means nothing is the usual one.
    #[must_use]
    pub fn from_query(query: &str) -> Self {
        let mut options = Self::default();
        for (key, value) in form_urlencoded::parse(query.trim_start_matches('?').as_bytes()) {
            match key.as_ref() {
                "grain" => find(&Grain::ALL, &value, |grain| grain.key(), &mut options.grain),
                "mode" => find(&Mode::ALL, &value, |mode| mode.key(), &mut options.mode),
                "by" => find(&Dimension::ALL, &value, |by| by.key(), &mut options.by),
                "revenue" => find(
                    &Revenue::ALL,
                    &value,
                    |revenue| revenue.key(),
                    &mut options.revenue,
                ),
                _ => {}
            }
        }
        options
    }
}

fn find<T: Copy>(all: &[T], value: &str, key: impl Fn(&T) -> &'static str, slot: &mut T) {
    if let Some(found) = all.iter().find(|one| key(one) == value) {
        *slot = *found;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_chooses_and_nonsense_is_usual() {
        let options = RetentionOptions::from_query("?mode=n-day&grain=week&by=size&revenue=gross");
        assert_eq!(options.mode, Mode::NDay);
        assert_eq!(options.grain, Grain::Week);
        assert_eq!(options.by, Dimension::Size);
        assert_eq!(options.revenue, Revenue::Gross);
        let options = RetentionOptions::from_query("mode=always&grain=day&by='&revenue=");
        assert_eq!(options, RetentionOptions::default());
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
