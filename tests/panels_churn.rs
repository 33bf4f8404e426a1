//! Charts, tooltips and marks of Churn early warning, from representative rows.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic")]

mod panels;

use chrono::NaiveDate;
use metricflow::components::theme::{DARK, LIGHT, Theme};
use metricflow::dashboards::churn::evaluation::Evaluation;
use metricflow::dashboards::churn::options::{Terms, ThresholdPercent};
use metricflow::dashboards::churn::panels::at_risk::{self, Asked, AtRisk};
use metricflow::dashboards::churn::panels::calibration::Calibration;
use metricflow::dashboards::churn::panels::health::Health;
use metricflow::dashboards::churn::panels::health_fate::HealthFate;
use metricflow::dashboards::churn::panels::health_parts::HealthParts;
use metricflow::dashboards::churn::panels::lead_time::LeadTime;
use metricflow::dashboards::churn::panels::lift::Lift;
use metricflow::dashboards::churn::panels::mrr_at_risk::MrrAtRisk;
use metricflow::dashboards::churn::panels::risk::Risk;
use metricflow::dashboards::churn::panels::roc::{Beside, Roc};
use metricflow::dashboards::churn::panels::threshold::Threshold;
use metricflow::dashboards::claims::PALE;
use metricflow::dashboards::declared::Source;
use metricflow::dashboards::plot::Figure;
use metricflow::results::churn::{
    HealthBin, HealthFate as Fate, HealthParts as Parts, LeadTime as Lead, PlanRisk, RiskBin,
    ScoreBin,
};
use metricflow::state::filters::Filters;
use panels::{at, behind, drawn, told_of};

/// Ten tenths of customers, of whom more left the higher their score.
fn scores() -> Vec<ScoreBin> {
    let bin = |tenth: i64| ScoreBin {
        permille: 80 * tenth,
        customers: 100,
        churned: tenth * tenth,
        probability_sum: 8.0 * tenth as f64,
        mrr_cents: 990_000,
        churned_mrr_cents: 9_900 * tenth * tenth,
        snapshots: 3,
        independent: 80.0,
    };
    (0..10).map(bin).collect()
}

fn risks() -> Vec<RiskBin> {
    let bin = |(percent, customers)| RiskBin {
        snapshot: NaiveDate::default(),
        percent,
        customers,
        mrr_cents: customers * 9_900,
        expected_cents: (customers * 99 * percent) as f64,
    };
    [(0, 40), (1, 20), (4, 8), (20, 5), (21, 1)]
        .map(bin)
        .to_vec()
}

fn plans() -> Vec<PlanRisk> {
    let plan = |(plan, mrr_cents, flagged_customers): (&str, i64, i64)| PlanRisk {
        plan: plan.to_owned(),
        customers: 30,
        mrr_cents,
        expected_cents: mrr_cents as f64 * 0.07,
        flagged_customers,
        flagged_cents: flagged_customers * 10_000,
    };
    [
        ("starter", 90_000, 3),
        ("professional", 300_000, 4),
        ("enterprise", 900_000, 0),
    ]
    .map(plan)
    .to_vec()
}

fn leads() -> Vec<Lead> {
    let lead = |(days, churned)| Lead {
        days,
        churned,
        mrr_cents: churned * 9_900,
    };
    [(None, 12), (Some(0), 3), (Some(60), 25)]
        .map(lead)
        .to_vec()
}

fn healths() -> Vec<HealthBin> {
    let bin = |(points, status, customers): (i64, &str, i64)| HealthBin {
        points,
        status: status.to_owned(),
        customers,
        mrr_cents: customers * 9_900,
    };
    [
        (30, "at_risk", 4),
        (55, "healthy", 2),
        (55, "watch", 9),
        (95, "healthy", 30),
    ]
    .map(bin)
    .to_vec()
}

fn parts() -> Vec<Parts> {
    let of = |(status, customers, points): (&str, i64, f64)| Parts {
        status: status.to_owned(),
        customers,
        recency: points,
        frequency: points / 2.0,
        value: 11.26,
        trend: 10.0,
        trouble: 19.6,
    };
    [("healthy", 60, 18.0), ("at_risk", 5, 4.0)]
        .map(of)
        .to_vec()
}

fn fates() -> Vec<Fate> {
    let fate = |(points, customers, churned): (i64, i64, i64)| Fate {
        points,
        customers,
        churned,
        share: churned as f64 / customers as f64,
        predicted: 0.3,
        lower: 0.1,
        upper: 0.6,
    };
    [(10, 4, 3), (90, 60, 3)].map(fate).to_vec()
}

