//! The figures of a card: one small chart for each thing to be seen.

use std::rc::Rc;

use charming::Chart;
use leptos::prelude::*;

use super::answers::silhouettes;
use super::charts::{Curve, CurveKind, columns, curves};
use crate::components::chart::{ChartHandle, ChartView};
use crate::components::chart_spec::{ChartMark, ChartSpec, TooltipWriter};
use crate::components::format::{ValueFormat, day_of, share};
use crate::components::theme::{Theme, ThemeName};
use crate::components::tooltip::Tooltip;
use crate::ml::scores::CurvePoint;
use crate::ml::{Card, Evidence};

/// What is drawn of a card.
struct Figure {
    id: &'static str,
    title: &'static str,
    summary: String,
    ticks: ValueFormat,
    draw: Box<dyn Fn(&Theme) -> Chart>,
    tooltip: TooltipWriter,
}

/// The small charts of a card.
#[component]
pub fn Figures(
    /// The card.
    card: Rc<Card>,
) -> impl IntoView {
    let theme = expect_context::<Signal<ThemeName>>();
    let figures = match &card.evidence {
        Evidence::Churn(evaluation) => churn(evaluation),
        Evidence::Ltv(evaluation) => ltv(evaluation),
        Evidence::Segments(evaluation) => segments(evaluation),
        Evidence::Anomalies(evaluation) => anomalies(evaluation),
        Evidence::Forecast(evaluation) => forecast(evaluation),
    };
    let key = card.model.key();
    figures
        .into_iter()
        .map(|figure| {
            let Figure {
                id,
                title,
                summary,
                ticks,
                draw,
                tooltip,
            } = figure;
            let handle = ChartHandle::new_local(None);
            let text = summary.clone();
            let spec = Signal::derive_local(move || {
                Some(ChartSpec {
                    chart: draw(theme.get().colours()),
                    ticks,
                    tooltip: Rc::clone(&tooltip),
                    summary: text.clone(),
                    running: None,
                })
            });
            view! {
                <figure class="card-figure" data-testid=format!("figure-{key}-{id}")>
                    <figcaption>
                        <b>{title}</b>
                        <span>{summary}</span>
                    </figcaption>
                    <ChartView spec theme handle />
                </figure>
            }
        })
        .collect_view()
}

fn points(curve: &[CurvePoint]) -> Vec<[f64; 2]> {
    curve.iter().map(|point| [point.x, point.y]).collect()
}

