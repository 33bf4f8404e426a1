//! No claims from a handful.

use chrono::NaiveDate;

use super::super::tiles::{TILES, kpi};
use super::*;
use crate::dashboards::compared::Against;

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

fn month(users: i64, launched_share: Option<f64>) -> AdoptionMonth {
    AdoptionMonth {
        month: NaiveDate::from_ymd_opt(2025, 11, 1).unwrap(),
        users,
        stickiness: 0.25,
        features: 3.0,
        power_share: 0.5,
        launched_share,
    }
}

fn weeks(of: &[(i64, i64)]) -> Vec<FeatureWeek> {
    let monday = NaiveDate::from_ymd_opt(2025, 10, 6).unwrap();
    let week = |(place, (users, active_users)): (usize, &(i64, i64))| FeatureWeek {
        week: monday + chrono::Days::new(7 * place as u64),
        feature: "Dashboards".to_owned(),
        category: "core".to_owned(),
        users: *users,
        active_users: *active_users,
        rate: *users as f64 / *active_users as f64,
    };
    of.iter().enumerate().map(week).collect()
}

/// "13.2% of them" stood behind a sentence on weekly users, and was of the month's.
#[test]
fn each_share_of_the_headline_names_its_whole() {
    let as_of = NaiveDate::from_ymd_opt(2025, 11, 30).unwrap();
    let weeks = weeks(&[(10, 40), (20, 40), (20, 40), (20, 40), (20, 40)]);
    assert_eq!(
        page(&[month(53, Some(7.0 / 53.0))], &weeks, as_of).unwrap(),
        "November 2025: 25.0% of the month’s 53 users are active on an average day; \
         13.2% of users active in the month (7 of 53) used the newest feature; \
         Dashboards is the most used feature, by 50.0% of weekly active users on average over the last four weeks."
    );
    let few = page(&[month(8, Some(0.375))], &[], as_of).unwrap();
    assert_eq!(
        few,
        "November 2025: 8 active users; 3 of 8 users active in the month used the newest feature."
    );
}

#[test]
fn the_weekly_share_says_that_it_is_a_mean_and_what_a_handful_did_is_no_beginning() {
    let said = over_time(&weeks(&[(1, 4), (20, 40), (20, 40), (20, 40), (20, 40)])).unwrap();
    assert_eq!(
        said,
        "Dashboards leads: on average over the last four weeks, 50.0% of weekly active users used it."
    );
    let said = over_time(&weeks(&[(10, 40), (10, 40), (20, 40)])).unwrap();
    assert!(said.contains("over the last three weeks"), "{said}");
    let grown = [(4, 40), (4, 40), (4, 40), (4, 40), (20, 40)];
    assert!(
        over_time(&weeks(&grown))
            .unwrap()
            .contains("Dashboards gained the most")
    );
}

/// "Can't lose" was led with for 5 of 54.
#[test]
fn a_segment_of_a_handful_makes_no_claim() {
    let row = |segment: &str, customers, mrr_cents| RfmSegment {
        segment: segment.to_owned(),
        customers,
        mrr_cents,
        recency_days: 1.0,
        frequency_days: 1.0,
        monetary_cents: 1.0,
    };
    assert_eq!(
        rfm(&[row("loyal", 49, 40_000), row("cannot_lose", 5, 60_000)]).unwrap(),
        "The most MRR, 60.0%, comes from 5 of 54 customers (“Can’t lose”), too few to tell what such customers are worth."
    );
    assert_eq!(
        rfm(&[row("loyal", 49, 60_000), row("cannot_lose", 5, 40_000)]).unwrap(),
        "Loyal are 90.7% of customers (49 of 54) and bring 60.0% of MRR."
    );
    let many = rfm(&[row("loyal", 490, 60_000), row("cannot_lose", 50, 40_000)]).unwrap();
    assert!(
        many.contains("; 50 of the highest-paying customers have almost"),
        "{many}"
    );
}

#[test]
fn months_and_days_of_a_handful_have_no_rate() {
    let as_of = NaiveDate::from_ymd_opt(2025, 11, 30).unwrap();
    let sticky = StickinessMonth {
        month: NaiveDate::from_ymd_opt(2025, 11, 1).unwrap(),
        group: "everyone".to_owned(),
        active_days: 24,
        days: 30,
        users: 8,
        stickiness: 0.1,
    };
    assert_eq!(
        stickiness(&[sticky], &[], as_of).unwrap(),
        "Too few people for a rate: 8 were active in November 2025."
    );
    let days = [
        ActiveDays { days: 2, users: 5 },
        ActiveDays { days: 20, users: 3 },
    ];
    assert!(
        active_days(&days)
            .unwrap()
            .starts_with("3 of 8 active users came")
    );
}

