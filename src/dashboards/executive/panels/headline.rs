//! The page's headline figures, month by month.

use super::super::HISTORY_MONTHS;
use crate::dashboards::declared::Source;
use crate::results::executive::HeadlineMonth;
use crate::state::filters::{Basis, Filters};
use crate::state::statement::statement;

/// Each month's headline figures up to the end of the range, oldest first. Active users are those of the month's
/// last day.
pub struct Headline;

impl Source for Headline {
    type Row = HeadlineMonth;
    type Options = ();
    const COMPARED_ON: Option<Basis> = None;

    fn sql(filters: &Filters, (): &()) -> String {
        let months_of = format!("rows.date_month <= date '{}'", filters.last_month());
        let movements = statement!(
            "movements.sql",
            filters,
            months_of = months_of,
            is_ordered = false
        );
        statement!(
            "headline.sql",
            filters,
            movements = movements,
            history_months = HISTORY_MONTHS
        )
    }
}
