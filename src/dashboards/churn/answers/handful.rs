//! No claims from a handful.

use super::*;
use crate::results::churn::ScoreBin;

fn evaluation(customers: i64, churned: i64) -> Evaluation {
    let bins: Vec<ScoreBin> = (0..10)
        .map(|place| ScoreBin {
            permille: place * 100,
            customers,
            churned: if place > 6 { churned } else { 0 },
            probability_sum: customers as f64 * 0.1,
            mrr_cents: 100_000,
            churned_mrr_cents: 10_000,
            snapshots: 1,
            independent: customers as f64,
        })
        .collect();
    Evaluation::new(&bins).unwrap()
}

#[test]
fn few_customers_judge_no_model() {
    let few = evaluation(4, 2);
    assert_eq!(
        roc(&few, None).unwrap(),
        "Only 6 customers churned: too few to judge how well the model ranks them."
    );
    assert_eq!(
        calibration(&few).unwrap(),
        "Too few customers to judge: a decile has 4."
    );
    assert!(lift(&few).unwrap().starts_with("Only 6 customers churned"));
    let many = evaluation(100, 40);
    assert!(
        roc(&many, None)
            .unwrap()
            .starts_with("A customer who churned")
    );
    assert!(
        calibration(&many)
            .unwrap()
            .starts_with("For the riskiest customers")
    );
    assert_eq!(
        lift(&many).unwrap(),
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
        health_fate(&[row(10, 4, 3), row(80, 9, 0)], None).unwrap(),
        "Too few customers to compare: the largest group has 9."
    );
    // No outcome is known before 90 days have passed; that nobody left is another thing.
    assert_eq!(health_fate(&[], None), None);
    assert_eq!(
        health_fate(&[row(10, 40, 0), row(80, 60, 0)], None).unwrap(),
        "None of the 100 scores was followed by churn within 90 days."
    );
    let rows = [
        row(0, 3, 3),
        row(20, 100, 40),
        row(80, 200, 10),
        row(90, 5, 5),
    ];
    let said = health_fate(&rows, Some(&evaluation(100, 40))).unwrap();
    assert!(
        said.contains("40.0% churned within 90 days") && said.contains("5.0% did"),
        "{said}"
    );
}

/// Hanley and McNeil (1982), table III: an area of .893 from 51 and 58 has a standard error of .032.
#[test]
fn the_error_of_an_area_is_as_published() {
    assert!((auc_error(0.893, 51, 58) - 0.032).abs() < 1e-3);
}
