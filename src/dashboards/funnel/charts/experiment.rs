//! The experiment's effect, for everyone and by segment.

use charming::Chart;
use charming::component::Axis;
use charming::datatype::{CompositeValue, DataPoint};
use charming::element::{AxisLine, ItemStyle, LineStyle, LineStyleType, SplitLine, Symbol};
use charming::series::{Line, Scatter};

use crate::components::chart_parts::{axis_label, category_axis, column_tooltip, grid, value_axis};
use crate::components::format::ValueFormat;
use crate::components::theme::Theme;
use crate::components::tooltip::Tooltip;
use crate::dashboards::segment_colours::segment_name;
use crate::results::funnel::ExperimentResult;
use crate::state::filters::Dimension;

/// The name of a row on screen.
#[must_use]
pub fn row_name(row: &ExperimentResult, dimension: Dimension) -> String {
    if row.segment == "all" {
        "Everyone".to_owned()
    } else {
        segment_name(dimension, &row.segment)
    }
}

/// Draws each row's difference as a dot on its interval, against the line of no effect; the planted
/// difference is a dashed line in ink.
#[must_use]
pub fn chart(rows: &[ExperimentResult], dimension: Dimension, theme: &Theme) -> Chart {
    let names = rows.iter().map(|row| row_name(row, dimension)).collect();
    let names: Axis = category_axis(theme, names)
        .inverse(true)
        .axis_label(axis_label(theme).color(theme.ink).interval(0))
        .axis_line(AxisLine::new().show(false))
        .split_line(SplitLine::new().show(false));
    let point = |value: f64, row: f64| {
        CompositeValue::from(vec![CompositeValue::from(value), CompositeValue::from(row)])
    };
    let mut chart = Chart::new()
        .grid(grid(20.0))
        .tooltip(column_tooltip())
        .x_axis(value_axis(theme).axis_label(axis_label(theme)))
        .y_axis(names);
    let dots: Vec<CompositeValue> = rows
        .iter()
        .enumerate()
        .filter_map(|(position, row)| Some(point(row.difference?, position as f64)))
        .collect();
    chart = chart.series(
        Scatter::new()
            .name("Difference")
            .symbol(Symbol::Circle)
            .symbol_size(10)
            .item_style(ItemStyle::new().color(theme.accent))
            .data(dots),
    );
    for (position, row) in rows.iter().enumerate() {
        if let (Some(lower), Some(upper)) = (row.lower, row.upper) {
            let place = position as f64;
            let ends = vec![
                DataPoint::from(point(lower, place)),
                point(upper, place).into(),
            ];
            let width = if row.segment == "all" { 2.5 } else { 1.5 };
            chart = chart.series(
                Line::new()
                    .silent(true)
                    .symbol(Symbol::None)
                    .line_style(LineStyle::new().color(theme.accent).width(width))
                    .z(1)
                    .data(ends),
            );
        }
    }
    let upright = |value: f64| {
        let last = rows.len().saturating_sub(1) as f64;
        vec![
            DataPoint::from(point(value, 0.0)),
            point(value, last).into(),
        ]
    };
    chart = chart.series(
        Line::new()
            .silent(true)
            .symbol(Symbol::None)
            .line_style(LineStyle::new().color(theme.rule_strong).width(1))
            .z(0)
            .data(upright(0.0)),
    );
    match rows.first().and_then(|row| row.true_difference) {
        None => chart,
        Some(truth) => chart
            .series(
                Line::new()
                    .name("Truth")
                    .silent(true)
                    .symbol(Symbol::None)
                    .line_style(
                        LineStyle::new()
                            .color(theme.ink)
                            .width(1.25)
                            .type_(LineStyleType::Dashed),
                    )
                    .data(upright(truth)),
            )
            .series(
                Scatter::new()
                    .name("Planted")
                    .symbol(Symbol::Diamond)
                    .symbol_size(15)
                    .item_style(
                        ItemStyle::new()
                            .color("transparent")
                            .border_color(theme.ink)
                            .border_width(1.75),
                    )
                    .data(vec![point(truth, 0.0)]),
            ),
    }
}

/// The tooltip of the row at `index`.
#[must_use]
pub fn tooltip(
    rows: &[ExperimentResult],
    dimension: Dimension,
    theme: &Theme,
    index: usize,
) -> Option<Tooltip> {
    let row = rows.get(index)?;
    let percent = |rate: f64| ValueFormat::Percent.full(rate);
    let points = |value: f64| ValueFormat::Percent.difference(value);
    let count = |value: i64| ValueFormat::Count.full(value as f64);
    let mut tooltip = Tooltip::new(row_name(row, dimension));
    if let Some(difference) = row.difference {
        tooltip = tooltip.mark(theme.accent, "Difference", points(difference));
    }
    if let (Some(lower), Some(upper)) = (row.lower, row.upper) {
        tooltip = tooltip.line(
            "95% interval",
            format!("{} to {}", points(lower), points(upper)),
        );
    }
    for (name, users, rate) in [
        ("Treatment", row.treatment_users, row.treatment_rate),
        ("Control", row.control_users, row.control_rate),
    ] {
        if let Some(rate) = rate {
            tooltip = tooltip.line(name, format!("{} of {}", percent(rate), count(users)));
        }
    }
    if let Some(p) = row.p_value {
        tooltip = tooltip.line("p", format!("{p:.3}"));
    }
    Some(match row.true_difference {
        Some(truth) => tooltip.total("Planted", points(truth)),
        None => tooltip,
    })
}
