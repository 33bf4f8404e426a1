//! What may be said of few people (decision 0123).

use crate::components::format::{ValueFormat, share};
use crate::results::shares::{FEWEST_FOR_A_CLAIM, Share};

/// Opacity of what few people stand behind.
pub const PALE: f64 = 0.3;

/// Said instead of a comparison where no group has enough people: `Too few people to compare: the
/// largest segment has 14.`
#[must_use]
pub fn too_few(people: &str, group: &str, largest: i64) -> String {
    format!(
        "Too few {people} to compare: the largest {group} has {}.",
        ValueFormat::Count.full(largest as f64)
    )
}

/// Whether enough people stand behind a rate for a sentence to name it.
#[must_use]
pub const fn is_enough(people: i64) -> bool {
    people >= FEWEST_FOR_A_CLAIM
}

/// A share with its people, for a sentence that makes no claim: `3 of 14`.
#[must_use]
pub fn counts(of: Share) -> String {
    format!(
        "{} of {}",
        ValueFormat::Count.full(of.part as f64),
        ValueFormat::Count.full(of.whole as f64)
    )
}

/// A share's 95% interval for a tooltip: `12.1% to 19.4%`; `None` of nobody.
#[must_use]
pub fn interval(of: Share) -> Option<String> {
    of.interval().map(ends)
}

/// Both ends of an interval of a share: `12.1% to 19.4%`.
#[must_use]
pub fn ends([lower, upper]: [f64; 2]) -> String {
    let percent = |rate: f64| ValueFormat::Percent.full(rate);
    format!("{} to {}", percent(lower), percent(upper))
}

/// The range of several rates: `12% to 19%`.
#[must_use]
pub fn range(lowest: f64, highest: f64) -> String {
    format!("{} to {}", share(lowest), share(highest))
}