fn churn(evaluation: &crate::ml::churn::Evaluation) -> Vec<Figure> {
    let roc = vec![
        Curve {
            name: "Model",
            points: points(&evaluation.roc),
            kind: CurveKind::Model,
        },
        Curve {
            name: "Logistic regression",
            points: points(&evaluation.baseline_roc),
            kind: CurveKind::Baseline,
        },
        Curve {
            name: "Oracle",
            points: points(&evaluation.oracle_roc),
            kind: CurveKind::Truth,
        },
    ];
    let recall = vec![Curve {
        name: "Model",
        points: points(&evaluation.precision_recall),
        kind: CurveKind::Model,
    }];
    let top = evaluation
        .calibration
        .iter()
        .map(|bin| bin.predicted.max(bin.observed))
        .fold(0.1, f64::max);
    let top = (top * 10.0).ceil() / 10.0;
    let calibration = vec![
        Curve {
            name: "Perfect",
            points: vec![[0.0, 0.0], [top, top]],
            kind: CurveKind::Truth,
        },
        Curve {
            name: "Model",
            points: evaluation
                .calibration
                .iter()
                .map(|bin| [bin.predicted, bin.observed])
                .collect(),
            kind: CurveKind::Dotted,
        },
    ];
    let bin_names = evaluation.lift.iter().map(|bin| bin.tenth.to_string());
    let tenths: Vec<String> = bin_names.collect();
    let lifts: Vec<f64> = evaluation.lift.iter().map(|bin| bin.lift).collect();
    let first = evaluation.lift.first().copied();
    let rows: u64 = evaluation.lift.iter().map(|bin| bin.rows).sum();
    let best = evaluation
        .confusions
        .iter()
        .filter(|at| at.true_positives > 0)
        .max_by(|a, b| f1(a).total_cmp(&f1(b)))
        .copied();
    let none: TooltipWriter = Rc::new(|_| None);
    let bins = evaluation.lift.clone();
    vec![
        Figure {
            id: "roc",
            title: "How well does it rank?",
            summary: "True positive rate by false positive rate. Solid: the model. Ochre: logistic regression. Dashed: an oracle that knows the hazard.".to_owned(),
            ticks: ValueFormat::Ratio,
            draw: Box::new(move |theme| curves(&roc, ["False alarms", "Found"], 1.0, theme)),
            tooltip: Rc::clone(&none),
        },
        Figure {
            id: "precision",
            title: "What does higher recall cost?",
            summary: best.map_or_else(String::new, |at| {
                format!(
                    "At a threshold of {:.0}%, the model flags {} of the {} who churned, and {} of {} flags are correct.",
                    100.0 * at.threshold,
                    at.true_positives,
                    at.true_positives + at.false_negatives,
                    at.true_positives,
                    at.true_positives + at.false_positives,
                )
            }),
            ticks: ValueFormat::Ratio,
            draw: Box::new(move |theme| curves(&recall, ["Recall", "Precision"], 1.0, theme)),
            tooltip: Rc::clone(&none),
        },
        Figure {
            id: "calibration",
            title: "Are its probabilities calibrated?",
            summary: "Customers in deciles by predicted risk. On the dashed line, predicted and actual agree.".to_owned(),
            ticks: ValueFormat::Percent,
            draw: Box::new(move |theme| curves(&calibration, ["Predicted, %", "Churned, %"], top, theme)),
            tooltip: none,
        },
        Figure {
            id: "lift",
            title: "Who should be called first?",
            summary: first.map_or_else(String::new, |bin| {
                format!(
                    "The riskiest {:.0}% of customers contain {} of everyone who churned.",
                    100.0 * bin.rows as f64 / rows as f64,
                    share(bin.captured)
                )
            }),
            ticks: ValueFormat::Ratio,
            draw: Box::new(move |theme| {
                let names = tenths.clone();
                columns(names, &lifts, None, ["Deciles, riskiest first", "Multiple of the mean"], theme)
            }),
            tooltip: Rc::new(move |mark: &ChartMark| {
                let bin = bins.get(mark.index)?;
                Some(
                    Tooltip::new(format!("Decile {}", bin.tenth))
                        .line("Customers", ValueFormat::Count.full(bin.rows as f64))
                        .line("Churned", ValueFormat::Count.full(bin.positives as f64))
                        .line("Multiple of the mean", ValueFormat::Ratio.full(bin.lift))
                        .line("Cumulative recall", ValueFormat::Percent.full(bin.captured)),
                )
            }),
        },
    ]
}

fn f1(at: &crate::ml::scores::Confusion) -> f64 {
    2.0 * at.true_positives as f64
        / (2 * at.true_positives + at.false_positives + at.false_negatives) as f64
}

fn ltv(evaluation: &crate::ml::ltv::Evaluation) -> Vec<Figure> {
    let predicted: Vec<f64> = evaluation.deciles.iter().map(|bin| bin.predicted).collect();
    let actual: Vec<f64> = evaluation.deciles.iter().map(|bin| bin.actual).collect();
    let deciles = evaluation.deciles.clone();
    let bin_names = deciles.iter().map(|bin| bin.decile.to_string());
    let names: Vec<String> = bin_names.collect();
    let last = evaluation.deciles.last().copied();
    let coverage = evaluation
        .paying_coverage
        .map_or_else(String::new, |paying| {
            format!(
                " Among paying users, {} of the intervals contained the actual value.",
                share(paying)
            )
        });
    vec![Figure {
        id: "deciles",
        title: "Does each decile pay what was predicted?",
        summary: last.map_or_else(String::new, |bin| {
            format!(
                "Top decile: {} predicted and {} actual per user (dashed: actual).{coverage}",
                ValueFormat::Money.short(bin.predicted),
                ValueFormat::Money.short(bin.actual),
            )
        }),
        ticks: ValueFormat::Money,
        draw: Box::new(move |theme| {
            columns(
                names.clone(),
                &predicted,
                Some(&actual),
                ["Deciles of users", "Dollars per user"],
                theme,
            )
        }),
        tooltip: Rc::new(move |mark: &ChartMark| {
            let bin = deciles.get(mark.index)?;
            Some(
                Tooltip::new(format!("Decile {}", bin.decile))
                    .line("Users", ValueFormat::Count.full(bin.rows as f64))
                    .line("Predicted", ValueFormat::Money.full(bin.predicted))
                    .line("Actual", ValueFormat::Money.full(bin.actual)),
            )
        }),
    }]
}

