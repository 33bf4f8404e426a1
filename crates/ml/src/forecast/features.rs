//! What is forecast, and what is known of the calendar beforehand.

use chrono::{Datelike, NaiveDate};

use crate::{Frame, Input, LearnError};
use parameters::{Parameter, Scenario};

/// Daily active users, one row a day without a gap.
pub(super) const HISTORY: Input = Input::of("history", include_str!("features.sql"));

/// Daily active users of a run of days.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Features {
    /// The first day, since 1970-01-01.
    pub first_day: i64,
    /// Active users of each day from then on.
    pub active_users: Vec<f64>,
}

impl Features {
    /// Reads the rows of the history.
    ///
    /// # Errors
    /// [`LearnError`] when a value is missing or a day is left out.
    pub fn read(frame: &Frame) -> Result<Self, LearnError> {
        let days = frame.required("date")?;
        let gap = days.windows(2).position(|pair| pair[1] - pair[0] != 1.0);
        if let Some(row) = gap {
            return Err(LearnError::Column {
                column: "date".to_owned(),
                problem: format!("leaves a day out after row {row}"),
            });
        }
        Ok(Self {
            first_day: days.first().map_or(0, |&day| day as i64),
            active_users: frame.required("dau")?.to_vec(),
        })
    }

    /// The same without the days from number `end` on.
    #[must_use]
    pub fn until(&self, end: usize) -> Self {
        Self {
            first_day: self.first_day,
            active_users: self.active_users[..end].to_vec(),
        }
    }
}

/// Days that are known beforehand to be unlike others, each with one effect of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holiday {
    /// Its name in tables.
    pub name: &'static str,
    /// When it is.
    pub days: HolidayWindow,
}

/// When a holiday is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HolidayWindow {
    /// Once, from the first day to before the second, since 1970-01-01.
    Once(i64, i64),
    /// Each year, 24 December to 1 January.
    TurnOfTheYear,
}

impl Holiday {
    /// Whether it is on a day, since 1970-01-01.
    #[must_use]
    pub fn is_on(&self, day: i64) -> bool {
        match self.days {
            HolidayWindow::Once(first, end) => (first..end).contains(&day),
            HolidayWindow::TurnOfTheYear => {
                let date = date_of(day);
                matches!((date.month(), date.day()), (12, 24..) | (1, 1))
            }
        }
    }
}

/// The scenario's holidays: its launches, which a company knows of, and the turn of the year.
#[must_use]
pub fn holidays_of(scenario: &Scenario) -> Vec<Holiday> {
    let mut holidays = vec![Holiday {
        name: "turn of the year",
        days: HolidayWindow::TurnOfTheYear,
    }];
    let launches = [
        (
            Parameter::ProductLaunch,
            9,
            ["product launch", "after the product launch"],
        ),
        (
            Parameter::FeatureLaunch,
            14,
            ["feature launch", "after the feature launch"],
        ),
    ];
    for (parameter, day_of_month, [at, after]) in launches {
        let months = scenario.number(parameter) as u32;
        if months == 0 {
            continue;
        }
        let first = epoch_day(scenario.month_before_end(months)) + day_of_month;
        // Two weeks of news and four of what it leaves; what stays is the trend's.
        let windows = [(at, first, first + 14), (after, first + 14, first + 42)];
        holidays.extend(windows.map(|(name, first, end)| Holiday {
            name,
            days: HolidayWindow::Once(first, end),
        }));
    }
    holidays
}

/// The date of a day since 1970-01-01.
pub(super) fn date_of(day: i64) -> NaiveDate {
    chrono::DateTime::from_timestamp(day * 86_400, 0)
        .unwrap_or_default()
        .date_naive()
}

fn epoch_day(date: NaiveDate) -> i64 {
    date.signed_duration_since(NaiveDate::default()).num_days()
}
