//! Where nothing was, words say so.

use super::*;
use crate::dashboards::claims::assert_in_words;

#[test]
fn nobody_who_came_back_is_none() {
    let month = |active| states(NaiveDate::default(), [0, active, 10, 10, 20], 0);
    for eligible in [12, 90] {
        let rows = [cell(None, 1, eligible, 0)];
        for said in [of_page(&rows, &[month(0)]), of_cohorts(&rows)] {
            let said = said.unwrap();
            assert!(said.starts_with("None of "), "{said}");
            assert_in_words(&said);
        }
    }
    check(
        lifecycle::sentence(&[month(0)], &[month(20)], date("1970-01-31")),
        "None of 40 people are new or active; nobody came back in January 1970.",
    );
    check(
        revenue_cohorts::sentence(&[balance(3, 40, 0.0, 0.0)]),
        "After 3 months, nothing is left of what the customer cohorts paid.",
    );
}

#[test]
fn without_rows_nothing_is_said() {
    assert_eq!(of_page(&[], &[]), None);
    assert_eq!(of_cohorts(&[]), None);
    assert_eq!(survival::sentence(&[]), None);
}

/// Seventeen signups of October were drawn nowhere, and the file was empty.
#[test]
fn cohorts_too_young_for_a_rate_are_still_there() {
    check(
        of_cohorts(&[cell(None, 0, 17, 17)]),
        "No cohort is complete and has been observed for a whole month yet.",
    );
}
