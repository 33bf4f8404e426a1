//! No claims from a handful.

use super::super::tiles::{TILES, kpi};
use super::*;
use crate::dashboards::compared::Against;
use crate::results::adoption::{
    ActiveDays, FeatureAge, RfmSegment, SegmentProfile, StickinessMonth,
};

#[test]
fn groups_differ_only_where_enough_people_show_it() {
    let said = |of: &[(&str, i64, i64)]| feature_groups::sentence(&groups(of), &[], "");
    check(
        said(&[("everyone", 6, 14)]),
        "Too few people to compare: only 14 were active.",
    );
    check(
        said(&[
            ("everyone", 60, 130),
            ("starter", 30, 60),
            ("professional", 26, 60),
            ("enterprise", 0, 10),
        ]),
        "Dashboards is used by 46.2% of active users.",
    );
    check_part(
        said(&[
            ("everyone", 60, 130),
            ("starter", 50, 60),
            ("professional", 10, 60),
        ]),
        "…groups differ most on Dashboards…",
    );
}

#[test]
fn weeks_of_few_people_have_no_leader() {
    let few = weeks(&[(5, 9)]);
    check(
        adoption_curves::sentence(&few),
        "Too few people to compare: the largest week has 9.",
    );
    assert_eq!(adoption_curves::leader(&few), None);
    check_part(
        adoption_curves::sentence(&weeks(&[(5, 90)])),
        "Dashboards leads…",
    );
}

/// "13.2% of them" stood behind a sentence on weekly users, and was of the month's.
#[test]
fn each_share_of_the_headline_names_its_whole() {
    let weeks = weeks(&[(10, 40), (20, 40), (20, 40), (20, 40), (20, 40)]);
    check(
        sentence::page(&[month(53, Some(7.0 / 53.0))], &weeks, in_november(30)),
        "November 2025: 25.0% of the month’s 53 users are active on an average day; \
         13.2% of users active in the month (7 of 53) used the newest feature; \
         Dashboards is the most used feature, by 50.0% of weekly active users on average over the last four weeks.",
    );
    check(
        sentence::page(&[month(8, Some(0.375))], &[], in_november(30)),
        "November 2025: 8 active users; 3 of 8 users active in the month used the newest feature.",
    );
}

/// "API lost most, −10.8 pp" was of 2 to 6 users a week among twelve features.
#[test]
fn weekly_shares_are_means_and_what_a_handful_did_is_no_beginning() {
    let said = |of: &[(i64, i64)]| adoption_curves::sentence(&weeks(of));
    check(
        said(&[(1, 4), (20, 40), (20, 40), (20, 40), (20, 40)]),
        "Dashboards leads: on average over the last four weeks, 50.0% of weekly active users used it.",
    );
    check_part(
        said(&[(10, 40), (10, 40), (20, 40)]),
        "…over the last three weeks…",
    );
    check_part(
        said(&[(4, 40), (4, 40), (4, 40), (4, 40), (20, 40)]),
        "…Dashboards gained the most…",
    );
    let few = [
        (12, 48),
        (11, 47),
        (12, 50),
        (13, 49),
        (9, 48),
        (8, 47),
        (9, 50),
        (8, 49),
    ];
    check_part(said(&few), "…lost most, −7.2 pp, within chance.");
    let many = [[(500, 1_000); 4], [(300, 1_000); 4]];
    check_part(said(many.as_flattened()), "…lost most, −20.0 pp.");
}

/// "Can't lose" was led with for 5 of 54.
#[test]
fn a_segment_of_a_handful_makes_no_claim() {
    let row = |(segment, customers, mrr_cents): (&str, i64, i64)| RfmSegment {
        segment: segment.to_owned(),
        customers,
        mrr_cents,
        recency_days: 1.0,
        frequency_days: 1.0,
        monetary_cents: 1.0,
    };
    let said = |of: [(&str, i64, i64); 2]| rfm::sentence(&of.map(row));
    check(
        said([("loyal", 49, 40_000), ("cannot_lose", 5, 60_000)]),
        "The most MRR, 60.0%, comes from 5 of 54 customers (“Can’t lose”), too few to tell what such customers are worth.",
    );
    check(
        said([("loyal", 49, 60_000), ("cannot_lose", 5, 40_000)]),
        "Loyal are 90.7% of customers (49 of 54) and bring 60.0% of MRR.",
    );
    check_part(
        said([("loyal", 490, 60_000), ("cannot_lose", 50, 40_000)]),
        "…; 50 of the highest-paying customers have almost…",
    );
}

