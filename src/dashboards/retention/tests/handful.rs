//! No claims from a handful.

use super::*;

/// "Paid social keeps 0.0%", of four people.
#[test]
fn segments_of_few_people_are_not_compared() {
    let check = |of: &[(&str, i64, i64)], expected: &str| {
        let points = of.iter();
        let points = points.map(|(segment, eligible, kept)| point(segment, 1, *eligible, *kept));
        super::check(of_segments(&points.collect::<Vec<_>>()), expected);
    };
    let few = ("paid_social", 4, 0);
    check(
        &[("direct", 14, 9), few],
        "Too few people to compare: the largest segment has 14.",
    );
    check(
        &[("direct", 100, 50), ("email", 100, 20), few],
        "Direct retains best, 50.0% in month 1; Email retains 20.0%.",
    );
    let alike = [("direct", 50, 25), ("email", 50, 22)];
    check(
        &alike,
        "No clear difference: in month 1 each segment retains 44.0% to 50.0%.",
    );
    check(
        &[alike[0], alike[1], few],
        "No clear difference: in month 1 each larger segment retains 44.0% to 50.0%.",
    );
}

#[test]
fn cohorts_of_few_people_have_no_rate() {
    let few = [cell(None, 1, 12, 4)];
    check(
        of_cohorts(&few),
        "4 of 12 people came back in month 1: too few people for a rate.",
    );
    check(
        of_page(&few, &[]),
        "4 of 12 new users came back in month 1: too few people for a rate.",
    );
    let young = [
        cell(None, 1, 90, 40),
        cell(Some(1), 1, 30, 12),
        cell(Some(2), 1, 30, 13),
        cell(Some(3), 1, 30, 15),
    ];
    let said = of_cohorts(&young).unwrap();
    assert!(
        said.contains("is not clearly different from the oldest"),
        "{said}"
    );
}

/// Headlines of 22 people moved by five points with each of them.
#[test]
fn headlines_of_fewer_than_a_hundred_carry_their_counts() {
    let month = states(month(1), [2, 8, 10, 10, 10], 0);
    check(
        of_page(&[cell(None, 1, 22, 5)], &[month]),
        "22.7% of new users (5 of 22) come back in month 1; 25.0% of people who ever signed up (10 of 40) are new or \
         were active in the last 14 days.",
    );
    check(
        of_page(&[cell(None, 1, 1_000, 231)], &[]),
        "23.1% of new users come back in month 1.",
    );
}

/// Of 2, 2 and 5 customers the page said "100% still pay".
#[test]
fn survival_of_few_customers_makes_no_claim() {
    let few = [0, 1].map(|month| spell("enterprise", month, 2, 1.0));
    check(
        survival::sentence(&few),
        "Too few customers to compare: the largest plan has 2.",
    );
    let many = [(0, 200), (1, 180)].map(|(month, at_risk)| spell("starter", month, at_risk, 1.0));
    check(
        survival::sentence(&[few, many].concat()),
        "100.0% of Starter customers still pay after month 1.",
    );
}

/// "After 0 months … expansion makes up for churn", over nine customers.
#[test]
fn revenue_of_few_or_new_customers_makes_no_claim() {
    let rows = [balance(0, 9, 1.0, 1.0), balance(1, 8, 1.0, 1.0)];
    check(
        revenue_cohorts::sentence(&rows[..1]),
        "No cohort has been observed for a whole month yet.",
    );
    check(
        revenue_cohorts::sentence(&rows),
        "8 customers have been observed for 1 month: too few for a rate.",
    );
}
