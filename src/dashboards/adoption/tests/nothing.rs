//! Where nothing was, words say so.

use chrono::NaiveDate;

use super::*;
use crate::dashboards::claims::assert_in_words;

#[test]
fn what_nobody_used_is_said() {
    let as_of = NaiveDate::from_ymd_opt(2025, 11, 30).unwrap();
    let month = |users| AdoptionMonth {
        month: NaiveDate::from_ymd_opt(2025, 11, 1).unwrap(),
        users,
        stickiness: 0.25,
        features: 1.0,
        power_share: 0.0,
        launched_share: Some(0.0),
    };
    let weeks = [FeatureWeek {
        week: NaiveDate::from_ymd_opt(2025, 11, 3).unwrap(),
        feature: "Dashboards".to_owned(),
        category: "core".to_owned(),
        users: 0,
        active_users: 40,
        rate: 0.0,
    }];
    assert_eq!(
        page(&[month(0)], &weeks, as_of).unwrap(),
        "November 2025: nobody was active."
    );
    let said = page(&[month(8)], &weeks, as_of).unwrap();
    assert!(said.ends_with("nobody used the newest feature."), "{said}");
    assert_eq!(
        over_time(&weeks).unwrap(),
        "No feature was used in the last week."
    );
    let group = FeatureGroup {
        feature: "Dashboards".to_owned(),
        group: "everyone".to_owned(),
        users: 0,
        active_users: 40,
        rate: 0.0,
    };
    let rows = [group];
    assert_eq!(
        feature_groups(&rows, &rows, "the 28 days before").unwrap(),
        "No feature is used by active users."
    );
    for users in [5, 500] {
        let said = active_days(&[ActiveDays { days: 1, users }]).unwrap();
        assert!(said.starts_with("None of "), "{said}");
        assert_in_words(&said);
    }
}
