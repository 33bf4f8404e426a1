use chrono::NaiveDate;

use super::*;
use crate::components::format::THIN_SPACE;
use crate::dashboards::retention::options::Mode;
use crate::state::filters::Dimension;

fn check(sentence: Option<String>, expected: &str) {
    let plain = sentence.map(|text| text.replace(THIN_SPACE, " "));
    assert_eq!(plain.as_deref(), Some(expected));
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn month(number: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, number, 1).unwrap()
}

fn cell(cohort: Option<u32>, period: i64, eligible: i64, retained: i64) -> CohortCell {
    CohortCell {
        cohort: cohort.map(month),
        period,
        cohort_size: 100,
        is_complete: eligible == 100 || cohort.is_none(),
        eligible,
        retained,
        rate: (eligible > 0).then(|| retained as f64 / eligible as f64),
    }
}

#[test]
fn cohorts_are_told_apart_by_age() {
    let rows = vec![
        cell(None, 0, 300, 300),
        cell(None, 1, 300, 120),
        cell(Some(1), 1, 100, 30),
        cell(Some(2), 1, 100, 40),
        cell(Some(3), 1, 100, 50),
    ];
    let options = RetentionOptions::default();
    check(
        cohorts(&rows, &[], "", &options),
        "40.0% of 300 people were active on any day of the month in month 1; the newest third of \
         cohorts retains better than the oldest (+20.0 pp).",
    );
    let strict = RetentionOptions {
        mode: Mode::NDay,
        ..options
    };
    assert!(
        cohorts(&rows, &[], "", &strict)
            .unwrap()
            .contains("on the day the month starts")
    );
}

#[test]
fn the_page_says_no_more_than_is_known() {
    let rows = vec![cell(None, 1, 300, 120)];
    check(
        page(&rows, &[], &RetentionOptions::default()),
        "40.0% of new users come back in month 1.",
    );
    assert_eq!(page(&[], &[], &RetentionOptions::default()), None);
}

#[test]
fn segments_are_compared_where_all_have_people() {
    let point = |segment: &str, period, rate: f64| SegmentPeriod {
        segment: segment.to_owned(),
        period,
        eligible: 1_000,
        retained: (rate * 1_000.0) as i64,
        rate: Some(rate),
    };
    let rows = vec![
        point("1-10", 0, 1.0),
        point("1-10", 1, 0.35),
        point("1-10", 2, 0.3),
        point("1001+", 0, 1.0),
        point("1001+", 1, 0.5),
    ];
    let options = RetentionOptions {
        by: Dimension::Size,
        ..RetentionOptions::default()
    };
    check(
        by_segment(&rows, &options),
        "1001+ retains best, 50.0% in month 1; 1–10 retains 35.0%.",
    );
    let even = vec![point("direct", 1, 0.401), point("email", 1, 0.4)];
    assert!(
        by_segment(&even, &RetentionOptions::default())
            .unwrap()
            .starts_with("No clear difference")
    );
}

#[test]
fn survival_is_read_where_every_plan_is() {
    let step = |plan: &str, month, survival| SurvivalMonth {
        plan: plan.to_owned(),
        month,
        at_risk: 100,
        churned: 1,
        censored: 0,
        survival,
        lower: survival,
        upper: survival,
    };
    let rows = vec![
        step("enterprise", 0, 1.0),
        step("enterprise", 1, 0.9),
        step("starter", 0, 0.8),
        step("starter", 1, 0.45),
        step("starter", 2, 0.4),
    ];
    check(
        survival(&rows),
        "90.0% of Enterprise, 45.0% of Starter customers still pay after month 1; half of Starter \
         customers have left by month 1.",
    );
    assert_eq!(survival(&[]), None);
}

#[test]
fn states_add_up_to_everyone() {
    let row = |number, active, dormant| LifecycleMonth {
        month: month(number),
        new: 10,
        active,
        at_risk: 5,
        dormant,
        churned: 5,
        returned: 3,
    };
    let rows = [row(1, 30, 50), row(2, 50, 130)];
    check(
        lifecycle(&rows, &[], date("2025-02-28")),
        "60 of 200 people are new or active (30.0%), +50% on Jan 2025; 3 came back in February \
         2025.",
    );
    check(
        lifecycle(&rows, &[], date("2025-02-04")),
        "60 of 200 people are new or active (30.0%), +50% since 31 Jan 2025; 3 came back so far in \
         February 2025.",
    );
}

#[test]
fn revenue_is_read_after_a_year_or_as_far_as_is_known() {
    let row = |month, customers, nrr, grr| RevenueCell {
        cohort: None,
        month,
        customers,
        base_cents: 1_000,
        retained_cents: 0,
        kept_cents: 0,
        nrr: Some(nrr),
        grr: Some(grr),
        is_complete: true,
    };
    let rows = vec![
        row(0, 100, 1.0, 1.0),
        row(9, 60, 1.04, 0.8),
        row(12, 20, 2.0, 0.7),
    ];
    check(
        revenue(&rows),
        "After 9 months, NRR of the customer cohorts together is 104.0% and GRR 80.0%: \
         expansion makes up for churn.",
    );
}

/// Of 2, 2 and 5 customers the page said "100% still pay".
#[test]
fn survival_of_few_customers_makes_no_claim() {
    let step = |plan: &str, month, at_risk| SurvivalMonth {
        plan: plan.to_owned(),
        month,
        at_risk,
        churned: 0,
        censored: 0,
        survival: 1.0,
        lower: 0.4,
        upper: 1.0,
    };
    let few = vec![step("enterprise", 0, 2), step("enterprise", 1, 2)];
    check(
        survival(&few),
        "Too few customers to compare: the largest plan has 2.",
    );
    let one = vec![
        step("enterprise", 0, 2),
        step("enterprise", 1, 2),
        step("starter", 0, 200),
        step("starter", 1, 180),
    ];
    check(
        survival(&one),
        "100.0% of Starter customers still pay after month 1.",
    );
}

/// "After 0 months … expansion makes up for churn", over nine customers.
#[test]
fn revenue_of_few_or_new_customers_makes_no_claim() {
    let row = |month, customers| RevenueCell {
        cohort: None,
        month,
        customers,
        base_cents: 1_000,
        retained_cents: 1_000,
        kept_cents: 1_000,
        nrr: Some(1.0),
        grr: Some(1.0),
        is_complete: true,
    };
    check(
        revenue(&[row(0, 9)]),
        "No cohort has been observed for a whole month yet.",
    );
    check(
        revenue(&[row(0, 9), row(1, 8)]),
        "8 customers have been observed for 1 month: too few for a rate.",
    );
}

/// Seventeen signups of October were drawn nowhere, and the file was empty.
#[test]
fn cohorts_too_young_for_a_rate_are_still_there() {
    check(
        cohorts(
            &[cell(None, 0, 17, 17)],
            &[],
            "",
            &RetentionOptions::default(),
        ),
        "No cohort is complete and has been observed for a whole month yet.",
    );
    assert_eq!(cohorts(&[], &[], "", &RetentionOptions::default()), None);
}
