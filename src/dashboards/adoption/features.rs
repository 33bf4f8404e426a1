//! Features: their colours, and the people behind a mark of one.

use chrono::NaiveDate;

use crate::components::theme::Theme;
use crate::dashboards::marks::PanelMark;
use crate::state::filters::{Dimension, Filters};
use crate::state::statement::statement;

/// What a row behind a mark is.
pub const USERS: (&str, &str) = ("user", "users");

/// The colour of what a feature is for, the same in every chart.
#[must_use]
pub fn category_colour(theme: &Theme, category: &str) -> &'static str {
    match category {
        "analysis" => theme.teal,
        "automation" => theme.blue,
        "teamwork" => theme.plum,
        "navigation" => theme.ochre,
        "administration" => theme.slate,
        _ => theme.other,
    }
}

/// A mark of the `users` who touched a feature on the days of a window; of those of a group, if one is given.
#[must_use]
pub fn touched(
    mark: PanelMark,
    users: i64,
    feature: &str,
    (from, to): (NaiveDate, NaiveDate),
    group: Option<(Dimension, &str)>,
    filters: &Filters,
) -> PanelMark {
    let (feature, filters) = (feature.to_owned(), filters.clone());
    let group = group.map(|(by, group)| (by, group.to_owned()));
    mark.counted(USERS, users, move || {
        statement!(
            "touched_rows.sql",
            &filters,
            feature = feature.as_str(),
            window_start = from.to_string(),
            window_end = to.to_string(),
            group_by = group.as_ref().map(|(by, _)| by.key()),
            group = group.as_ref().map(|(_, group)| group.as_str())
        )
    })
}

/// A mark of the `users` who took up a feature within some days of being able to.
#[must_use]
pub fn adopters(
    mark: PanelMark,
    users: i64,
    feature: &str,
    within_days: i64,
    filters: &Filters,
) -> PanelMark {
    let (feature, filters) = (feature.to_owned(), filters.clone());
    mark.counted(USERS, users, move || {
        statement!(
            "adopters_rows.sql",
            &filters,
            feature = feature.as_str(),
            within_days = within_days
        )
    })
}
