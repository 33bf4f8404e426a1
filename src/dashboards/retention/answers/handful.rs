//! No claims from a handful.

use super::*;

fn points(of: &[(&str, i64, i64)]) -> Vec<SegmentPeriod> {
    of.iter()
        .map(|(segment, eligible, retained)| SegmentPeriod {
            segment: (*segment).to_owned(),
            period: 1,
            eligible: *eligible,
            retained: *retained,
            rate: Some(*retained as f64 / *eligible as f64),
        })
        .collect()
}

fn said(of: &[(&str, i64, i64)]) -> String {
    by_segment(&points(of), &RetentionOptions::default()).unwrap()
}

/// "Paid social keeps 0.0%", of four people.
#[test]
fn segments_of_few_people_are_not_compared() {
    assert_eq!(
        said(&[("direct", 14, 9), ("paid_social", 4, 0)]),
        "Too few people to compare: the largest segment has 14."
    );
    assert_eq!(
        said(&[
            ("direct", 100, 50),
            ("email", 100, 20),
            ("paid_social", 4, 0)
        ]),
        "Direct retains best, 50.0% in month 1; Email retains 20.0%."
    );
    assert_eq!(
        said(&[("direct", 50, 25), ("email", 50, 22)]),
        "No clear difference: in month 1 each segment retains 44.0% to 50.0%."
    );
    assert_eq!(
        said(&[("direct", 50, 25), ("email", 50, 22), ("paid_social", 4, 0)]),
        "No clear difference: in month 1 each larger segment retains 44.0% to 50.0%."
    );
}

#[test]
fn cohorts_of_few_people_have_no_rate() {
    let cell = |cohort: Option<u32>, eligible, retained| CohortCell {
        cohort: cohort.and_then(|month| chrono::NaiveDate::from_ymd_opt(2025, month, 1)),
        period: 1,
        cohort_size: eligible,
        eligible,
        retained,
        rate: Some(retained as f64 / eligible as f64),
        is_complete: true,
    };
    let options = RetentionOptions::default();
    let few = [cell(None, 12, 4)];
    let unit = options.grain.key();
    assert_eq!(
        cohorts(&few, &[], "", &options).unwrap(),
        format!("4 of 12 people came back in {unit} 1: too few people for a rate.")
    );
    assert!(
        page(&few, &[], &options)
            .unwrap()
            .ends_with("too few people for a rate.")
    );
    let young = [
        cell(None, 90, 40),
        cell(Some(1), 30, 12),
        cell(Some(2), 30, 13),
        cell(Some(3), 30, 15),
    ];
    let said = cohorts(&young, &[], "", &options).unwrap();
    assert!(
        said.contains("is not clearly different from the oldest"),
        "{said}"
    );
}

/// Headlines of 22 people moved by five points with each of them.
#[test]
fn headlines_of_fewer_than_a_hundred_carry_their_counts() {
    let cell = |eligible, retained| CohortCell {
        cohort: None,
        period: 1,
        cohort_size: eligible,
        eligible,
        retained,
        rate: Some(retained as f64 / eligible as f64),
        is_complete: true,
    };
    let month = LifecycleMonth {
        month: chrono::NaiveDate::default(),
        new: 2,
        active: 8,
        at_risk: 10,
        dormant: 10,
        churned: 10,
        returned: 0,
    };
    let options = RetentionOptions::default();
    let unit = options.grain.key();
    assert_eq!(
        page(&[cell(22, 5)], &[month], &options).unwrap(),
        format!(
            "22.7% of new users (5 of 22) come back in {unit} 1; 25.0% of people who ever signed up (10 of 40) are new or were active in the last 14 days."
        )
    );
    assert_eq!(
        page(&[cell(1_000, 231)], &[], &options).unwrap(),
        format!("23.1% of new users come back in {unit} 1.")
    );
}
