//! The ROC curve, beside that of an oracle that knows the planted hazards.

use charming::Chart;
use charming::datatype::{CompositeValue, DataPoint, DataPointItem};
use charming::element::{
    ItemStyle, Label, LabelPosition, LineStyle, LineStyleType, NameLocation, Symbol,
    Tooltip as Tip, Trigger,
};
use charming::series::{Line, Scatter};

use crate::components::chart_parts::{LABEL_SIZE, grid, quiet_text, value_axis};
use crate::components::chart_spec::ChartMark;
use crate::components::format::{ValueFormat, share};
use crate::components::theme::{Theme, with_opacity};
use crate::components::tooltip::Tooltip;
use crate::dashboards::churn::evaluation::{Evaluation, RocPoint};
use crate::dashboards::claims::{PALE, is_enough};

fn line(points: &[RocPoint]) -> Vec<DataPoint> {
    let place = |point: &RocPoint| {
        CompositeValue::from(vec![
            CompositeValue::from(point.false_positives),
            CompositeValue::from(point.true_positives),
        ])
    };
    points.iter().map(|point| place(point).into()).collect()
}

/// Draws the curve, chance as a hairline, the chosen threshold as a dot and, if given, the
/// oracle's curve as a dashed ink line.
#[must_use]
pub fn chart(
    evaluation: &Evaluation,
    oracle: Option<&Evaluation>,
    threshold_percent: u32,
    theme: &Theme,
) -> Chart {
    let axis = |name: &str| {
        value_axis(theme)
            .min(0)
            .max(1)
            .interval(0.25)
            .name(name)
            .name_location(NameLocation::Middle)
            .name_text_style(quiet_text(theme))
    };
    let roc = evaluation.roc();
    let least = i64::from(threshold_percent) * 10;
    // The last point whose customers all reach the threshold.
    let chosen = roc.iter().rev().find(|point| point.permille >= least);
    let styled =
        |name: &str, colour: &str, width: f64, kind: LineStyleType, points: &[RocPoint]| {
            Line::new()
                .name(name)
                .symbol(Symbol::None)
                .line_style(LineStyle::new().color(colour).width(width).type_(kind))
                .item_style(ItemStyle::new().color(colour))
                .data(line(points))
        };
    let corner = |at: f64| RocPoint {
        permille: 0,
        false_positives: at,
        true_positives: at,
    };
    // Of a handful who left (decision 0123).
    let model = if is_enough(evaluation.churned) {
        theme.accent.to_owned()
    } else {
        with_opacity(theme.accent, PALE)
    };
    let mut chart = Chart::new()
        .grid(grid(16.0).left(24).bottom(30))
        .tooltip(Tip::new().trigger(Trigger::Item))
        .x_axis(axis("Flagged of those who stayed, %").name_gap(30))
        .y_axis(axis("Flagged of those who churned, %").name_gap(30))
        .series(
            styled("Model", &model, 2.0, LineStyleType::Solid, &roc)
                .symbol(Symbol::Circle)
                .symbol_size(5)
                .show_symbol(false),
        )
        .series(styled(
            "Chance",
            theme.rule_strong,
            1.0,
            LineStyleType::Solid,
            &[corner(0.0), corner(1.0)],
        ));
    if let Some(oracle) = oracle {
        let points = oracle.roc();
        chart = chart.series(styled(
            "Oracle",
            theme.ink,
            1.5,
            LineStyleType::Dashed,
            &points,
        ));
    }
    let dot: Vec<DataPoint> = chosen
        .map(|point| {
            let place = [point.false_positives, point.true_positives];
            let place = place
                .into_iter()
                .map(CompositeValue::from)
                .collect::<Vec<_>>();
            DataPointItem::new(CompositeValue::from(place))
                .name(format!("{threshold_percent}%"))
                .into()
        })
        .into_iter()
        .collect();
    chart.series(
        Scatter::new()
            .name("Threshold")
            .symbol(Symbol::Circle)
            .symbol_size(9)
            .item_style(ItemStyle::new().color(theme.orange))
            .label(
                Label::new()
                    .show(true)
                    .position(LabelPosition::Right)
                    .formatter("{b}")
                    .color(theme.ink)
                    .font_size(LABEL_SIZE),
            )
            .data(dot),
    )
}

/// The tooltip of a mark on the model's curve.
#[must_use]
pub fn tooltip(evaluation: &Evaluation, theme: &Theme, mark: &ChartMark) -> Option<Tooltip> {
    let point = *evaluation
        .roc()
        .get(mark.index)
        .filter(|_| mark.series == Some(0))?;
    Some(
        Tooltip::new(format!(
            "From a risk of {}",
            share(point.permille as f64 / 1_000.0)
        ))
        .mark(
            theme.accent,
            "Flagged of those who churned",
            ValueFormat::Percent.full(point.true_positives),
        )
        .line(
            "Flagged of those who stayed",
            ValueFormat::Percent.full(point.false_positives),
        ),
    )
}
