//! What the page says of a handful, and of nothing.

use chrono::{Days, NaiveDate};

use super::panels::{
    adoption_curves, adoption_curves_since_start, feature_groups, power_users, rfm,
    segment_profiles, stickiness,
};
use super::sentence;
use crate::components::format::THIN_SPACE;
use crate::results::adoption::{AdoptionMonth, FeatureGroup, FeatureWeek};

mod handful;
mod nothing;

fn check(said: Option<String>, expected: &str) {
    assert_eq!(said.unwrap().replace(THIN_SPACE, " "), expected);
}

/// Checks part of a sentence: `…` stands for what is left out before or after it.
fn check_part(said: Option<String>, expected: &str) {
    let said = said.unwrap().replace(THIN_SPACE, " ");
    let is_said = match (expected.strip_prefix('…'), expected.strip_suffix('…')) {
        (Some(end), None) => said.ends_with(end),
        (None, Some(start)) => said.starts_with(start),
        _ => said.contains(expected.trim_matches('…')),
    };
    assert!(is_said, "{said}");
}

fn in_november(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 11, day).unwrap()
}

/// November of some users.
fn month(users: i64, launched_share: Option<f64>) -> AdoptionMonth {
    AdoptionMonth {
        month: in_november(1),
        users,
        stickiness: 0.25,
        features: 3.0,
        power_share: 0.5,
        launched_share,
    }
}

/// Weeks of Dashboards: its users, and those active.
fn weeks(of: &[(i64, i64)]) -> Vec<FeatureWeek> {
    let monday = NaiveDate::from_ymd_opt(2025, 10, 6).unwrap();
    let week = |(place, (users, active_users)): (usize, &(i64, i64))| FeatureWeek {
        week: monday + Days::new(7 * place as u64),
        feature: "Dashboards".to_owned(),
        category: "core".to_owned(),
        users: *users,
        active_users: *active_users,
        rate: *users as f64 / *active_users as f64,
    };
    of.iter().enumerate().map(week).collect()
}

/// Groups with their users of Dashboards, and those active.
fn groups(of: &[(&str, i64, i64)]) -> Vec<FeatureGroup> {
    let group = |(group, users, active_users): &(&str, i64, i64)| FeatureGroup {
        feature: "Dashboards".to_owned(),
        group: (*group).to_owned(),
        users: *users,
        active_users: *active_users,
        rate: *users as f64 / *active_users as f64,
    };
    of.iter().map(group).collect()
}
