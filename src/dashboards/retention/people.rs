//! Who came back, and what is shown of the people behind a mark: parts of several panels' statements.

use super::options::RetentionOptions;
use crate::state::filters::Filters;
use crate::state::statement::statement;

/// What a row behind a mark is, and what many are.
pub(super) const PEOPLE: (&str, &str) = ("person", "people");

/// The condition of people observed through a period.
pub(super) fn observed(filters: &Filters, options: &RetentionOptions) -> String {
    statement!(
        "observed.sql",
        filters,
        mode = options.mode.key(),
        days_in_period = options.grain.days(),
    )
}

/// The condition of those of them who came back.
pub(super) fn came_back(filters: &Filters, options: &RetentionOptions) -> String {
    statement!(
        "came_back.sql",
        filters,
        mode = options.mode.key(),
        grain = options.grain.key(),
        days_in_period = options.grain.days(),
        observed = observed(filters, options),
    )
}

/// The rows behind a mark; `people` is a subquery of users.
pub(super) fn shown(filters: &Filters, people: String) -> String {
    statement!("people.sql", filters, people = people)
}
