//! Can the model tell who leaves?

use std::rc::Rc;

use charming::Chart;
use charming::datatype::{DataPoint, DataPointItem};
use charming::element::{Label, LabelPosition, LineStyleType, Symbol};

use crate::components::chart_parts::{LABEL_SIZE, place};
use crate::dashboards::churn::evaluation::{Evaluation, RocPoint};
use crate::dashboards::churn::figures::customers;
use crate::dashboards::churn::options::ThresholdPercent;
use crate::dashboards::churn::scores::Scores;
use crate::dashboards::churn::share_plane::{Place, axis, dots, line, plane};
use crate::dashboards::prelude::*;

/// The ROC curve, beside that of an oracle that knows the planted hazards.
pub struct Roc;

/// What the panel shows besides the model's curve.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Beside {
    /// The chosen threshold.
    pub threshold: ThresholdPercent,
    /// Whether what is planted may be seen.
    pub is_truth_shown: bool,
    /// The oracle's scores, where they may be seen and are there.
    pub oracle: Option<Evaluation>,
}

impl Panel for Roc {
    const SPEC: PanelSpec = PanelSpec {
        id: "roc",
        title: "Can the model tell who leaves?",
        unit: "Share flagged, for every threshold",
        form: "ROC curve",
        model: "ml.churn_predictions",
        defined_by: "roc",
        acts: ALL_FILTERS,
        plan: PlanOf::Score,
        click: "",
        rows: "",
        span: "span-4",
        keys: &[("Model", "accent"), ("Chosen threshold", "orange")],
    };
    const TICKS: ValueFormat = PERCENT;
    type Source = Scores;
    type Options = Beside;

    fn answer(view: &View<'_, Self>) -> Option<String> {
        sentence(&Evaluation::new(&view.rows)?, view.options.oracle.as_ref())
    }

    fn caption(view: &View<'_, Self>) -> Option<String> {
        { view.options.is_truth_shown }
            .then(|| "Dashed: an oracle that knows the planted hazards.".to_owned())
    }

    fn figure(view: &View<'_, Self>, theme: &'static Theme) -> Figure {
        let evaluation = Evaluation::new(&view.rows).unwrap_or_default();
        let roc = evaluation.roc();
        Figure {
            chart: chart(&evaluation, &roc, view.options, theme),
            marks: Vec::new(),
            mark_at: Rc::new(|_| None),
            time: None,
            tooltip: Rc::new(move |place| {
                let point = roc.get(place.index).filter(|_| place.series == Some(0))?;
                Some(tooltip(point, theme))
            }),
        }
    }
}

/// The curve, chance as a hairline, the chosen threshold as a dot and, if given, the oracle's curve as a dashed line.
fn chart(
    evaluation: &Evaluation,
    roc: &[RocPoint],
    beside: &Beside,
    theme: &'static Theme,
) -> Chart {
    let axis = |name| axis(theme, name, 1.0).interval(0.25);
    // Of a handful who left (decision 0123).
    let colour = if is_enough(evaluation.churned) {
        theme.accent.to_owned()
    } else {
        with_opacity(theme.accent, PALE)
    };
    let (whole, dashed) = (LineStyleType::Solid, LineStyleType::Dashed);
    let model = line("Model", &colour, 2.0, whole, &places(roc))
        .symbol(Symbol::Circle)
        .symbol_size(5)
        .show_symbol(false);
    let corners = [[0.0, 0.0], [1.0, 1.0]];
    let chart = plane(
        axis("Flagged of those who stayed, %"),
        axis("Flagged of those who churned, %"),
    )
    .series(model)
    .series(line("Chance", theme.rule_strong, 1.0, whole, &corners));
    let chart = match &beside.oracle {
        Some(oracle) => {
            let places = places(&oracle.roc());
            chart.series(line("Oracle", theme.ink, 1.5, dashed, &places))
        }
        None => chart,
    };
    // The last point whose customers all reach the threshold.
    let least = i64::from(beside.threshold.0) * 10;
    let chosen = roc.iter().rev().find(|point| point.permille >= least);
    let dot = chosen.map(|point| -> DataPoint {
        DataPointItem::new(place(point.false_positives, point.true_positives))
            .name(format!("{}%", beside.threshold.0))
            .into()
    });
    let label = Label::new()
        .show(true)
        .position(LabelPosition::Right)
        .formatter("{b}")
        .color(theme.ink)
        .font_size(LABEL_SIZE);
    let dot: Vec<DataPoint> = dot.into_iter().collect();
    let dots = dots("Threshold", theme.orange, &[]);
    chart.series(dots.label(label).data(dot))
}

fn places(roc: &[RocPoint]) -> Vec<Place> {
    let places = roc.iter();
    places
        .map(|point| [point.false_positives, point.true_positives])
        .collect()
}

/// The tooltip of a place on the model's curve.
fn tooltip(point: &RocPoint, theme: &'static Theme) -> Tooltip {
    let heading = format!("From a risk of {}", share(point.permille as f64 / 1_000.0));
    let percent = |share| PERCENT.full(share);
    Tooltip::new(heading)
        .mark(
            theme.accent,
            "Flagged of those who churned",
            percent(point.true_positives),
        )
        .line(
            "Flagged of those who stayed",
            percent(point.false_positives),
        )
}

/// Can the model tell who leaves?
#[must_use]
pub fn sentence(evaluation: &Evaluation, oracle: Option<&Evaluation>) -> Option<String> {
    let auc = evaluation.auc()?;
    if !is_enough(evaluation.churned) {
        return Some(format!(
            "Only {} churned: too few to judge how well the model ranks them.",
            customers(evaluation.churned)
        ));
    }
    let best = oracle
        .and_then(Evaluation::auc)
        .map_or_else(String::new, |best| {
            format!("; an oracle that knows the planted hazards reaches {best:.3}")
        });
    Some(format!(
        "A customer who churned had a higher risk than one who stayed {} of the time (AUC {auc:.3}){best}.",
        share(auc)
    ))
}