fn beside() -> Beside {
    Beside {
        threshold: ThresholdPercent(40),
        is_truth_shown: true,
        oracle: Evaluation::new(&scores()[3..]),
    }
}

/// The page's figures in its order, by id.
fn figures(is_empty: bool, theme: &'static Theme) -> [(&'static str, Figure); 10] {
    fn of<R>(rows: Vec<R>, is_empty: bool) -> (Vec<R>, Vec<R>) {
        let rows = if is_empty { Vec::new() } else { rows };
        (rows, Vec::new())
    }
    let scores = || of(scores(), is_empty);
    let (terms, threshold) = (Terms::default(), ThresholdPercent::default());
    [
        (
            "risk",
            drawn::<Risk>(of(risks(), is_empty), "", &threshold, theme),
        ),
        (
            "mrr_at_risk",
            drawn::<MrrAtRisk>(of(plans(), is_empty), "", &threshold, theme),
        ),
        ("threshold", drawn::<Threshold>(scores(), "", &terms, theme)),
        ("roc", drawn::<Roc>(scores(), "", &beside(), theme)),
        (
            "calibration",
            drawn::<Calibration>(scores(), "", &(), theme),
        ),
        ("lift", drawn::<Lift>(scores(), "", &(), theme)),
        (
            "lead_time",
            drawn::<LeadTime>(of(leads(), is_empty), "", &threshold, theme),
        ),
        (
            "health_fate",
            drawn::<HealthFate>(of(fates(), is_empty), "", &None, theme),
        ),
        (
            "health",
            drawn::<Health>(of(healths(), is_empty), "", &(), theme),
        ),
        (
            "health_parts",
            drawn::<HealthParts>(of(parts(), is_empty), "", &(), theme),
        ),
    ]
}

fn figure(id: &str) -> Figure {
    let mut all = figures(false, &LIGHT).into_iter();
    all.find(|(one, _)| *one == id).unwrap().1
}

#[test]
fn charts_are_drawn_as_before() {
    for (id, figure) in figures(false, &LIGHT) {
        insta::assert_json_snapshot!(id, figure.chart);
    }
    for (_, figure) in figures(true, &DARK) {
        assert!(serde_json::to_value(figure.chart).is_ok());
    }
}

#[test]
fn tooltips_write_the_same_figures() {
    let check = |id, series, index, expected| {
        assert_eq!(told_of(&figure(id), series, index), expected, "{id}");
    };
    check("risk", None, 10, "Risk 20 to 22%; Customers 6; MRR $594");
    // Counted from the bottom, as ECharts does.
    check(
        "mrr_at_risk",
        Some(0),
        1,
        "Professional; At or above the threshold $400; Below it $2,600; MRR $3,000; \
             Expected loss in 90 days $210; Customers 30; Flagged 4",
    );
    check(
        "threshold",
        None,
        39,
        "Threshold 40%; Money saved $35,588; Precision 51.0% (255 of 500); \
             Recall 89.5% (255 of 285); Contacted 500; Would have churned 255",
    );
    check("threshold", None, 99, "");
    check(
        "roc",
        Some(0),
        1,
        "From a risk of 72.0%; Flagged of those who churned 28.4%; Flagged of those who stayed 2.7%",
    );
    check("roc", Some(1), 0, "");
    check(
        "calibration",
        Some(0),
        0,
        "Decile with the highest risk; Predicted 72.0%; Churned 81.0%; 95% interval 71.1% – 88.1%; Customers 100",
    );
    check("calibration", Some(2), 0, "");
    check(
        "lift",
        None,
        1,
        "Decile 2; Lift 2.25×; Churned 64.0%; Customers 100; Cumulative share of churned customers 50.9%",
    );
    check(
        "lead_time",
        None,
        2,
        "Flagged 60–89 days before; Churned customers 25; Share 62.5%; Churned MRR $2,475",
    );
    check(
        "health",
        None,
        11,
        "55 to 59 points; Healthy 2; Watch 9; MRR $1,089",
    );
    check("health", None, 0, "0 to 4 points; No customers.");
    check(
        "health_parts",
        None,
        2,
        "Value, of 20; Healthy, 60 customers 11.3; At risk, 5 customers 11.3",
    );
    check(
        "health_fate",
        None,
        1,
        "Health 90–100; Churned within 90 days 5.0%; 95% interval 10.0% to 60.0%; Model’s risk 30.0%; \
             Customers 60; Churned 3",
    );
}

