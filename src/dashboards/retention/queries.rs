//! What the page asks the rollups of the modelled warehouse.

use chrono::{Datelike, NaiveDate};

use super::options::{CohortSpan, Grain, RetentionOptions};
use crate::state::filters::Filters;
use crate::state::statement::statement;

/// A curve goes on as long as one in this many of its people has been observed.
pub const LEAST_OBSERVED: i64 = 10;

/// The states of `int_user_lifecycle`, the liveliest first.
pub const STATES: [&str; 5] = ["new", "active", "at_risk", "dormant", "churned"];

/// How many of each cohort came back in each period, and of all cohorts together.
#[must_use]
pub fn cohorts(filters: &Filters, options: &RetentionOptions) -> String {
    let cohort = CohortSpan::of(options.grain, filters);
    let (most_cohorts, last_period) = options.grain.shown();
    statement!(
        "panels/cohorts.sql",
        filters,
        grain = options.grain.key(),
        days_in_period = options.grain.days(),
        observed = observed(filters, options),
        came_back = came_back(filters, options),
        cohort = cohort.key(),
        cohort_length = cohort.length(),
        most_cohorts = most_cohorts,
        last_period = last_period,
    )
}

/// How many people of each of the largest segments came back in each period.
#[must_use]
pub fn by_segment(filters: &Filters, options: &RetentionOptions) -> String {
    let (_, last_period) = options.grain.shown();
    statement!(
        "panels/retention-curves.sql",
        filters,
        by = options.by.key(),
        days_in_period = options.grain.days(),
        observed = observed(filters, options),
        came_back = came_back(filters, options),
        last_period = last_period,
        least_observed = LEAST_OBSERVED,
    )
}

/// SQL: people observed through the period.
fn observed(filters: &Filters, options: &RetentionOptions) -> String {
    statement!(
        "panels/observed.sql",
        filters,
        mode = options.mode.key(),
        days_in_period = options.grain.days(),
    )
}

/// SQL: those of them who came back.
pub(super) fn came_back(filters: &Filters, options: &RetentionOptions) -> String {
    statement!(
        "panels/came_back.sql",
        filters,
        mode = options.mode.key(),
        grain = options.grain.key(),
        days_in_period = options.grain.days(),
        observed = observed(filters, options),
    )
}

/// Kaplan and Meier's estimate for each plan that runs of paid periods began on.
#[must_use]
pub fn survival(filters: &Filters) -> String {
    statement!("panels/survival.sql", filters)
}

/// How many people were in each state at each month's end.
#[must_use]
pub fn lifecycle(filters: &Filters) -> String {
    statement!(
        "panels/lifecycle.sql",
        filters,
        states = STATES.to_vec(),
        last_month_index = month_index(filters.as_of()),
    )
}

/// What the customers of each cohort still pay, and of all cohorts together.
#[must_use]
pub fn revenue(filters: &Filters) -> String {
    let as_of = filters.as_of();
    let tomorrow = as_of.succ_opt().unwrap_or(as_of);
    statement!(
        "panels/revenue-cohorts.sql",
        filters,
        cohort = CohortSpan::of(Grain::Month, filters).key(),
        last_month_index = month_index(as_of),
        last_whole_month_index = month_index(tomorrow) - 1,
    )
}

/// Months since January 2000, as rollups count them.
pub(super) fn month_index(day: NaiveDate) -> i32 {
    (day.year() - 2000) * 12 + day.month0() as i32
}

#[cfg(test)]
mod tests;
