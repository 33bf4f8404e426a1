//! Charts, tooltips and marks of Retention intelligence, from representative rows.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic")]

mod panels;

use chrono::{Months, NaiveDate};
use metricflow::components::theme::{DARK, LIGHT};
use metricflow::dashboards::declared::Source;
use metricflow::dashboards::plot::Figure;
use metricflow::dashboards::retention::options::{
    Grain, Mode, OnScreen, RetentionOptions, Revenue,
};
use metricflow::dashboards::retention::panels::cohorts::Cohorts;
use metricflow::dashboards::retention::panels::lifecycle::Lifecycle;
use metricflow::dashboards::retention::panels::retention_curves::RetentionCurves;
use metricflow::dashboards::retention::panels::revenue_cohorts::RevenueCohorts;
use metricflow::dashboards::retention::panels::survival::Survival;
use metricflow::results::retention::{
    CohortCell, LifecycleMonth, RevenueCell, SegmentPeriod, SurvivalMonth,
};
use metricflow::state::filters::Filters;
use panels::{at, behind, drawn, told_of};

const YEAR: &str = "from=2025-01-01&to=2025-12-31";

/// The first day of a month after September 2025.
fn month(after: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 10, 1).unwrap() + Months::new(after)
}

/// All cohorts together, one that was observed for two months, one of few people, and one that is under way.
fn cohort_cells() -> Vec<CohortCell> {
    let cell = |cohort, period, cohort_size, eligible, retained| CohortCell {
        cohort,
        period,
        cohort_size,
        eligible,
        retained,
        rate: (eligible > 0).then(|| retained as f64 / eligible as f64),
        is_complete: eligible == cohort_size,
    };
    let of = |after| Some(month(after));
    vec![
        cell(None, 0, 1_209, 1_209, 1_209),
        cell(None, 1, 1_209, 1_209, 484),
        cell(None, 2, 1_200, 1_200, 301),
        cell(of(0), 0, 1_200, 1_200, 1_200),
        cell(of(0), 1, 1_200, 1_200, 480),
        cell(of(0), 2, 1_200, 1_200, 301),
        cell(of(1), 0, 9, 9, 9),
        cell(of(1), 1, 9, 9, 4),
        cell(of(2), 0, 60, 60, 60),
        cell(of(2), 1, 60, 25, 10),
        cell(of(2), 2, 60, 0, 0),
    ]
}

/// One segment of many people with a gap, and one of ever fewer.
fn points() -> Vec<SegmentPeriod> {
    let point = |segment: &str, period, eligible, retained| SegmentPeriod {
        segment: segment.to_owned(),
        period,
        eligible,
        retained,
        rate: Some(retained as f64 / eligible as f64),
    };
    vec![
        point("direct", 0, 40, 40),
        point("direct", 1, 30, 18),
        point("direct", 2, 12, 5),
        point("email", 0, 500, 500),
        point("email", 1, 450, 180),
        point("email", 3, 300, 90),
    ]
}

fn steps(plan: &str, count: i64) -> Vec<SurvivalMonth> {
    let step = |month| SurvivalMonth {
        plan: plan.to_owned(),
        month,
        at_risk: 100 - 10 * month,
        churned: 5 * (month % 2),
        censored: 5,
        survival: 1.0 - month as f64 / 16.0,
        lower: 0.9 - month as f64 / 16.0,
        upper: 1.0 - month as f64 / 32.0,
    };
    (0..count).map(step).collect()
}

fn states(first: NaiveDate, count: u32) -> Vec<LifecycleMonth> {
    let row = |after| LifecycleMonth {
        month: first + Months::new(after),
        new: 40,
        active: 200 + 10 * i64::from(after),
        at_risk: 30,
        dormant: 120,
        churned: 10,
        returned: 4,
    };
    (0..count).map(row).collect()
}

fn balances() -> Vec<RevenueCell> {
    let cell = |cohort, month, customers, nrr: f64, grr: f64, is_complete| RevenueCell {
        cohort,
        month,
        customers,
        base_cents: customers * 9_900,
        retained_cents: (customers as f64 * 9_900.0 * nrr) as i64,
        kept_cents: (customers as f64 * 9_900.0 * grr) as i64,
        nrr: Some(nrr),
        grr: Some(grr),
        is_complete,
    };
    let of = |after| Some(month(after));
    vec![
        cell(None, 0, 80, 1.0, 1.0, true),
        cell(None, 1, 80, 1.05, 0.9, true),
        cell(of(0), 0, 80, 1.0, 1.0, true),
        cell(of(0), 1, 80, 1.05, 0.9, true),
        cell(of(1), 0, 12, 1.0, 1.0, true),
        cell(of(1), 1, 12, 0.75, 0.5, false),
    ]
}

