//! Days of the calendar.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::MetricsError;

/// A day of the calendar, written as 2025-12-31.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(String);

impl Day {
    /// Reads a day.
    ///
    /// # Errors
    /// When the text is none.
    pub fn new(text: &str) -> Result<Self, MetricsError> {
        let part = |range: std::ops::Range<usize>| -> Option<u32> {
            let digits = text.get(range)?;
            let all = digits.bytes().all(|byte| byte.is_ascii_digit());
            all.then(|| digits.parse().ok()).flatten()
        };
        let is_shaped =
            text.len() == 10 && text.get(4..5) == Some("-") && text.get(7..8) == Some("-");
        let day = (part(0..4), part(5..7), part(8..10));
        match day {
            (Some(year), Some(month), Some(day)) if is_shaped && is_date(year, month, day) => {
                Ok(Self(text.to_owned()))
            }
            _ => Err(MetricsError::NotADay(text.to_owned())),
        }
    }

    /// As SQL.
    pub(crate) fn literal(&self) -> String {
        format!("date '{}'", self.0)
    }
}

fn is_date(year: u32, month: u32, day: u32) -> bool {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let last = match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        _ => 31,
    };
    (1..=12).contains(&month) && (1..=last).contains(&day)
}

impl TryFrom<String> for Day {
    type Error = MetricsError;

    fn try_from(text: String) -> Result<Self, MetricsError> {
        Self::new(&text)
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.0
    }
}

impl fmt::Display for Day {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn days_are_of_the_calendar() {
        for day in ["2024-02-29", "2025-12-31"] {
            assert_eq!(Day::new(day).unwrap().to_string(), day);
        }
        for text in [
            "2025-02-29",
            "2025-13-01",
            "2025-1-01",
            "2025-01-01'",
            "+025-01-01",
            "",
            "2025-00-10",
        ] {
            assert_eq!(Day::new(text), Err(MetricsError::NotADay(text.to_owned())));
        }
    }
}
