//! The page's headline figures, month by month.

use crate::dashboards::prelude::*;
use crate::results::adoption::AdoptionMonth;

/// A month's headline figures, oldest first, with the months that the range's are set against.
pub struct Headline;

impl Source for Headline {
    type Row = AdoptionMonth;
    type Options = ();
    const COMPARED_ON: Option<Basis> = None;

    fn sql(filters: &Filters, (): &()) -> String {
        let first = filters.first_month();
        let before = filters.compared().and(filters.month_before());
        let earliest = before.map_or(first, |month| month.min(first));
        statement!(
            "headline.sql",
            filters,
            earliest_month = earliest.to_string()
        )
    }
}
