//! What the page says when a link holds something that it cannot use.

use std::fmt;

use chrono::NaiveDate;

/// One part of a query that could not be used, and what was used in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The key as given, cut to a readable length.
    pub key: String,
    /// The value as given, cut to a readable length.
    pub given: String,
    /// Why it could not be used.
    pub reason: Reason,
    /// The text form of the value used in its place; empty when nothing was.
    pub used: String,
}

/// Why a part of a query could not be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// No such key.
    UnknownKey,
    /// The key stood before in the same query.
    Repeated,
    /// Not a number, date or option.
    Unreadable {
        /// What would have been readable.
        expected: String,
    },
    /// A number or date outside its range.
    OutOfRange {
        /// The range, written out.
        range: String,
    },
    /// A first day after the last one.
    Reversed {
        /// The last day.
        last: NaiveDate,
    },
    /// The link also holds another key that decides the same.
    Excluded {
        /// That key with its value.
        by: String,
    },
    /// A key of one page in the link of another.
    OtherPage {
        /// The pages that have it.
        pages: String,
    },
    /// Every channel weight is zero.
    EmptyMix,
}

impl Notice {
    /// A notice about untrusted text, which is cut to a readable length.
    #[must_use]
    pub fn new(key: &str, given: &str, reason: Reason, used: impl Into<String>) -> Self {
        Self {
            key: shorten(key),
            given: shorten(given),
            reason,
            used: used.into(),
        }
    }
}

const LONGEST: usize = 40;

/// Cuts untrusted text to what a notice can show.
fn shorten(text: &str) -> String {
    let mut short: String = text
        .chars()
        .map(|letter| {
            if letter.is_control() {
                '\u{fffd}'
            } else {
                letter
            }
        })
        .take(LONGEST)
        .collect();
    if text.chars().nth(LONGEST).is_some() {
        short.push('…');
    }
    short
}

impl fmt::Display for Notice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            key,
            given,
            reason,
            used,
        } = self;
        match reason {
            Reason::UnknownKey => write!(formatter, "“{key}” is not a parameter; it was left out."),
            Reason::Repeated => write!(
                formatter,
                "“{key}” is given more than once in the link; {used} was used and “{given}” left out."
            ),
            Reason::Unreadable { expected } => write!(
                formatter,
                "{key} = “{given}” is not {expected}; {used} was used instead."
            ),
            Reason::OutOfRange { range } => write!(
                formatter,
                "{key} = {given} lies outside {range}; {used} was used instead."
            ),
            Reason::Reversed { last } => write!(
                formatter,
                "{key} = {given} is later than to = {last}; {used} were used instead."
            ),
            Reason::Excluded { by } => write!(
                formatter,
                "{key} = {given} was left out, because the link also holds {by}."
            ),
            Reason::OtherPage { pages } => write!(
                formatter,
                "“{key}” belongs to {pages}; it was left out on this page."
            ),
            Reason::EmptyMix => write!(
                formatter,
                "All channel weights are zero, so nobody could sign up; the preset’s mix was used instead."
            ),
        }
    }
}
