//! No claims from a handful.

use chrono::NaiveDate;

use super::super::panels::{ltv_deciles, revenue_retention};
use crate::results::revenue::{LtvDecile, RetentionMonth};

#[test]
fn what_a_handful_of_customers_pay_is_no_rate() {
    let month: NaiveDate = "2025-11-01".parse().unwrap();
    let as_of = "2025-11-30".parse().unwrap();
    let row = |base_customers| RetentionMonth {
        month,
        nrr: Some(0.964),
        grr: Some(0.9),
        base_cents: 100_000,
        retained_cents: 96_400,
        base_customers,
    };
    assert_eq!(
        revenue_retention::sentence(&[row(11)], &[], as_of).unwrap(),
        "Too few customers for a rate: 11 paid a year before Nov 2025."
    );
    assert!(
        revenue_retention::sentence(&[row(40)], &[], as_of)
            .unwrap()
            .contains("96.4% of what they paid then")
    );
}

#[test]
fn deciles_of_a_handful_judge_no_model() {
    let decile = |decile, users: i64, cents: f64| LtvDecile {
        decile,
        users,
        mean_predicted_cents: cents,
        mean_actual_cents: cents,
        actual_cents: users * cents as i64,
    };
    assert_eq!(
        ltv_deciles::sentence(&[decile(1, 6, 1_000.0), decile(2, 7, 9_000.0)]).unwrap(),
        "Too few hold-out users to compare: the largest decile has 7."
    );
}
