//! Users on the plane of the two directions in which they differ most, by learned segment.

use charming::Chart;
use charming::component::Axis;
use charming::datatype::{CompositeValue, DataPoint};
use charming::element::{
    AxisLabel, AxisLine, AxisTick, AxisType, ItemStyle, NameLocation, SplitLine, Tooltip as Tip,
    Trigger,
};
use charming::series::Scatter;

use crate::components::chart_parts::{grid, names_on_paper, quiet_text};
use crate::components::chart_spec::ChartMark;
use crate::components::format::ValueFormat;
use crate::components::theme::Theme;
use crate::components::tooltip::Tooltip;
use crate::results::adoption::MapPoint;

/// Segments in the order of their names.
#[must_use]
pub fn segments(rows: &[MapPoint]) -> Vec<&str> {
    let mut names: Vec<&str> = rows.iter().map(|row| row.segment.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The colour of the segment at a position.
#[must_use]
pub fn segment_colour(theme: &Theme, position: usize) -> &'static str {
    [
        theme.teal,
        theme.orange,
        theme.blue,
        theme.ochre,
        theme.plum,
        theme.slate,
        theme.rose,
    ]
    .get(position)
    .copied()
    .unwrap_or(theme.other)
}

fn axis(theme: &Theme, name: &str) -> Axis {
    Axis::new()
        .type_(AxisType::Value)
        .scale(true)
        .name(name)
        .name_location(NameLocation::Middle)
        .name_gap(8)
        .name_text_style(quiet_text(theme))
        .axis_label(AxisLabel::new().show(false))
        .axis_line(AxisLine::new().show(true))
        .axis_tick(AxisTick::new().show(false))
        .split_line(SplitLine::new().show(false))
}

/// Draws a series a segment, and the names in the middle of their points.
#[must_use]
pub fn chart(rows: &[MapPoint], theme: &Theme) -> Chart {
    let mut chart = Chart::new()
        .grid(grid(16.0).left(22).bottom(22))
        .tooltip(Tip::new().trigger(Trigger::Item))
        .x_axis(axis(theme, "First principal component"))
        .y_axis(axis(theme, "Second principal component"));
    // Finer than a pixel: thousands of long numbers take long to read.
    let fine = |value: f64| CompositeValue::from((value * 1e3).round() / 1e3);
    let place = |x: f64, y: f64| vec![fine(x), fine(y)];
    for (position, segment) in segments(rows).into_iter().enumerate() {
        let points: Vec<DataPoint> = rows
            .iter()
            .filter(|row| row.segment == segment)
            .map(|row| DataPoint::from(place(row.x, row.y)))
            .collect();
        chart = chart.series(
            Scatter::new()
                .name(segment)
                // Below four ECharts fills squares, which is quick.
                .symbol_size(3.5)
                .item_style(
                    ItemStyle::new()
                        .color(segment_colour(theme, position))
                        .opacity(0.55),
                )
                .data(points),
        );
    }
    let names = segments(rows).into_iter().enumerate();
    chart.series(names_on_paper(
        theme,
        names.map(|(position, segment)| {
            let of = |value: fn(&MapPoint) -> f64| {
                let mut values: Vec<f64> = { rows.iter() }
                    .filter(|row| row.segment == segment)
                    .map(value)
                    .collect();
                values.sort_by(f64::total_cmp);
                values.get(values.len() / 2).copied().unwrap_or_default()
            };
            let middle = CompositeValue::from(place(of(|row| row.x), of(|row| row.y)));
            (middle, segment, segment_colour(theme, position))
        }),
    ))
}

/// The row that a mark stands for.
#[must_use]
pub fn row_at(rows: &[MapPoint], mark: &ChartMark) -> Option<usize> {
    let segment = *segments(rows).get(mark.series?)?;
    let of_segment = rows.iter().enumerate();
    let mut of_segment = of_segment.filter(|(_, row)| row.segment == segment);
    of_segment.nth(mark.index).map(|(position, _)| position)
}

/// The tooltip of a user.
#[must_use]
pub fn tooltip(rows: &[MapPoint], theme: &Theme, mark: &ChartMark) -> Option<Tooltip> {
    let row = rows.get(row_at(rows, mark)?)?;
    let colour = segment_colour(theme, mark.series?);
    Some(
        Tooltip::new(format!("User {}", row.user_id))
            .mark(colour, row.segment.as_str(), "")
            .line("First component", ValueFormat::Ratio.full(row.x))
            .line("Second component", ValueFormat::Ratio.full(row.y)),
    )
}
