//! Where nothing was, words say so.

use super::*;
use crate::dashboards::claims::assert_in_words;

fn bins(percent: i64, customers: i64) -> [RiskBin; 1] {
    [RiskBin {
        snapshot: chrono::NaiveDate::default(),
        percent,
        customers,
        mrr_cents: 100_000,
        expected_cents: 5_000.0,
    }]
}

#[test]
fn nobody_at_the_threshold_is_none() {
    let terms = Terms::default();
    for customers in [8, 80] {
        let bins = bins(1, customers);
        for said in [page(&bins, &terms, false), risk(&bins, &terms)] {
            assert_in_words(&said.unwrap());
        }
    }
    assert_eq!(
        risk(&bins(1, 80), &terms).unwrap(),
        "Half of the 80 customers have a risk below 2%. None reaches the threshold."
    );
    let plan = PlanRisk {
        plan: "starter".to_owned(),
        customers: 80,
        mrr_cents: 100_000,
        expected_cents: 100.0,
        flagged_customers: 0,
        flagged_cents: 0,
    };
    let said = mrr_at_risk(&[plan]).unwrap();
    assert!(
        said.starts_with("None of $1.00k MRR belongs to customers at or above the threshold;"),
        "{said}"
    );
    assert_in_words(&said);
}

#[test]
fn nobody_warned_healthy_or_at_risk_is_none() {
    let left = |days| LeadTime {
        days,
        churned: 40,
        mrr_cents: 1_000,
    };
    assert_eq!(
        lead_time(&[left(None)]).unwrap(),
        "None of 40 customers who churned was flagged in advance."
    );
    let one = LeadTime {
        churned: 1,
        ..left(None)
    };
    assert_eq!(
        lead_time(&[one]).unwrap(),
        "The one customer who churned was not flagged in advance."
    );
    assert_in_words(&lead_time(&[left(Some(0))]).unwrap());
    let bin = |status: &str| HealthBin {
        points: 50,
        status: status.to_owned(),
        customers: 40,
        mrr_cents: 0,
    };
    assert_eq!(
        health(&[bin("neutral")]).unwrap(),
        "None of 40 customers are healthy. None is at risk."
    );
}