fn segments(evaluation: &crate::ml::segments::Evaluation) -> Vec<Figure> {
    let tried = evaluation.tried.clone();
    let widths: Vec<f64> = tried.iter().map(|choice| choice.silhouette).collect();
    vec![Figure {
        id: "silhouette",
        title: "How many segments?",
        summary: silhouettes(evaluation.segments, &evaluation.tried),
        ticks: ValueFormat::Ratio,
        draw: Box::new({
            let names: Vec<String> = tried
                .iter()
                .map(|choice| choice.segments.to_string())
                .collect();
            move |theme| {
                columns(
                    names.clone(),
                    &widths,
                    None,
                    ["Segments", "Silhouette"],
                    theme,
                )
            }
        }),
        tooltip: Rc::new(move |mark: &ChartMark| {
            let choice = tried.get(mark.index)?;
            Some(
                Tooltip::new(format!("{} segments", choice.segments))
                    .line("Silhouette", format!("{:.3}", choice.silhouette)),
            )
        }),
    }]
}

fn anomalies(evaluation: &crate::ml::anomalies::Evaluation) -> Vec<Figure> {
    let curve = vec![Curve {
        name: "Model",
        points: points(&evaluation.curve),
        kind: CurveKind::Model,
    }];
    if evaluation.curve.is_empty() {
        return Vec::new();
    }
    vec![Figure {
        id: "precision",
        title: "What does finding more anomalies cost?",
        summary: "Recall of planted days, and precision of flagged days.".to_owned(),
        ticks: ValueFormat::Ratio,
        draw: Box::new(move |theme| curves(&curve, ["Recall", "Precision"], 1.0, theme)),
        tooltip: Rc::new(|_| None),
    }]
}

fn forecast(evaluation: &crate::ml::forecast::Evaluation) -> Vec<Figure> {
    let origins = evaluation.origins.clone();
    let errors: Vec<f64> = origins.iter().map(|origin| origin.mape).collect();
    let naive: Vec<f64> = origins
        .iter()
        .map(|origin| origin.seasonal_naive_mape)
        .collect();
    vec![Figure {
        id: "origins",
        title: "How large were its errors?",
        summary: format!(
            "Mean error over {} days from each origin. Dashed: repeating the last week.",
            evaluation.horizon
        ),
        ticks: ValueFormat::Percent,
        draw: Box::new({
            let names: Vec<String> = origins.iter().map(|origin| day_of(&origin.date)).collect();
            move |theme| {
                columns(
                    names.clone(),
                    &errors,
                    Some(&naive),
                    ["Forecast origin", "Mean error, %"],
                    theme,
                )
            }
        }),
        tooltip: Rc::new(move |mark: &ChartMark| {
            let origin = origins.get(mark.index)?;
            Some(
                Tooltip::new(day_of(&origin.date))
                    .line("Model", ValueFormat::Percent.full(origin.mape))
                    .line(
                        "Repeating the last week",
                        ValueFormat::Percent.full(origin.seasonal_naive_mape),
                    )
                    .line(
                        "Repeating the last day",
                        ValueFormat::Percent.full(origin.naive_mape),
                    )
                    .line(
                        "Interval coverage",
                        ValueFormat::Percent.full(origin.coverage),
                    ),
            )
        }),
    }]
}
