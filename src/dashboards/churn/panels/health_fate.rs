//! Does health predict churn?

use crate::dashboards::churn::evaluation::Evaluation;
use crate::dashboards::churn::figures::count;
use crate::dashboards::churn::scored::{holdout, holdout_rows, independent_customers};
use crate::dashboards::claims::ends;
use crate::dashboards::fetched::Fetched;
use crate::dashboards::prelude::*;
use crate::results::churn::HealthFate as Fate;

/// Who left within 90 days, by the health score they had, in steps of ten points, beside what the model said of the
/// same customers, none of whom it had seen.
pub struct HealthFate;

impl Source for HealthFate {
    type Row = Fate;
    type Options = ();
    const COMPARED_ON: Option<Basis> = None;
    const LEARNED: Option<Model> = Some(Model::Churn);

    fn sql(filters: &Filters, (): &()) -> String {
        statement!(
            "health_fate.sql",
            filters,
            holdout = holdout(filters),
            independent_customers = independent_customers(filters)
        )
    }
}

impl Panel for HealthFate {
    const SPEC: PanelSpec = PanelSpec {
        id: "health-fate",
        title: "Does health predict churn?",
        unit: "Customers who churned within 90 days, %, by their health score at the time",
        form: "column chart with a line",
        model: "srv_churn_snapshots",
        defined_by: "health_score",
        acts: ALL_FILTERS,
        plan: PlanOf::Score,
        click: "",
        rows: "the customers with that health score who left",
        span: "span-6",
        keys: &[("Churned", "orange"), ("Model’s risk", "accent")],
    };
    const TICKS: ValueFormat = PERCENT;
    type Source = Self;
    /// The model's scores of the hold-out, once they are there.
    type Options = Option<Evaluation>;

    fn answer(view: &View<'_, Self>) -> Option<String> {
        sentence(&view.rows, view.options.as_ref())
    }

    fn caption(_view: &View<'_, Self>) -> Option<String> {
        Some("Horizontal axis: health score at the time, in tens of points, from what was known then.".to_owned())
    }

    /// Columns of few customers are pale. No figures stand on them: the line would cross these.
    fn figure(view: &View<'_, Self>, theme: &'static Theme) -> Figure {
        let filters = view.filters.clone();
        Plot::of_names(&view.rows, Self::TICKS, theme, |row| row.points.to_string())
            .headed(|row| format!("Health {}", bounds(row)))
            .headroom(20.0)
            .series(Series::bars(
                "Churned within 90 days",
                theme.orange,
                66,
                |row: &Fate| row.share,
            ))
            .line("95% interval", |row| Some(ends([row.lower, row.upper])))
            .series(
                Series::dotted("Model’s risk", theme.accent, 1.5, |row: &Fate| {
                    row.predicted
                })
                .dot_size(6.0),
            )
            .line("Customers", |row| Some(count(row.customers)))
            .line("Churned", |row| Some(count(row.churned)))
            .pale(|row| !is_enough(row.customers))
            .mark(move |row| left(row, &filters))
            .figure()
    }
}

/// The customers behind each column.
#[must_use]
pub fn people(fetched: &Fetched<Fate>) -> Vec<i64> {
    fetched.rows.iter().map(|row| row.customers).collect()
}

/// The points a row spans.
fn bounds(row: &Fate) -> String {
    let last = match row.points {
        90 => 100,
        points => points + 9,
    };
    format!("{}–{last}", row.points)
}

/// The customers of a health who left.
fn left(row: &Fate, filters: &Filters) -> PanelMark {
    let (points, filters) = (row.points, filters.clone());
    let label = format!("Churned with a health score of {}", bounds(row));
    PanelMark::new(format!("health-{points}"), label).counted(
        ("customer", "customers"),
        row.churned,
        move || {
            statement!(
                "health_fate_rows.sql",
                &filters,
                scored_rows = holdout_rows(&filters),
                health_points = points
            )
        },
    )
}

/// Does health predict churn?
#[must_use]
pub fn sentence(rows: &[Fate], evaluation: Option<&Evaluation>) -> Option<String> {
    let churned: i64 = rows.iter().map(|row| row.churned).sum();
    let scored: i64 = rows.iter().map(|row| row.customers).sum();
    if scored == 0 {
        return None;
    }
    if churned == 0 {
        return Some(format!(
            "None of the {} scores was followed by churn within 90 days.",
            count(scored)
        ));
    }
    let with_enough: Vec<&Fate> = { rows.iter() }
        .filter(|row| is_enough(row.customers))
        .collect();
    let (Some(first), Some(last)) = (with_enough.first(), with_enough.last()) else {
        let largest = rows.iter().map(|row| row.customers).max()?;
        return Some(too_few("customers", "group", largest));
    };
    let mut sentence = format!(
        "Of customers with a health score of {}, {} churned within 90 days",
        bounds(first),
        share(first.share),
    );
    if with_enough.len() > 1 {
        sentence.push_str(&format!(
            "; of those with {}, {} did",
            bounds(last),
            share(last.share)
        ));
    }
    // Of a handful who left neither ranking can be judged.
    let model = evaluation.filter(|one| is_enough(one.churned) && is_enough(churned));
    if let (Some(health), Some(model)) = (health_auc(rows), model.and_then(Evaluation::auc)) {
        let error = |auc: f64| auc_error(auc, churned, scored - churned);
        // As if the two were judged by different customers, which asks for a larger gap.
        let reach = 1.96 * libm::hypot(error(model), error(health));
        let verdict = if model > health + reach {
            "the model ranks them better"
        } else if health > model + reach {
            "the model ranks them worse"
        } else {
            "the model ranks them about as well"
        };
        sentence.push_str(&format!(
            "; {verdict} (AUC {model:.3} against {health:.3} for the score)"
        ));
    }
    sentence.push('.');
    Some(sentence)
}

/// The standard error of an area under the ROC curve.
///
/// # Source
/// Hanley and McNeil (1982), The meaning and use of the area under a ROC curve.
pub(crate) fn auc_error(auc: f64, left: i64, stayed: i64) -> f64 {
    let (left, stayed) = (left.max(1) as f64, stayed.max(1) as f64);
    let one = auc / (2.0 - auc);
    let two = 2.0 * auc * auc / (1.0 + auc);
    let square = auc * auc;
    let variance =
        auc * (1.0 - auc) + (left - 1.0) * (one - square) + (stayed - 1.0) * (two - square);
    libm::sqrt(variance.max(0.0) / (left * stayed))
}

/// The area under the ROC curve of health, low health standing for high risk, ties counted half.
fn health_auc(rows: &[Fate]) -> Option<f64> {
    let left: i64 = rows.iter().map(|row| row.churned).sum();
    let stayed: i64 = rows.iter().map(|row| row.customers - row.churned).sum();
    let mut healthier = stayed;
    let mut in_order = 0.0;
    for row in rows {
        let here = row.customers - row.churned;
        healthier -= here;
        in_order += row.churned as f64 * (healthier as f64 + here as f64 / 2.0);
    }
    (left > 0 && stayed > 0).then(|| in_order / (left as f64 * stayed as f64))
}
