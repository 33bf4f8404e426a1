//! What each threshold would have saved.

use charming::Chart;
use charming::component::Axis;
use charming::datatype::{CompositeValue, DataPoint, DataPointItem};
use charming::element::{
    AreaStyle, AxisType, ItemStyle, Label, LabelPosition, LineStyle, LineStyleType, SplitLine,
    Symbol,
};
use charming::series::{Line, Scatter};

use crate::components::chart_parts::{
    LABEL_SIZE, axis_label, axis_tooltip, category_axis, grid, value_axis,
};
use crate::components::chart_spec::ChartMark;
use crate::components::format::{ValueFormat, whole_dollars};
use crate::components::theme::{Theme, with_opacity};
use crate::components::tooltip::Tooltip;
use crate::dashboards::churn::evaluation::{Evaluation, Outcome};
use crate::dashboards::churn::options::Terms;
use crate::dashboards::claims::{PALE, counts, share_or_counts};
use crate::results::shares::Share;

/// Draws the money saved over thresholds from 1 to 99 percent, with the chosen and the best one,
/// and precision and recall below it on an axis of their own.
#[must_use]
pub fn chart(evaluation: &Evaluation, terms: &Terms, theme: &Theme) -> Chart {
    let outcomes = evaluation.outcomes(terms);
    let names = outcomes
        .iter()
        .map(|outcome| match outcome.threshold_percent % 10 {
            0 => outcome.threshold_percent.to_string(),
            _ => String::new(),
        });
    let axis = category_axis(theme, names.collect())
        .boundary_gap(charming::element::BoundaryGap::CategoryAxis(false))
        .axis_label(axis_label(theme).interval(0));
    let saved: Vec<f64> = outcomes.iter().map(|outcome| outcome.saved_cents).collect();
    let share = |value: fn(&Outcome) -> Option<f64>| -> Vec<Option<f64>> {
        outcomes.iter().map(value).collect()
    };
    let shares = Axis::new()
        .type_(AxisType::Value)
        .min(0)
        .max(1)
        .show(false)
        .split_line(SplitLine::new().show(false));
    let dots: Vec<DataPoint> = [
        Some(("Chosen", evaluation.outcome(terms.threshold_percent, terms))),
        // Of a handful no threshold is known to be the best (decision 0123).
        evaluation
            .best(terms)
            .filter(|best| best.found().is_enough())
            .map(|best| ("Best", best)),
    ]
    .into_iter()
    .flatten()
    .filter(|(name, outcome)| {
        *name == "Chosen" || outcome.threshold_percent != terms.threshold_percent
    })
    .map(|(name, outcome)| {
        let place = vec![
            CompositeValue::from(f64::from(outcome.threshold_percent - 1)),
            CompositeValue::from(outcome.saved_cents),
        ];
        let fill = if name == "Chosen" {
            theme.accent
        } else {
            theme.paper
        };
        DataPointItem::new(CompositeValue::from(place))
            .name(name)
            .item_style(
                ItemStyle::new()
                    .color(fill)
                    .border_color(theme.accent)
                    .border_width(2),
            )
            .into()
    })
    .collect();
    let line = |name: &str, colour: &str, kind: LineStyleType, data: Vec<Option<f64>>| {
        Line::new()
            .name(name)
            .y_axis_index(1)
            .symbol(Symbol::None)
            .line_style(LineStyle::new().color(colour).width(1.5).type_(kind))
            .data(data)
    };
    let faint = |colour: &str, is_few: bool| {
        if is_few {
            with_opacity(colour, PALE)
        } else {
            colour.to_owned()
        }
    };
    let is_few = |of: fn(&Outcome) -> Share| outcomes.iter().all(|one| !of(one).is_enough());
    Chart::new()
        .grid(grid(16.0).top(20))
        .tooltip(axis_tooltip(theme))
        .x_axis(axis)
        .y_axis(value_axis(theme))
        .y_axis(shares)
        .series(
            Line::new()
                .name("Money saved")
                .symbol(Symbol::None)
                .line_style(LineStyle::new().color(theme.accent).width(2))
                .area_style(AreaStyle::new().color(theme.accent).opacity(0.1))
                .data(saved),
        )
        .series(line(
            "Precision",
            &faint(theme.blue, is_few(Outcome::right)),
            LineStyleType::Solid,
            share(|one| one.precision),
        ))
        .series(line(
            "Recall",
            &faint(theme.ochre, is_few(Outcome::found)),
            LineStyleType::Solid,
            share(|one| one.recall),
        ))
        .series(
            Scatter::new()
                .name("Thresholds")
                .symbol(Symbol::Circle)
                .symbol_size(9)
                .label(
                    Label::new()
                        .show(true)
                        .position(LabelPosition::Top)
                        .formatter("{b}")
                        .color(theme.ink)
                        .font_size(LABEL_SIZE),
                )
                .data(dots),
        )
}

/// The tooltip of a threshold.
#[must_use]
pub fn tooltip(
    evaluation: &Evaluation,
    terms: &Terms,
    theme: &Theme,
    mark: &ChartMark,
) -> Option<Tooltip> {
    let percent = u32::try_from(mark.index + 1)
        .ok()
        .filter(|percent| *percent < 100)?;
    let outcome = evaluation.outcome(percent, terms);
    let count = |count: i64| ValueFormat::Count.full(count as f64);
    let share = |of: Share| match share_or_counts(of) {
        Some(text) if of.is_enough() => format!("{text} ({})", counts(of)),
        Some(text) => text,
        None => "–".to_owned(),
    };
    Some(
        Tooltip::new(format!("Threshold {percent}%"))
            .mark(
                theme.accent,
                "Money saved",
                whole_dollars(outcome.saved_cents),
            )
            .mark(theme.blue, "Precision", share(outcome.right()))
            .mark(theme.ochre, "Recall", share(outcome.found()))
            .line("Contacted", count(outcome.contacted))
            .line("Would have churned", count(outcome.caught)),
    )
}
