//! Are the risks calibrated?

use std::rc::Rc;

use charming::Chart;
use charming::element::{LineStyle, LineStyleType};

use crate::dashboards::churn::evaluation::{Evaluation, Group};
use crate::dashboards::churn::figures::count;
use crate::dashboards::churn::scores::Scores;
use crate::dashboards::churn::share_plane::{Place, axis, dots, line, plane};
use crate::dashboards::prelude::*;

/// Predicted against actual risk, in tenths of the customers.
pub struct Calibration;

impl Panel for Calibration {
    const SPEC: PanelSpec = PanelSpec {
        id: "calibration",
        title: "Are the risks calibrated?",
        unit: "Deciles of customers by risk, with 95% intervals",
        form: "calibration plot",
        model: "ml.churn_predictions",
        defined_by: "calibration",
        acts: ALL_FILTERS,
        plan: PlanOf::Score,
        click: "",
        rows: "",
        span: "span-4",
        keys: &[("Decile of customers", "accent")],
    };
    const TICKS: ValueFormat = PERCENT;
    type Source = Scores;
    type Options = ();

    fn answer(view: &View<'_, Self>) -> Option<String> {
        sentence(&Evaluation::new(&view.rows)?)
    }

    fn figure(view: &View<'_, Self>, theme: &'static Theme) -> Figure {
        let tenths = Evaluation::new(&view.rows).unwrap_or_default().tenths();
        Figure {
            chart: chart(&tenths, theme),
            marks: Vec::new(),
            mark_at: Rc::new(|_| None),
            time: None,
            tooltip: Rc::new(move |place| {
                let tenth = tenths.get(place.index);
                let tenth = tenth.filter(|_| place.series == Some(0))?;
                Some(tooltip(tenth, theme))
            }),
        }
    }
}

/// A dot a tenth with its 95% interval; on the dashed line risks are exactly right.
fn chart(tenths: &[Group], theme: &'static Theme) -> Chart {
    let most = tenths
        .iter()
        .map(|tenth| tenth.predicted.max(tenth.interval[1]))
        .fold(0.05, f64::max);
    let end = ((most * 10.0).ceil() / 10.0).min(1.0);
    let at = |tenth: &Group, actual| -> Place { [tenth.predicted, actual] };
    let places: Vec<Place> = { tenths.iter() }
        .map(|tenth| at(tenth, tenth.actual))
        .collect();
    let (whole, dashed) = (LineStyleType::Solid, LineStyleType::Dashed);
    let diagonal = [[0.0, 0.0], [end, end]];
    let perfect = line("Perfect calibration", theme.ink, 1.0, dashed, &diagonal);
    let chart = plane(
        axis(theme, "Predicted, %", end),
        axis(theme, "Churned within 90 days, %", end),
    )
    .series(dots("Tenths", theme.accent, &places))
    .series(perfect.silent(true));
    tenths.iter().fold(chart, |chart, tenth| {
        let ends = tenth.interval.map(|end| at(tenth, end));
        let interval = line("Interval", theme.accent, 1.5, whole, &ends);
        let faint = LineStyle::new().color(theme.accent).width(1.5).opacity(0.5);
        chart.series(interval.line_style(faint).silent(true))
    })
}

fn tooltip(tenth: &Group, theme: &'static Theme) -> Tooltip {
    let percent = |share: f64| PERCENT.full(share);
    let [lower, upper] = tenth.interval.map(percent);
    Tooltip::new(match tenth.decile {
        1 => "Decile with the highest risk".to_owned(),
        decile => format!("Decile {decile}"),
    })
    .line("Predicted", percent(tenth.predicted))
    .mark(theme.accent, "Churned", percent(tenth.actual))
    .line("95% interval", format!("{lower} – {upper}"))
    .line("Customers", count(tenth.customers))
}

/// Are the risks calibrated?
#[must_use]
pub fn sentence(evaluation: &Evaluation) -> Option<String> {
    let tenths = evaluation.tenths();
    let top = tenths.first()?;
    if !is_enough(top.customers) {
        return Some(format!(
            "Too few customers to judge: a decile has {}.",
            count(top.customers)
        ));
    }
    let inside = tenths.iter().filter(|tenth| {
        let [lower, upper] = tenth.interval;
        lower <= tenth.predicted && tenth.predicted <= upper
    });
    Some(format!(
        "For the riskiest customers the model predicted that {} churn, and {} did. In {} of {} deciles the prediction lies within the interval; it is off by {} on average.",
        share(top.predicted),
        share(top.actual),
        inside.count(),
        tenths.len(),
        PERCENT
            .difference(evaluation.calibration_error())
            .trim_start_matches('+'),
    ))
}
