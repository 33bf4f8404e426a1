//! Words and marks of groups that several panels share.

use crate::components::format::{ValueFormat, words};
use crate::dashboards::claims::WITHIN_CHANCE;
use crate::results::shares::Share;

/// The group that everyone is in.
pub const EVERYONE: &str = "everyone";

/// A group's name on screen.
#[must_use]
pub fn group_name(group: &str) -> String {
    words(group)
}

/// A group of the rows, unless it is everyone.
#[must_use]
pub fn one_group(group: &str) -> Option<&str> {
    (group != EVERYONE).then_some(group)
}

/// A number of people, written out.
#[must_use]
pub fn count(value: i64) -> String {
    ValueFormat::Count.full(value as f64)
}

/// A difference of two shares, in percentage points.
#[must_use]
pub fn points(difference: f64) -> String {
    ValueFormat::Percent.difference(difference)
}

/// ", within chance" where the difference of two shares may be none.
#[must_use]
pub fn chance(now: Share, before: Share) -> String {
    if now.may_equal(before) {
        format!(", {WITHIN_CHANCE}")
    } else {
        String::new()
    }
}

/// A name as the key of a mark.
#[must_use]
pub fn key_of(text: &str) -> String {
    let plain = text.chars().map(|letter| match letter {
        letter if letter.is_ascii_alphanumeric() => letter.to_ascii_lowercase(),
        _ => '-',
    });
    plain.collect()
}