/// "Casual return most often, 7.9%" stood beside a line of Power at 47%, of fewer than twenty people.
#[test]
fn the_only_group_of_enough_people_leads_nothing() {
    let as_of = NaiveDate::from_ymd_opt(2025, 11, 30).unwrap();
    let row = |group: &str, users: i64, rate: f64| StickinessMonth {
        month: NaiveDate::from_ymd_opt(2025, 11, 1).unwrap(),
        group: group.to_owned(),
        active_days: (rate * 30.0 * users as f64) as i64,
        days: 30,
        users,
        stickiness: rate,
    };
    let said = |groups: &[(&str, i64, f64)]| {
        let all = [("everyone", 60, 0.15)];
        let rows: Vec<_> = { all.iter().chain(groups) }
            .map(|(group, users, rate)| row(group, *users, *rate))
            .collect();
        stickiness(&rows, &[], as_of).unwrap()
    };
    let alone = "In November 2025, 15.0% of the month’s users were active on an average day";
    assert_eq!(
        said(&[("casual", 41, 0.079), ("power", 19, 0.47)]),
        format!("{alone}.")
    );
    assert_eq!(
        said(&[
            ("casual", 41, 0.079),
            ("regular", 30, 0.2),
            ("power", 19, 0.47)
        ]),
        format!("{alone}; Regular return most often of the larger groups, 20.0%.")
    );
    assert_eq!(
        said(&[("casual", 41, 0.079), ("power", 21, 0.47)]),
        format!("{alone}; Power return most often, 47.0%.")
    );
}

#[test]
fn the_only_segment_of_enough_people_stands_out_from_nobody() {
    let row = |segment: &str, users: i64, mrr_cents: f64| SegmentProfile {
        segment: segment.to_owned(),
        users,
        active_days: 5.0,
        core_actions: 5.0,
        events: 100.0,
        navigation: 0.2,
        analysis: 0.2,
        automation: 0.2,
        teamwork: 0.2,
        administration: 0.2,
        paying: 0.3,
        mrr_cents,
    };
    let said = segment_profiles(&[
        row("everyone", 50, 1_000.0),
        row("Casual users", 40, 500.0),
        row("Power users", 10, 3_000.0),
    ]);
    assert_eq!(
        said.unwrap(),
        "Only one segment has enough people to describe: Casual users, 40."
    );
}

#[test]
fn the_only_feature_of_enough_people_is_not_set_against_itself() {
    let row = |feature: &str, weeks: i64, adopters: i64, eligible: i64| FeatureAge {
        feature: feature.to_owned(),
        category: "core".to_owned(),
        weeks,
        adopters,
        eligible,
        rate: adopters as f64 / eligible as f64,
    };
    let rows = [
        row("Dashboards", 0, 10, 40),
        row("Dashboards", 12, 30, 40),
        row("Exports", 0, 0, 3),
        row("Exports", 12, 0, 3),
    ];
    assert_eq!(
        since_start(&rows).unwrap(),
        "Dashboards reaches 75.0% of eligible users within 12 weeks, 25.0% on the first day."
    );
}

/// "API lost most, −10.8 pp" was of 2 to 6 users a week among twelve features.
#[test]
fn what_gained_or_lost_by_chance_says_so() {
    let few = over_time(&weeks(&[
        (12, 48),
        (11, 47),
        (12, 50),
        (13, 49),
        (9, 48),
        (8, 47),
        (9, 50),
        (8, 49),
    ]));
    assert!(
        few.as_deref()
            .unwrap()
            .ends_with("lost most, −7.2\u{202f}pp, within chance."),
        "{few:?}"
    );
    let many = over_time(&weeks(
        &[(500, 1_000); 4]
            .into_iter()
            .chain([(300, 1_000); 4])
            .collect::<Vec<_>>(),
    ));
    assert!(
        many.as_deref()
            .unwrap()
            .ends_with("lost most, −20.0\u{202f}pp."),
        "{many:?}"
    );
}

/// On the first of a month everybody who came was there on every day of it.
#[test]
fn habits_are_not_told_of_a_months_first_days() {
    let months = [month(40, None)];
    let on = |day| NaiveDate::from_ymd_opt(2025, 11, day).unwrap();
    for tile in &TILES {
        let text = |day| kpi(tile, &months, Against::Nothing, on(day)).map(|kpi| kpi.text);
        let is_habit = ["stickiness", "power-users"].contains(&tile.id);
        assert_eq!(
            text(1).as_deref() == Some("–"),
            is_habit || tile.id == "newest-feature",
            "{}",
            tile.id
        );
        assert_ne!(
            text(30).as_deref() == Some("–"),
            tile.id != "newest-feature",
            "{}",
            tile.id
        );
    }
}
