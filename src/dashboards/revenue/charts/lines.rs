//! Ratios over the months, as lines with their names at the end.

use charming::Chart;
use charming::datatype::{CompositeValue, DataPoint};
use charming::element::{BoundaryGap, LineStyle, LineStyleType, Symbol};
use charming::series::Line;
use chrono::NaiveDate;

use crate::components::chart_parts::{
    EndName, axis_label, axis_tooltip, before_line, category_axis, end_names, grid, month_names,
    spread, value_axis,
};
use crate::components::theme::Theme;

/// A line: its name, its colour, whether it is dashed, its values.
#[derive(Debug, Clone)]
pub struct RatioLine {
    /// Its name, at its end.
    pub name: &'static str,
    /// Its colour.
    pub colour: &'static str,
    /// Whether it is a variant of another.
    pub is_dashed: bool,
    /// A value a month; `None` where there is none.
    pub values: Vec<Option<f64>>,
}

/// Values as ECharts reads them.
fn points(values: &[Option<f64>]) -> impl Iterator<Item = CompositeValue> {
    values.iter().map(|value| match value {
        Some(value) => CompositeValue::from(*value),
        // ECharts' word for nothing.
        None => CompositeValue::from("-"),
    })
}

/// Draws the lines over `months`, with a hairline at 1; `before` is the first of them in the period
/// before.
#[must_use]
pub fn chart(
    months: &[NaiveDate],
    lines: &[RatioLine],
    before: &[Option<f64>],
    right: f64,
    theme: &Theme,
) -> Chart {
    let axis = category_axis(theme, month_names(months))
        .boundary_gap(BoundaryGap::CategoryAxis(false))
        .axis_label(axis_label(theme).interval(0));
    let mut chart = Chart::new()
        .grid(grid(right))
        .tooltip(axis_tooltip(theme))
        .x_axis(axis)
        .y_axis(value_axis(theme));
    for line in lines {
        let values: Vec<DataPoint> = points(&line.values).map(DataPoint::from).collect();
        let style = LineStyle::new().color(line.colour).width(1.75);
        let style = if line.is_dashed {
            style.type_(LineStyleType::Dashed)
        } else {
            style
        };
        chart = chart.series(
            Line::new()
                .name(line.name)
                .symbol(Symbol::Circle)
                // A value between two gaps is a point of its own, however many months there are.
                .symbol_size(if months.len() <= 14 { 4 } else { 2 })
                .show_symbol(true)
                .item_style(charming::element::ItemStyle::new().color(line.colour))
                .line_style(style)
                .data(values),
        );
    }
    let Some(last) = months.len().checked_sub(1) else {
        return chart;
    };
    let ones: Vec<f64> = vec![1.0; months.len()];
    chart = chart.series(
        Line::new()
            .name("Break-even")
            .silent(true)
            .symbol(Symbol::None)
            .line_style(LineStyle::new().color(theme.rule_strong).width(1))
            .z(1)
            .data(ones),
    );
    if !before.is_empty() {
        let values = points(before).take(months.len());
        let line = before_line(theme.muted, values.collect())
            .symbol(Symbol::Circle)
            .symbol_size(2)
            .show_symbol(true)
            .item_style(charming::element::ItemStyle::new().color(theme.muted));
        chart = chart.series(line);
    }
    let ends: Vec<(usize, f64)> = lines
        .iter()
        .enumerate()
        .filter_map(|(position, line)| Some((position, line.values.last().copied().flatten()?)))
        .collect();
    let highest = lines
        .iter()
        .flat_map(|line| line.values.iter().copied().flatten())
        .chain(before.iter().copied().flatten())
        .fold(1.0, f64::max);
    let heights: Vec<f64> = ends.iter().map(|(_, height)| *height).collect();
    let heights = spread(&heights, highest * 0.075);
    let names = ends
        .iter()
        .zip(heights)
        .map(|((position, _), height)| EndName {
            name: lines[*position].name.into(),
            colour: lines[*position].colour,
            position: last,
            height,
        });
    chart.series(end_names(&names.collect::<Vec<_>>()))
}
