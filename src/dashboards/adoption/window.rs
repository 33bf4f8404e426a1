//! The 28 days to the range's last one.

use chrono::NaiveDate;

use crate::components::format::day;
use crate::dashboards::fetched::Fetched;
use crate::dashboards::remarks::joined;
use crate::state::filters::{Basis, Filters};

/// The first and the last of the days.
#[must_use]
pub fn window(filters: &Filters) -> (NaiveDate, NaiveDate) {
    (filters.span(Basis::Last28Days).0, filters.to)
}

/// Says which days are meant, and, where the reader compares, which ones `mark` is of.
#[must_use]
pub fn caption<R>(fetched: &Fetched<R>, mark: &str) -> Option<String> {
    let before = fetched.compared();
    let before = before.map(|before| format!("{mark}: the 28 days {}.", from_to(&before)));
    joined([
        Some(format!("The 28 days {}.", from_to(&fetched.filters))),
        before,
    ])
}

fn from_to(filters: &Filters) -> String {
    let (from, to) = window(filters);
    format!("from {} to {}", day(from), day(to))
}
