//! What the page says when a link holds something that it cannot use.

use std::fmt;

use chrono::NaiveDate;

/// One part of a query that could not be used, and what is shown in its place.
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

impl Notice {
    /// What is wrong, without what was done about it and without a full stop.
    #[must_use]
    pub fn fault(&self) -> String {
        let Self { key, given, .. } = self;
        match &self.reason {
            Reason::UnknownKey => format!("“{key}” is not a parameter"),
            Reason::Repeated => format!("“{key}” is given more than once"),
            Reason::Unreadable { expected } => format!("{key} = “{given}” is not {expected}"),
            Reason::OutOfRange { range } => format!("{key} = {given} lies outside {range}"),
            Reason::Reversed { last } => format!("{key} = {given} is later than to = {last}"),
            Reason::Excluded { by } => {
                format!("{key} = {given} does not go together with {by}, which the link also holds")
            }
            Reason::OtherPage { pages } => format!("“{key}” belongs to {pages}"),
            Reason::EmptyMix => "All channel weights are zero, so nobody could sign up".to_owned(),
        }
    }
}

/// What is wrong with a link, and what is shown now.
impl fmt::Display for Notice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fault = self.fault();
        let Self {
            key, given, used, ..
        } = self;
        match &self.reason {
            Reason::UnknownKey => write!(formatter, "{fault}; it was left out."),
            Reason::Repeated => write!(
                formatter,
                "{fault} in the link; {used} was used and “{given}” left out."
            ),
            Reason::Unreadable { .. } | Reason::OutOfRange { .. } | Reason::Reversed { .. } => {
                write!(formatter, "{fault}; shown now: {used}.")
            }
            Reason::Excluded { by } => write!(
                formatter,
                "{key} = {given} was left out, because the link also holds {by}."
            ),
            Reason::OtherPage { .. } => {
                write!(formatter, "{fault}; it was left out on this page.")
            }
            Reason::EmptyMix => write!(formatter, "{fault}; shown now: the preset’s mix."),
        }
    }
}
