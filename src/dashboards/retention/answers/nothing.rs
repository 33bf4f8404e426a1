//! Where nothing was, words say so.

use super::*;
use crate::dashboards::claims::assert_in_words;

#[test]
fn nobody_who_came_back_is_none() {
    let options = RetentionOptions::default();
    let month = |active| LifecycleMonth {
        month: chrono::NaiveDate::default(),
        new: 0,
        active,
        at_risk: 10,
        dormant: 10,
        churned: 20,
        returned: 0,
    };
    for eligible in [12, 90] {
        let cell = CohortCell {
            cohort: None,
            period: 1,
            cohort_size: eligible,
            eligible,
            retained: 0,
            rate: Some(0.0),
            is_complete: true,
        };
        let rows = [cell];
        for said in [
            page(&rows, &[month(0)], &options),
            cohorts(&rows, &[], "", &options),
        ] {
            let said = said.unwrap();
            assert!(said.starts_with("None of "), "{said}");
            assert_in_words(&said);
        }
    }
    let as_of = "1970-01-31".parse().unwrap();
    let said = lifecycle(&[month(0)], &[month(20)], as_of).unwrap();
    assert_eq!(
        said,
        "None of 40 people are new or active; nobody came back in January 1970."
    );
    let revenue_cell = RevenueCell {
        cohort: None,
        month: 3,
        customers: 40,
        base_cents: 100_000,
        retained_cents: 0,
        kept_cents: 0,
        nrr: Some(0.0),
        grr: Some(0.0),
        is_complete: true,
    };
    assert_eq!(
        revenue(&[revenue_cell]).unwrap(),
        "After 3 months, nothing is left of what the customer cohorts paid."
    );
}