/// "Casual return most often, 7.9%" stood beside a line of Power at 47%, of fewer than twenty people.
#[test]
fn months_and_days_of_a_handful_have_no_rate_and_their_only_group_leads_nothing() {
    let row = |(group, users, rate): &(&str, i64, f64)| StickinessMonth {
        month: in_november(1),
        group: (*group).to_owned(),
        active_days: (rate * 30.0 * *users as f64) as i64,
        days: 30,
        users: *users,
        stickiness: *rate,
    };
    let said = |of: &[(&str, i64, f64)]| {
        let rows: Vec<StickinessMonth> = of.iter().map(row).collect();
        stickiness::sentence(&rows, &[], in_november(30))
    };
    check(
        said(&[("everyone", 8, 0.1)]),
        "Too few people for a rate: 8 were active in November 2025.",
    );
    let everyone = ("everyone", 60, 0.15);
    let (casual, regular) = (("casual", 41, 0.079), ("regular", 30, 0.2));
    let power = |users| ("power", users, 0.47);
    let alone = "In November 2025, 15.0% of the month’s users were active on an average day";
    check(said(&[everyone, casual, power(19)]), &format!("{alone}."));
    check(
        said(&[everyone, casual, regular, power(19)]),
        &format!("{alone}; Regular return most often of the larger groups, 20.0%."),
    );
    check(
        said(&[everyone, casual, power(21)]),
        &format!("{alone}; Power return most often, 47.0%."),
    );
    let days = [(2, 5), (20, 3)].map(|(days, users)| ActiveDays { days, users });
    check_part(power_users::sentence(&days), "3 of 8 active users came…");
}

#[test]
fn the_only_segment_of_enough_people_stands_out_from_nobody() {
    let row = |(segment, users, mrr_cents): (&str, i64, f64)| SegmentProfile {
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
    let rows = [
        ("everyone", 50, 1_000.0),
        ("Casual users", 40, 500.0),
        ("Power users", 10, 3_000.0),
    ];
    check(
        segment_profiles::sentence(&rows.map(row)),
        "Only one segment has enough people to describe: Casual users, 40.",
    );
}

#[test]
fn the_only_feature_of_enough_people_is_not_set_against_itself() {
    let row = |(feature, weeks, adopters, eligible): (&str, i64, i64, i64)| FeatureAge {
        feature: feature.to_owned(),
        category: "core".to_owned(),
        weeks,
        adopters,
        eligible,
        rate: adopters as f64 / eligible as f64,
    };
    let rows = [
        ("Dashboards", 0, 10, 40),
        ("Dashboards", 12, 30, 40),
        ("Exports", 0, 0, 3),
        ("Exports", 12, 0, 3),
    ];
    check(
        adoption_curves_since_start::sentence(&rows.map(row)),
        "Dashboards reaches 75.0% of eligible users within 12 weeks, 25.0% on the first day.",
    );
}

/// On the first of a month everybody who came was there on every day of it.
#[test]
fn habits_are_not_told_of_a_months_first_days() {
    let months = [month(40, None)];
    for tile in &TILES {
        let is_told = |day| {
            let kpi = kpi(tile, &months, Against::Nothing, in_november(day));
            kpi.is_some_and(|kpi| kpi.text != "–")
        };
        let is_habit = ["stickiness", "power-users"].contains(&tile.id);
        // Nothing was launched.
        let is_ever = tile.id != "newest-feature";
        assert_eq!(is_told(1), is_ever && !is_habit, "{}", tile.id);
        assert_eq!(is_told(30), is_ever, "{}", tile.id);
    }
}
