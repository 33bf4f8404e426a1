//! What the page asks the modelled warehouse.

use chrono::NaiveDate;

use crate::state::filters::{Basis, Dimension, Filters, WINDOW_DAYS};
use crate::state::statement::statement;

/// Weeks that curves since the first possible day run for.
pub const CURVE_WEEKS: u32 = 12;
/// Points of the map at most.
pub const MAP_POINTS: u32 = 3_000;

/// The first of the 28 days to the range's last one.
#[must_use]
pub fn window_start(filters: &Filters) -> NaiveDate {
    filters.span(Basis::Last28Days).0
}

/// A month's headline figures, oldest first, with the months that the range's are set against.
#[must_use]
pub fn headline(filters: &Filters) -> String {
    let first = filters.first_month();
    let before = filters.compared().and(filters.month_before());
    let earliest = before.map_or(first, |month| month.min(first));
    statement!(
        "panels/headline.sql",
        filters,
        earliest_month = earliest.to_string()
    )
}

/// Users of each feature over active users, for each whole week of the range, oldest first.
#[must_use]
pub fn curves_over_time(filters: &Filters) -> String {
    statement!("panels/adoption-curves.sql", filters)
}

/// Share of those who could have a feature and touched it within 0 to 12 weeks.
#[must_use]
pub fn curves_since_start(filters: &Filters) -> String {
    statement!(
        "panels/adoption-curves_since_start.sql",
        filters,
        curve_weeks = CURVE_WEEKS
    )
}

/// Users of each feature over active users of each group, and of everyone, in 28 days.
#[must_use]
pub fn feature_groups(filters: &Filters, by: Dimension) -> String {
    statement!(
        "panels/feature-groups.sql",
        filters,
        group_by = by.key(),
        window_start = window_start(filters).to_string()
    )
}

/// Mean daily over monthly active users, of each group and of everyone, oldest month first.
#[must_use]
pub fn stickiness(filters: &Filters, by: Dimension) -> String {
    statement!("panels/stickiness.sql", filters, group_by = by.key())
}

/// Users by the number of days on which they came, of the 28 days to the range's last one.
#[must_use]
pub fn active_days(filters: &Filters) -> String {
    statement!(
        "panels/power-users.sql",
        filters,
        window_days = WINDOW_DAYS,
        window_start = window_start(filters).to_string()
    )
}

/// How many of those who could have a feature took it up within some days, and how fast. Users for
/// whom those days have not passed yet are left out.
#[must_use]
pub fn time_to_adopt(filters: &Filters, within: u32) -> String {
    statement!("panels/time-to-adopt.sql", filters, within_days = within)
}

/// A fixed sample of the users whom the model put into segments.
#[must_use]
pub fn segment_map(filters: &Filters) -> String {
    statement!("panels/segment-map.sql", filters, map_points = MAP_POINTS)
}

/// What the users of each learned segment are like, and everyone, whom the model saw.
#[must_use]
pub fn segment_profiles(filters: &Filters) -> String {
    statement!("panels/segment-profiles.sql", filters)
}

/// Paying customers by RFM segment, the one with most recurring revenue first.
#[must_use]
pub fn rfm(filters: &Filters) -> String {
    statement!("panels/rfm.sql", filters)
}
