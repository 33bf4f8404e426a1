//! The customers that the churn model scored: parts of the statements of several panels.

use crate::state::filters::Filters;
use crate::state::statement::statement;

/// SQL of the CTE `list`: the customers to call, with their risk.
#[must_use]
pub fn list(filters: &Filters) -> String {
    statement!("list.sql", filters)
}

/// SQL of the CTE `holdout`: customers whom the model did not see, with their risk and outcome.
#[must_use]
pub fn holdout(filters: &Filters) -> String {
    statement!("holdout.sql", filters)
}

/// SQL of the number of independent customers behind the rows of a CTE `by_customer`.
#[must_use]
pub fn independent_customers(filters: &Filters) -> String {
    statement!("independent_customers.sql", filters)
}

/// SQL of the list's customers, as readers see them.
#[must_use]
pub fn list_rows(filters: &Filters) -> String {
    let list = list(filters);
    statement!("scored_rows.sql", filters, scored = list, source = "list")
}

/// SQL of the hold-out's customers, as readers see them.
#[must_use]
pub fn holdout_rows(filters: &Filters) -> String {
    let holdout = holdout(filters);
    statement!(
        "scored_rows.sql",
        filters,
        scored = holdout,
        source = "holdout"
    )
}
