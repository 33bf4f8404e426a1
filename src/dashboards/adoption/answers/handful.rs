//! No claims from a handful.

use chrono::NaiveDate;

use super::*;

fn group(group: &str, users: i64, active_users: i64) -> FeatureGroup {
    FeatureGroup {
        feature: "Dashboards".to_owned(),
        group: group.to_owned(),
        users,
        active_users,
        rate: users as f64 / active_users as f64,
    }
}

#[test]
fn groups_differ_only_where_enough_people_show_it() {
    assert_eq!(
        feature_groups(&[group("everyone", 6, 14)], &[], "").unwrap(),
        "Too few people to compare: only 14 were active."
    );
    let said = feature_groups(
        &[
            group("everyone", 60, 130),
            group("starter", 30, 60),
            group("professional", 26, 60),
            group("enterprise", 0, 10),
        ],
        &[],
        "",
    );
    assert_eq!(
        said.unwrap(),
        "Dashboards is used by 46.2% of active users."
    );
    let said = feature_groups(
        &[
            group("everyone", 60, 130),
            group("starter", 50, 60),
            group("professional", 10, 60),
        ],
        &[],
        "",
    );
    assert!(said.unwrap().contains("groups differ most on Dashboards"));
}

#[test]
fn weeks_of_few_people_have_no_leader() {
    let week = |active_users| FeatureWeek {
        week: NaiveDate::from_ymd_opt(2025, 12, 1).unwrap(),
        feature: "Dashboards".to_owned(),
        category: "core".to_owned(),
        users: 5,
        active_users,
        rate: 5.0 / active_users as f64,
    };
    assert_eq!(
        over_time(&[week(9)]).unwrap(),
        "Too few people to compare: the largest week has 9."
    );
    assert_eq!(leader(&[week(9)]), None);
    assert!(
        over_time(&[week(90)])
            .unwrap()
            .starts_with("Dashboards leads")
    );
}
