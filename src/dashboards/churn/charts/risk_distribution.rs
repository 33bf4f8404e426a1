//! How the list's risks are spread.

use charming::Chart;
use charming::datatype::{DataPoint, DataPointItem};
use charming::element::ItemStyle;
use charming::series::Bar;

use crate::components::chart_parts::{axis_label, category_axis, column_tooltip, grid, value_axis};
use crate::components::chart_spec::ChartMark;
use crate::components::format::{ValueFormat, whole_dollars};
use crate::components::theme::Theme;
use crate::components::tooltip::Tooltip;
use crate::results::churn::RiskBin;

/// Width of a column, in percent of risk.
const STEP: i64 = 2;

/// Customers and their revenue from a risk on, in percent.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Column {
    /// Lowest risk, in percent.
    pub percent: i64,
    /// Customers.
    pub customers: i64,
    /// Those at or above the threshold.
    pub flagged: i64,
    /// Their monthly recurring revenue.
    pub mrr_cents: i64,
}

/// The columns from 0% to the highest risk there is.
#[must_use]
pub fn columns(rows: &[RiskBin], threshold_percent: u32) -> Vec<Column> {
    let last = rows.iter().map(|row| row.percent).max().unwrap_or(0) / STEP;
    let mut columns: Vec<Column> = (0..=last)
        .map(|place| Column {
            percent: place * STEP,
            ..Column::default()
        })
        .collect();
    for row in rows {
        let place = usize::try_from(row.percent / STEP).unwrap_or(0);
        if let Some(column) = columns.get_mut(place) {
            column.customers += row.customers;
            column.mrr_cents += row.mrr_cents;
            if row.percent >= i64::from(threshold_percent) {
                column.flagged += row.customers;
            }
        }
    }
    columns
}

/// Draws a column for each two percent of risk; who would be contacted is orange.
#[must_use]
pub fn chart(rows: &[RiskBin], threshold_percent: u32, theme: &Theme) -> Chart {
    let columns = columns(rows, threshold_percent);
    let names = columns.iter().map(|column| match column.percent % 10 {
        0 => column.percent.to_string(),
        _ => String::new(),
    });
    let series = |name: &str, colour: &str, value: fn(&Column) -> i64| {
        let data: Vec<DataPoint> = columns
            .iter()
            .map(|column| DataPointItem::new(value(column) as f64).into())
            .collect();
        Bar::new()
            .name(name)
            .stack("customers")
            .bar_width("78%")
            .item_style(ItemStyle::new().color(colour))
            .data(data)
    };
    Chart::new()
        .grid(grid(12.0))
        .tooltip(column_tooltip())
        .x_axis(category_axis(theme, names.collect()).axis_label(axis_label(theme).interval(0)))
        .y_axis(value_axis(theme))
        .series(series("Below the threshold", theme.slate, |column| {
            column.customers - column.flagged
        }))
        .series(series("At or above it", theme.orange, |column| {
            column.flagged
        }))
}

/// The tooltip of a column.
#[must_use]
pub fn tooltip(rows: &[RiskBin], threshold_percent: u32, mark: &ChartMark) -> Option<Tooltip> {
    let column = *columns(rows, threshold_percent).get(mark.index)?;
    Some(
        Tooltip::new(format!(
            "Risk {} to {}%",
            column.percent,
            column.percent + STEP
        ))
        .line(
            "Customers",
            ValueFormat::Count.full(column.customers as f64),
        )
        .line("MRR", whole_dollars(column.mrr_cents as f64)),
    )
}

/// The bounds of the column at a position, in percent.
#[must_use]
pub fn bounds(column: &Column) -> (i64, i64) {
    (column.percent, column.percent + STEP)
}