fn cohorts() -> Figure {
    let rows = (cohort_cells(), cohort_cells()[..2].to_vec());
    drawn::<Cohorts>(rows, YEAR, &OnScreen::default(), &LIGHT)
}

fn curves() -> Figure {
    let before = points()[..2].to_vec();
    drawn::<RetentionCurves>(
        (points(), before),
        YEAR,
        &RetentionOptions::default(),
        &LIGHT,
    )
}

fn survival() -> Figure {
    let rows = [steps("enterprise", 3), steps("starter", 4)].concat();
    drawn::<Survival>((rows, steps("starter", 9)), YEAR, &(), &LIGHT)
}

fn lifecycle() -> Figure {
    let query = "from=2025-10-01&to=2025-12-31";
    let before = states(month(0) - Months::new(3), 2);
    drawn::<Lifecycle>((states(month(0), 3), before), query, &(), &LIGHT)
}

fn revenue(revenue: Revenue) -> Figure {
    let mut options = OnScreen::default();
    options.chosen.revenue = revenue;
    drawn::<RevenueCohorts>((balances(), Vec::new()), YEAR, &options, &DARK)
}

#[test]
fn charts_are_drawn_as_before() {
    insta::assert_json_snapshot!("cohorts", cohorts().chart);
    insta::assert_json_snapshot!("retention_curves", curves().chart);
    insta::assert_json_snapshot!("survival", survival().chart);
    insta::assert_json_snapshot!("lifecycle", lifecycle().chart);
    insta::assert_json_snapshot!("revenue_cohorts", revenue(Revenue::Net).chart);
}

/// A fault of a statement's file would else be seen in the browser alone.
#[test]
fn every_statement_can_be_rendered() {
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    for query in ["", "plan=starter", "plan=starter&range=3m"] {
        let (filters, _) = Filters::from_query(query, day("2023-01-01"), day("2025-12-31"));
        let mut statements = vec![
            Survival::sql(&filters, &()),
            Lifecycle::sql(&filters, &()),
            RevenueCohorts::sql(&filters, &()),
        ];
        let mut figures = vec![
            drawn::<Survival>((steps("starter", 3), Vec::new()), query, &(), &LIGHT),
            drawn::<Lifecycle>((states(month(0), 1), Vec::new()), query, &(), &LIGHT),
        ];
        let revenues = Revenue::ALL.into_iter().cycle();
        let grains = Grain::ALL.into_iter();
        let modes = grains.flat_map(|grain| Mode::ALL.map(|mode| (grain, mode)));
        for ((grain, mode), revenue) in modes.zip(revenues) {
            let chosen = RetentionOptions {
                grain,
                mode,
                revenue,
                ..RetentionOptions::default()
            };
            let on_screen = OnScreen {
                chosen,
                is_narrow: true,
            };
            statements.push(Cohorts::sql(&filters, &chosen));
            statements.push(RetentionCurves::sql(&filters, &chosen));
            let cells = (cohort_cells(), Vec::new());
            figures.push(drawn::<Cohorts>(cells, query, &on_screen, &LIGHT));
            let mut points = points();
            points[0].segment = "it's".to_owned();
            figures.push(drawn::<RetentionCurves>(
                (points, Vec::new()),
                query,
                &chosen,
                &LIGHT,
            ));
            let balances = (balances(), Vec::new());
            figures.push(drawn::<RevenueCohorts>(balances, query, &on_screen, &LIGHT));
        }
        statements.extend(figures.into_iter().flat_map(behind));
        for sql in statements {
            assert!(!sql.starts_with("select error("), "{sql}");
        }
    }
}