/// A click reaches the row that is drawn there, whichever way bars run and whatever is missing from a series.
#[test]
fn places_on_a_chart_are_rows_again() {
    let check = |id, series, index, expected| {
        assert_eq!(at(&figure(id), series, index).as_deref(), expected, "{id}");
    };
    check("risk", Some(1), 10, Some("risk-20"));
    check("mrr_at_risk", Some(0), 0, Some("enterprise"));
    check("mrr_at_risk", None, 2, Some("starter"));
    check("threshold", Some(3), 1, Some("contacted"));
    check("roc", Some(0), 1, None);
    check("lead_time", Some(0), 0, Some("never"));
    check("lead_time", None, 2, Some("days-60"));
    check("health", Some(1), 11, Some("55.watch"));
    check("health", Some(2), 11, Some("55.healthy"));
    // Beside the columns, the larger one; where no customers are, nothing.
    check("health", None, 11, Some("55.watch"));
    check("health", None, 6, Some("30.at_risk"));
    check("health", None, 0, None);
    check("health_parts", Some(1), 4, Some("at_risk"));
    check("health_parts", None, 4, None);
    check("health_fate", Some(1), 1, Some("health-90"));
    let keys = |id: &str| -> Vec<String> {
        let marks = figure(id).marks;
        marks.into_iter().map(|mark| mark.key).collect()
    };
    assert_eq!(
        keys("mrr_at_risk"),
        ["starter", "professional", "enterprise"]
    );
    assert_eq!(keys("health_parts"), ["healthy", "at_risk"]);
    assert_eq!(keys("health").len(), 4);
}

/// Rows behind a mark are as many as it shows, by a statement of the same filters.
#[test]
fn marks_know_their_rows() {
    let check = |id: &str, key: &str, value: f64, condition: &str| {
        let marks = figure(id).marks;
        let mark = marks.into_iter().find(|mark| mark.key == key).unwrap();
        let rows = mark.rows.unwrap();
        assert_eq!(rows.value, value, "{id}");
        let sql = rows.sql.text();
        assert!(sql.contains(condition), "{id}: {sql}");
    };
    check("risk", "risk-20", 6.0, "between 20 and 21");
    check("mrr_at_risk", "starter", 3.0, "rows.plan = 'starter'");
    check("threshold", "contacted", 700.0, ">= 20 / 100.0");
    check("lead_time", "never", 12.0, "warned_date is null");
    check("lead_time", "days-60", 25.0, "between 60 and 89");
    check("health", "55.watch", 9.0, "= 55");
    check("health_parts", "at_risk", 5.0, "health.status = 'at_risk'");
    check("health_fate", "health-90", 3.0, "= 90");
    for sql in figures(false, &LIGHT)
        .into_iter()
        .flat_map(|(_, one)| behind(one))
    {
        let is_of_models = !["raw.", "truth.", "staging.", "error("]
            .iter()
            .any(|name| sql.contains(name));
        assert!(is_of_models, "{sql}");
    }
}

#[test]
fn columns_of_few_customers_are_pale() {
    let of_fate = serde_json::to_value(figure("health_fate").chart).unwrap();
    let of_row = |row: usize| of_fate["series"][0]["data"][row]["itemStyle"]["opacity"].as_f64();
    assert_eq!([of_row(0), of_row(1)], [Some(PALE), None]);
    let of_parts = serde_json::to_value(figure("health_parts").chart).unwrap();
    let of_status = |series: usize| of_parts["series"][series]["itemStyle"]["opacity"].as_f64();
    assert_eq!([of_status(0), of_status(1)], [Some(1.0), Some(PALE)]);
}

#[test]
fn the_list_reads_what_was_planted_only_while_truth_is_shown() {
    let day = |text: &str| text.parse().unwrap();
    let filters = Filters::new(day("2025-12-01"), day("2025-12-31"));
    let asked = |has_truth| Asked {
        threshold: ThresholdPercent(20),
        has_truth,
    };
    assert!(!AtRisk::sql(&filters, &asked(false)).contains("truth."));
    assert!(AtRisk::sql(&filters, &asked(true)).contains("truth.hazards"));
    let mark = at_risk::listed(&[], asked(true), &filters);
    assert!(mark.rows.unwrap().sql.text().contains("truth.hazards"));
}
