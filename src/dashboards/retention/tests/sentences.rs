//! What is said of enough people.

use super::*;
use crate::dashboards::retention::options::Mode;
use crate::state::filters::Dimension;

#[test]
fn cohorts_are_told_apart_by_age() {
    let rows = [
        cell(None, 0, 300, 300),
        cell(None, 1, 300, 120),
        cell(Some(1), 1, 100, 30),
        cell(Some(2), 1, 100, 40),
        cell(Some(3), 1, 100, 50),
    ];
    check(
        of_cohorts(&rows),
        "40.0% of 300 people were active on any day of the month in month 1; the newest third of \
         cohorts retains better than the oldest (+20.0 pp).",
    );
    let strict = RetentionOptions {
        mode: Mode::NDay,
        ..RetentionOptions::default()
    };
    let said = cohorts::sentence(&rows, &[], "", &strict).unwrap();
    assert!(said.contains("on the day the month starts"), "{said}");
    check(
        of_page(&rows[1..2], &[]),
        "40.0% of new users come back in month 1.",
    );
}

#[test]
fn segments_are_compared_where_all_have_people() {
    let rows = [
        point("1-10", 0, 1_000, 1_000),
        point("1-10", 1, 1_000, 350),
        point("1-10", 2, 1_000, 300),
        point("1001+", 0, 1_000, 1_000),
        point("1001+", 1, 1_000, 500),
    ];
    let options = RetentionOptions {
        by: Dimension::Size,
        ..RetentionOptions::default()
    };
    check(
        retention_curves::sentence(&rows, &options),
        "1001+ retains best, 50.0% in month 1; 1–10 retains 35.0%.",
    );
    let even = [
        point("direct", 1, 1_000, 401),
        point("email", 1, 1_000, 400),
    ];
    let said = of_segments(&even).unwrap();
    assert!(said.starts_with("No clear difference"), "{said}");
}

#[test]
fn survival_is_read_where_every_plan_is() {
    let rows = [
        spell("enterprise", 0, 100, 1.0),
        spell("enterprise", 1, 100, 0.9),
        spell("starter", 0, 100, 0.8),
        spell("starter", 1, 100, 0.45),
        spell("starter", 2, 100, 0.4),
    ];
    check(
        survival::sentence(&rows),
        "90.0% of Enterprise, 45.0% of Starter customers still pay after month 1; half of Starter \
         customers have left by month 1.",
    );
}

#[test]
fn states_add_up_to_everyone() {
    let rows = [(1, 30, 50), (2, 50, 130)]
        .map(|(number, active, dormant)| states(month(number), [10, active, 5, dormant, 5], 3));
    check(
        lifecycle::sentence(&rows, &[], date("2025-02-28")),
        "60 of 200 people are new or active (30.0%), +50% on Jan 2025; 3 came back in February \
         2025.",
    );
    check(
        lifecycle::sentence(&rows, &[], date("2025-02-04")),
        "60 of 200 people are new or active (30.0%), +50% since 31 Jan 2025; 3 came back so far in \
         February 2025.",
    );
}

#[test]
fn revenue_is_read_after_a_year_or_as_far_as_is_known() {
    let rows = [
        balance(0, 100, 1.0, 1.0),
        balance(9, 60, 1.04, 0.8),
        balance(12, 20, 2.0, 0.7),
    ];
    check(
        revenue_cohorts::sentence(&rows),
        "After 9 months, NRR of the customer cohorts together is 104.0% and GRR 80.0%: \
         expansion makes up for churn.",
    );
}
