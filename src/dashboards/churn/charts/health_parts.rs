//! Where healthy customers and those at risk differ.

use charming::Chart;
use charming::datatype::{DataPoint, DataPointItem};
use charming::element::{ItemStyle, Label, LabelPosition};
use charming::series::Bar;

use super::health::colour;
use crate::components::chart_parts::{
    LABEL_SIZE, axis_label, category_axis, column_tooltip, grid, value_axis,
};
use crate::components::chart_spec::ChartMark;
use crate::components::format::{ValueFormat, words};
use crate::components::theme::Theme;
use crate::components::tooltip::Tooltip;
use crate::dashboards::claims::{PALE, is_enough};
use crate::results::churn::HealthParts;

/// A part of the score: its name and its mean.
pub type Part = (&'static str, fn(&HealthParts) -> f64);

/// The parts, each worth 20 points at most.
pub const PARTS: [Part; 5] = [
    ("Recency", |row| row.recency),
    ("Frequency", |row| row.frequency),
    ("Value", |row| row.value),
    ("Trend", |row| row.trend),
    ("No trouble", |row| row.trouble),
];

/// Draws the parts across, a column a status in each; those of few customers are pale.
#[must_use]
pub fn chart(rows: &[HealthParts], theme: &Theme) -> Chart {
    let names = PARTS.iter().map(|(name, _)| (*name).to_owned()).collect();
    let mut chart = Chart::new()
        .grid(grid(12.0).top(18))
        .tooltip(column_tooltip())
        .x_axis(category_axis(theme, names).axis_label(axis_label(theme).interval(0)))
        .y_axis(value_axis(theme).min(0).max(20));
    for row in rows {
        let opacity = if is_enough(row.customers) { 1.0 } else { PALE };
        let columns: Vec<DataPoint> = PARTS
            .iter()
            .map(|(_, part)| {
                let points = part(row);
                DataPointItem::new(points)
                    .name(format!("{points:.0}"))
                    .into()
            })
            .collect();
        chart = chart.series(
            Bar::new()
                .name(words(&row.status))
                .item_style(
                    ItemStyle::new()
                        .color(colour(theme, &row.status))
                        .opacity(opacity),
                )
                .label(
                    Label::new()
                        .show(true)
                        .position(LabelPosition::Top)
                        .formatter("{b}")
                        .color(theme.muted)
                        .font_size(LABEL_SIZE),
                )
                .data(columns),
        );
    }
    chart
}

/// The tooltip of a part.
#[must_use]
pub fn tooltip(rows: &[HealthParts], theme: &Theme, mark: &ChartMark) -> Option<Tooltip> {
    let (name, part) = PARTS.get(mark.index)?;
    let tooltip = Tooltip::new(format!("{name}, of 20"));
    Some(rows.iter().fold(tooltip, |tooltip, row| {
        let points = format!("{:.1}", part(row));
        let customers = ValueFormat::Count.full(row.customers as f64);
        let name = format!("{}, {customers} customers", words(&row.status));
        tooltip.mark(colour(theme, &row.status), name, points)
    }))
}