#[test]
fn no_chart_fails_without_rows() {
    let figures = [
        drawn::<Cohorts>(Default::default(), "", &OnScreen::default(), &LIGHT),
        drawn::<RetentionCurves>(Default::default(), "", &RetentionOptions::default(), &LIGHT),
        drawn::<Survival>((Vec::new(), steps("starter", 2)), "", &(), &LIGHT),
        drawn::<Lifecycle>((Vec::new(), states(month(0), 2)), "", &(), &LIGHT),
        drawn::<RevenueCohorts>(Default::default(), "", &OnScreen::default(), &LIGHT),
    ];
    for figure in figures {
        assert!(figure.marks.is_empty());
        for series in [None, Some(0), Some(1)] {
            assert_eq!(told_of(&figure, series, 0), "");
            assert_eq!(at(&figure, series, 0), None);
        }
    }
}

#[test]
fn tooltips_tell_the_rows() {
    let check = |told: String, expected: &str| assert_eq!(told, expected);
    check(
        told_of(&cohorts(), Some(0), 1),
        "Oct 2025, month 1; Came back 40.0%; People 480; of observed 1,200; Cohort 1,200",
    );
    check(
        told_of(&cohorts(), Some(1), 1),
        "Nov 2025, month 1; Came back 44.4%; People 4; of observed 9; Cohort 9; Too few people for a rate.",
    );
    check(
        told_of(&cohorts(), Some(1), 2),
        "Dec 2025, month 1; Came back 40.0%; People 10; of observed 25; Cohort 60; The cohort is not complete, or not all \
         of it has been observed this long.",
    );
    check(
        told_of(&curves(), None, 1),
        "Month 1 after the signup; Direct 60.0% of 30; 95% interval 42.3% to 75.4%; Period before 60.0%; Email 40.0% of 450; \
         95% interval 35.6% to 44.6%",
    );
    check(
        told_of(&survival(), None, 3),
        "Beyond month 3; Starter 81.2%; 95% interval 71.2% to 90.6%; At risk 70; Churned 5; Period before 81.2%",
    );
    check(
        told_of(&lifecycle(), Some(3), 1),
        "End of November 2025; New 40  9.8%; Active 210  51.2%; At risk 30  7.3%; Dormant 120  29.3%; Churned 10  2.4%; \
         New or active, August 2025 250; Signed up so far 410; Came back in the month 4",
    );
    check(
        told_of(&revenue(Revenue::Net), Some(1), 1),
        "Nov 2025, month 1; NRR 75.0%; GRR 50.0%; MRR now $891; retained without expansion $594; MRR in the first month $1,188; \
         Customers in the first month 12; The month is not complete, or not all of the cohort has been observed this long.",
    );
}

/// Cells are drawn in two series, curves have gaps and bands of their own, and stacks an order of their own.
#[test]
fn places_on_a_chart_are_rows_again() {
    let check = |figure: &Figure, series, index, expected: Option<&str>| {
        assert_eq!(at(figure, series, index).as_deref(), expected);
    };
    let figure = cohorts();
    check(&figure, Some(0), 3, Some("2025-12-01.0"));
    check(&figure, Some(1), 0, Some("2025-11-01.0"));
    check(&figure, Some(1), 2, Some("2025-12-01.1"));
    check(&figure, Some(2), 0, None);
    check(&figure, None, 0, None);
    assert_eq!(figure.marks.len(), 7);
    let figure = curves();
    // Direct, its pale rest, both edges of its band, and email.
    check(&figure, Some(0), 2, Some("direct.2"));
    check(&figure, Some(1), 2, None);
    check(&figure, Some(4), 3, Some("email.3"));
    check(&figure, Some(4), 2, None);
    check(&figure, None, 1, None);
    let figure = survival();
    check(&figure, Some(0), 2, Some("enterprise.2"));
    check(&figure, Some(3), 0, None);
    check(&figure, Some(6), 3, Some("starter.3"));
    check(&figure, Some(7), 3, None);
    assert!(figure.marks[0].rows.is_none() && figure.marks[1].rows.is_some());
    let figure = lifecycle();
    check(&figure, Some(0), 2, Some("2025-12.active"));
    check(&figure, Some(1), 0, Some("2025-10.new"));
    check(&figure, Some(4), 0, Some("2025-10.dormant"));
    check(&figure, Some(5), 0, None);
    check(&figure, None, 0, None);
    assert_eq!(figure.marks[0].key, "2025-12.new");
    let values = [Revenue::Net, Revenue::Gross].map(|kind| {
        let figure = revenue(kind);
        check(&figure, Some(1), 1, Some("2025-11.1"));
        figure.marks[1].rows.as_ref().unwrap().value
    });
    assert_eq!(values, [831_600.0, 712_800.0]);
}
