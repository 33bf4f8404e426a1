//! Time: grains and windows.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How long a period is; the finest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grain {
    /// A day.
    Day,
    /// A week, from Monday.
    Week,
    /// A month.
    Month,
    /// A quarter of a year.
    Quarter,
    /// A year.
    Year,
}

impl Grain {
    /// As SQL names it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    /// Whether every period of `self` lies in one period of `other`. Weeks lie in no month.
    #[must_use]
    pub fn divides(self, other: Self) -> bool {
        self <= other && (self != Self::Week || other == Self::Week)
    }

    /// The first day of a date's period, as SQL.
    #[must_use]
    pub(crate) fn start_of(self, date: &str) -> String {
        match self {
            Self::Day => format!("cast({date} as date)"),
            grain => format!("cast(date_trunc('{}', {date}) as date)", grain.name()),
        }
    }
}

impl fmt::Display for Grain {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Grain {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        [
            Self::Day,
            Self::Week,
            Self::Month,
            Self::Quarter,
            Self::Year,
        ]
        .into_iter()
        .find(|grain| grain.name() == text)
        .ok_or(())
    }
}

/// So many periods: `28 days`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Window {
    /// How many.
    pub count: u32,
    /// Of what.
    pub grain: Grain,
}

impl Window {
    /// As SQL.
    pub(crate) fn interval(self) -> String {
        // No engine lacks a quarter, but DuckDB's interval does.
        let (count, grain) = match self.grain {
            Grain::Quarter => (self.count * 3, Grain::Month),
            grain => (self.count, grain),
        };
        format!("interval {count} {}", grain.name())
    }
}

impl FromStr for Window {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (count, grain) = text.trim().split_once(' ').ok_or(())?;
        Ok(Self {
            count: count.parse().map_err(|_| ())?,
            grain: grain.trim().trim_end_matches('s').parse()?,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn windows_are_read() {
        let window = |text: &str| text.parse::<Window>().ok();
        let days = |count| {
            Some(Window {
                count,
                grain: Grain::Day,
            })
        };
        assert_eq!(window("28 days"), days(28));
        assert_eq!(window("1 day"), days(1));
        assert_eq!(window("a month"), None);
        assert_eq!(window("month"), None);
        let quarters: Window = "2 quarters".parse().unwrap();
        assert_eq!(quarters.interval(), "interval 6 month");
    }

    #[test]
    fn weeks_lie_in_no_month() {
        assert!(Grain::Day.divides(Grain::Week) && Grain::Month.divides(Grain::Quarter));
        assert!(!Grain::Week.divides(Grain::Month) && !Grain::Month.divides(Grain::Week));
    }
}
