//! No claims from a handful.

use chrono::NaiveDate;

use super::super::panels::{active_users, drivers, signups};
use crate::dashboards::executive::panels::active_users::AudienceDay;
use crate::dashboards::executive::panels::drivers::NorthStarDay;
use crate::dashboards::groups::Group;

fn channels(of: &[(&str, i64)]) -> Vec<Group> {
    let group = |(name, count): &(&str, i64)| Group {
        name: (*name).to_owned(),
        count: *count,
    };
    of.iter().map(group).collect()
}

/// What a handful did before is nothing to measure from, and equal counts have no change to judge: "±0.0% on the 65
/// days before, which is within chance".
#[test]
fn few_signups_lead_no_channel() {
    let check = |now: &[(&str, i64)], before: i64, expected: &str| {
        let before = channels(&[("email", before)]);
        let said = signups::sentence(&channels(now), &before, "the 7 days before");
        assert_eq!(said.unwrap(), expected);
    };
    check(
        &[("email", 1)],
        1,
        "1 signup: too few people to compare channels.",
    );
    check(
        &[("email", 30), ("partner", 9)],
        2,
        "Email brought 76.9% of 39 signups.",
    );
    check(
        &[("email", 37)],
        37,
        "Email brought 100.0% of 37 signups; overall, as many as in the 7 days before.",
    );
}

fn days(of: &[(i64, i64)]) -> Vec<AudienceDay> {
    let first = NaiveDate::from_ymd_opt(2025, 11, 1).unwrap();
    let day = |(place, (dau, mau)): (u64, &(i64, i64))| AudienceDay {
        date: first + chrono::Days::new(place),
        dau: Some(*dau),
        wau: Some(*dau),
        mau: Some(*mau),
        expected: None,
        lower: None,
        upper: None,
    };
    (0..).zip(of).map(day).collect()
}

/// 16.8% was said of people of whom 15.1% came on an average day: the mean of each day's share of its own
/// thirty days.
#[test]
fn the_average_day_is_a_share_of_the_people_named() {
    let mut of = vec![(10, 20); 20];
    of.extend([(40, 200); 20]);
    let said = active_users::sentence(&days(&of), &[]).unwrap();
    assert_eq!(
        said,
        "200 people were active in the last 30 days; on an average day 15.0% of them were."
    );
    // Fewer days are not those in which these people came.
    assert_eq!(
        active_users::sentence(&days(&of[20..]), &[]).unwrap(),
        "200 people were active in the last 30 days."
    );
}

/// "24 of 59 paying customers were active", of whom 36 had an event in the week.
#[test]
fn a_customer_with_a_core_action_is_not_called_active() {
    let day = NorthStarDay {
        date: NaiveDate::from_ymd_opt(2025, 12, 31).unwrap(),
        weekly_active_customers: 24,
        paying_customers: 59,
        customer_activity_rate: Some(24.0 / 59.0),
        new_customers: 5,
        reactivated_customers: 1,
        churned_customers: 4,
        transferred_customers: 0,
        signups: 40,
        new_customers_per_signup: Some(0.125),
        activation_rate: Some(0.4),
    };
    assert_eq!(
        drivers::sentence(std::slice::from_ref(&day)).unwrap(),
        "24 of 59 paying customers took a core action in the last week; in 28 days 6 joined or returned and 4 \
         churned, a net gain of 2."
    );
    let moved = |transferred_customers| NorthStarDay {
        transferred_customers,
        ..day.clone()
    };
    assert!(drivers::sentence(&[moved(-3)]).unwrap().ends_with(
        "6 joined or returned, 3 more went to other plans than came from them, and 4 churned, a net loss of 1."
    ));
    for driver in super::super::drivers::TREE.flatten() {
        assert!(!driver.label.contains("ctive"), "{}", driver.label);
    }
}

/// "New customers per signup +100.0 pp" was 2 of 2 after 0 of 5.
#[test]
fn changes_of_rates_say_how_sure_they_are() {
    let day = |new_customers: i64, signups: i64| NorthStarDay {
        date: NaiveDate::from_ymd_opt(2025, 12, 31).unwrap(),
        weekly_active_customers: 11,
        paying_customers: 15,
        customer_activity_rate: Some(11.0 / 15.0),
        new_customers,
        reactivated_customers: 0,
        churned_customers: 0,
        transferred_customers: 0,
        signups,
        new_customers_per_signup: Some(new_customers as f64 / signups as f64),
        activation_rate: None,
    };
    let tree = super::super::drivers::TREE.flatten();
    let told = |id: &str, now: &NorthStarDay, before: &NorthStarDay| {
        let node = tree.iter().find(|node| node.id == id).unwrap();
        node.change(now, before).unwrap().text
    };
    let of_a_handful = |id| told(id, &day(2, 2), &day(0, 5));
    assert_eq!(of_a_handful("customers-per-signup"), "too few to compare");
    let more = NorthStarDay {
        paying_customers: 18,
        customer_activity_rate: Some(11.0 / 18.0),
        ..day(2, 2)
    };
    assert_eq!(
        told("paying-customers", &more, &day(2, 2)),
        "too few to compare"
    );
    assert_eq!(
        told("customer-activity-rate", &more, &day(2, 2)),
        "too few to compare"
    );
    let of_many = told("customers-per-signup", &day(20, 100), &day(15, 100));
    assert!(of_many.ends_with(", within chance"), "{of_many}");
    let clear = told("customers-per-signup", &day(40, 100), &day(15, 100));
    assert!(!clear.contains("chance"), "{clear}");
}
