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

/// "Caught 37.5% of the customers who churned" was 3 of 8.
#[test]
fn a_threshold_of_a_handful_is_counted_and_not_the_best() {
    let terms = Terms::default();
    let said = threshold(&evaluation(30, 2), &terms).unwrap();
    assert!(said.contains("of the 6 customers who churned"), "{said}");
    assert!(
        said.ends_with("Only 6 customers churned: too few to name a best threshold."),
        "{said}"
    );
    assert!(
        !said.contains("best of any") && !said.contains("The best"),
        "{said}"
    );
    let said = threshold(&evaluation(100, 40), &terms).unwrap();
    assert!(said.contains("% of the customers who churned"), "{said}");
    assert!(!said.contains("too few"), "{said}");
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
    assert_eq!(
        health_parts(&[row("healthy", 40), row("at_risk", 5)]).unwrap(),
        "Too few customers to compare: 5 at risk, 40 healthy."
    );
    let said = health_parts(&[row("healthy", 40), row("at_risk", 25)]).unwrap();
    assert!(said.starts_with("Trend differs most"), "{said}");
}

#[test]
fn shares_of_a_handful_of_customers_are_counted() {
    let left = |days, churned| LeadTime {
        days,
        churned,
        mrr_cents: 1_000,
    };
    let said = lead_time(&[left(None, 5), left(Some(30), 3)]).unwrap();
    assert!(
        said.starts_with("Of 8 customers who churned, 3 were flagged"),
        "{said}"
    );
    let said = lead_time(&[left(None, 50), left(Some(30), 30)]).unwrap();
    assert!(said.contains("37.5% were flagged"), "{said}");
    let bin = |status: &str, customers| HealthBin {
        points: 50,
        status: status.to_owned(),
        customers,
        mrr_cents: 1_000,
    };
    let said = health(&[bin("healthy", 3), bin("at_risk", 1)]).unwrap();
    assert_eq!(
        said,
        "3 of 4 customers are healthy. 1 is at risk, with $10 MRR."
    );
    let plan = |plan: &str, customers, expected_cents| PlanRisk {
        plan: plan.to_owned(),
        customers,
        mrr_cents: 1_000,
        expected_cents,
        flagged_customers: 2,
        flagged_cents: 500,
    };
    let said = mrr_at_risk(&[plan("starter", 8, 100.0)]).unwrap();
    assert!(!said.contains('%') && !said.contains("most"), "{said}");
    // A plan of a handful may lose more.
    let said = mrr_at_risk(&[plan("starter", 80, 100.0), plan("enterprise", 8, 900.0)]).unwrap();
    assert!(said.contains("50.0%") && !said.contains("most"), "{said}");
    let said = mrr_at_risk(&[plan("starter", 80, 900.0), plan("enterprise", 8, 100.0)]).unwrap();
    assert!(
        said.contains("Starter is expected to lose the most"),
        "{said}"
    );
    let risks = [RiskBin {
        snapshot: chrono::NaiveDate::default(),
        percent: 40,
        customers: 8,
        mrr_cents: 1_000,
        expected_cents: 400.0,
    }];
    assert!(
        !page(&risks, &Terms::default(), false)
            .unwrap()
            .contains("of all MRR")
    );
    assert!(
        risk(&risks, &Terms::default())
            .unwrap()
            .starts_with("Only 8 customers scored")
    );
}
