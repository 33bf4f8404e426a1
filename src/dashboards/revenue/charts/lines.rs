//! Ratios over the months, as lines with their names at the end.

use charming::Chart;
use charming::datatype::{CompositeValue, DataPoint};
use charming::element::{BoundaryGap, LabelPosition, LineStyle, LineStyleType, Symbol};
use charming::series::Line;
use chrono::NaiveDate;

use crate::components::chart_parts::{
    EndName, LABEL_SIZE, axis_label, axis_tooltip, before_line, category_axis, end_names, figures,
    grid, month_names, place, spread, value_axis,
};
use crate::components::format::ValueFormat;
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

/// Where the axis ends, if a few values are so far above the rest that they would rule it: at twice what
/// nine in ten values reach.
fn cap(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let highest = *values.last()?;
    let usual = *values.get((values.len() - 1) * 9 / 10)?;
    // With few values the highest is the tenth in ten: the one below it says what is usual.
    let usual = if usual < highest {
        usual
    } else {
        *values.get(values.len().checked_sub(2)?)?
    };
    let cap = libm::ceil(2.0 * usual.max(1.0));
    (highest > cap).then_some(cap)
}

/// Draws the lines over `months`, with a hairline at 1; `before` is the first of them in the period
/// before. Values beyond the axis are written at its end.
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
    let all = lines.iter().flat_map(|line| &line.values).chain(before);
    let cap = cap(all.copied().flatten());
    let heights = value_axis(theme);
    let heights = match cap {
        Some(cap) => heights.max(cap),
        None => heights,
    };
    let mut chart = Chart::new()
        .grid(grid(right))
        .tooltip(axis_tooltip(theme))
        .x_axis(axis)
        .y_axis(heights);
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
    let highest = cap.map_or(highest, |cap| cap.min(highest));
    let heights: Vec<f64> = ends.iter().map(|(_, height)| height.min(highest)).collect();
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
    let chart = chart.series(end_names(&names.collect::<Vec<_>>()));
    let Some((cap, first)) = cap.zip(lines.first()) else {
        return chart;
    };
    let beyond = first
        .values
        .iter()
        .enumerate()
        .filter_map(|(month, value)| {
            let value = value.filter(|value| *value > cap)?;
            let text = format!("↑ {}", ValueFormat::Ratio.short(value));
            Some((place(month as f64, cap), text))
        });
    chart.series(figures(
        LabelPosition::Right,
        first.colour,
        LABEL_SIZE,
        beyond.collect::<Vec<_>>(),
    ))
}

#[cfg(test)]
mod tests {
    use super::cap;

    fn check(values: &[f64], expected: Option<f64>) {
        assert_eq!(cap(values.iter().copied()), expected);
    }

    #[test]
    fn one_month_does_not_rule_the_axis() {
        check(&[1.8, 2.2, 2.4, 2.1, 1.9, 38.0], Some(5.0));
        check(&[1.8, 2.2, 2.4, 2.1, 1.9, 3.1], None);
        check(&[0.2, 0.3, 0.4], None);
        check(&[7.0], None);
        check(&[], None);
    }
}
