//! No claims from a handful.

use super::super::evaluation::Evaluation;
use super::super::options::Terms;
use super::super::panels::{
    calibration, health, health_fate, health_parts, lead_time, lift, mrr_at_risk, risk, roc,
    threshold,
};
use super::super::sentence::page;
use super::{bin_of_health, bin_of_risk, left, plan};
use crate::results::churn::{HealthFate, HealthParts, ScoreBin};

/// Whether `said` has all of these parts and none of those.
fn check(said: Option<String>, has: &[&str], has_not: &[&str]) {
    let said = said.unwrap();
    assert!(has.iter().all(|part| said.contains(part)), "{said}");
    assert!(!has_not.iter().any(|part| said.contains(part)), "{said}");
}

fn evaluation(customers: i64, churned: i64) -> Evaluation {
    let bins = (0..10).map(|place| ScoreBin {
        permille: place * 100,
        customers,
        churned: if place > 6 { churned } else { 0 },
        probability_sum: customers as f64 * 0.1,
        mrr_cents: 100_000,
        churned_mrr_cents: 10_000,
        snapshots: 1,
        independent: customers as f64,
    });
    Evaluation::new(&bins.collect::<Vec<_>>()).unwrap()
}

#[test]
fn few_customers_judge_no_model() {
    let few = evaluation(4, 2);
    assert_eq!(
        roc::sentence(&few, None).unwrap(),
        "Only 6 customers churned: too few to judge how well the model ranks them."
    );
    assert_eq!(
        calibration::sentence(&few).unwrap(),
        "Too few customers to judge: a decile has 4."
    );
    check(lift::sentence(&few), &["Only 6 customers churned"], &[]);
    let many = evaluation(100, 40);
    check(roc::sentence(&many, None), &["A customer who churned"], &[]);
    check(
        calibration::sentence(&many),
        &["For the riskiest customers"],
        &[],
    );
    assert_eq!(
        lift::sentence(&many).unwrap(),
        "The riskiest 10% of customers contain 3.3 times as many churned customers as a random 10%; the riskiest 30% contain 100.0% of all of them."
    );
}

#[test]
fn health_is_judged_where_enough_customers_are() {
    let row = |points, customers: i32, churned: i32| HealthFate {
        points,
        customers: customers.into(),
        churned: churned.into(),
        share: f64::from(churned) / f64::from(customers),
        predicted: 0.1,
        lower: 0.0,
        upper: 1.0,
    };
    assert_eq!(
        health_fate::sentence(&[row(10, 4, 3), row(80, 9, 0)], None).unwrap(),
        "Too few customers to compare: the largest group has 9."
    );
    // No outcome is known before 90 days have passed; that nobody left is another thing.
    assert_eq!(health_fate::sentence(&[], None), None);
    assert_eq!(
        health_fate::sentence(&[row(10, 40, 0), row(80, 60, 0)], None).unwrap(),
        "None of the 100 scores was followed by churn within 90 days."
    );
    let rows = [
        row(0, 3, 3),
        row(20, 100, 40),
        row(80, 200, 10),
        row(90, 5, 5),
    ];
    check(
        health_fate::sentence(&rows, Some(&evaluation(100, 40))),
        &["40.0% churned within 90 days", "5.0% did"],
        &[],
    );
}

/// Hanley and McNeil (1982), table III: an area of .893 from 51 and 58 has a standard error of .032.
#[test]
fn the_error_of_an_area_is_as_published() {
    assert!((health_fate::auc_error(0.893, 51, 58) - 0.032).abs() < 1e-3);
}

/// "Caught 37.5% of the customers who churned" was 3 of 8.
#[test]
fn a_threshold_of_a_handful_is_counted_and_not_the_best() {
    let terms = Terms::default();
    check(
        threshold::sentence(&evaluation(30, 2), &terms),
        &[
            "of the 6 customers who churned",
            ". Only 6 customers churned: too few to name a best threshold.",
        ],
        &["best of any", "The best"],
    );
    check(
        threshold::sentence(&evaluation(100, 40), &terms),
        &["% of the customers who churned"],
        &["too few"],
    );
}

/// "Trend differs most" was said of 5 people.
#[test]
fn parts_of_health_are_compared_where_enough_customers_are() {
    let row = |status: &str, customers| HealthParts {
        status: status.to_owned(),
        customers,
        recency: 10.0,
        frequency: 10.0,
        value: 10.0,
        trend: if status == "healthy" { 15.0 } else { 3.0 },
        trouble: 10.0,
    };
    let said = |at_risk| health_parts::sentence(&[row("healthy", 40), row("at_risk", at_risk)]);
    assert_eq!(
        said(5).unwrap(),
        "Too few customers to compare: 5 at risk, 40 healthy."
    );
    check(said(25), &["Trend differs most"], &[]);
}

#[test]
fn shares_of_a_handful_of_customers_are_counted() {
    let warned =
        |never, flagged| lead_time::sentence(&[left(None, never), left(Some(30), flagged)]);
    check(
        warned(5, 3),
        &["Of 8 customers who churned, 3 were flagged"],
        &[],
    );
    check(warned(50, 30), &["37.5% were flagged"], &[]);
    assert_eq!(
        health::sentence(&[bin_of_health("healthy", 3), bin_of_health("at_risk", 1)]).unwrap(),
        "3 of 4 customers are healthy. 1 is at risk, with $10 MRR."
    );
    check(
        mrr_at_risk::sentence(&[plan("starter", 8, 100.0, 2)]),
        &[],
        &["%", "most"],
    );
    // A plan of a handful may lose more.
    let plans = |of_many, of_few| {
        let plans = [
            plan("starter", 80, of_many, 2),
            plan("enterprise", 8, of_few, 2),
        ];
        mrr_at_risk::sentence(&plans)
    };
    check(plans(100.0, 900.0), &["50.0%"], &["most"]);
    check(
        plans(900.0, 100.0),
        &["Starter is expected to lose the most"],
        &[],
    );
    let risks = [bin_of_risk(40, 8)];
    check(page(&risks, 20, false), &[], &["of all MRR"]);
    check(
        risk::sentence(&risks, 20),
        &["Only 8 customers scored"],
        &[],
    );
}
