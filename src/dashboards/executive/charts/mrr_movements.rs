//! What moved monthly recurring revenue, month by month.

use charming::Chart;
use charming::datatype::{CompositeValue, DataPoint};
use charming::element::{ItemStyle, LineStyle, Symbol};
use charming::series::{Bar, Line};
use chrono::NaiveDate;

use crate::components::chart_parts::{
    axis_label, before_line, category_axis, column_tooltip, grid, month_names, value_axis,
};
use crate::components::format::{month_long, whole_dollars, words};
use crate::components::theme::Theme;
use crate::components::tooltip::Tooltip;
use crate::results::executive::MovementMonth;

/// Gains upwards and losses downwards, stacked by movement, with the net change as an ink line.
/// Of the period `before`, the net change is drawn.
#[must_use]
pub fn chart(rows: &[MovementMonth], before: &[MovementMonth], theme: &Theme) -> Chart {
    let months: Vec<NaiveDate> = rows.iter().map(|row| row.month).collect();
    let axis = category_axis(theme, month_names(&months));
    let mut chart = Chart::new()
        .grid(grid(12.0))
        .tooltip(column_tooltip())
        .x_axis(axis.axis_label(axis_label(theme).interval(0)))
        .y_axis(value_axis(theme));
    for (position, movement) in ["new", "expansion", "reactivation", "contraction", "churn"]
        .into_iter()
        .enumerate()
    {
        let colour = theme.movement(movement);
        let bars: Vec<DataPoint> = rows
            .iter()
            .map(|row| DataPoint::from(row.movements()[position].1 as f64))
            .collect();
        chart = chart.series(
            Bar::new()
                .name(words(movement))
                .stack("movements")
                .bar_width("62%")
                .item_style(ItemStyle::new().color(colour))
                .data(bars),
        );
    }
    let net: Vec<f64> = rows.iter().map(|row| net_cents(row) as f64).collect();
    let chart = chart.series(
        Line::new()
            .name("Net")
            .symbol(Symbol::Circle)
            .symbol_size(5)
            .line_style(LineStyle::new().color(theme.ink).width(1.5))
            .item_style(ItemStyle::new().color(theme.ink))
            .z(4)
            .data(net),
    );
    if before.is_empty() {
        return chart;
    }
    let net = before.iter().take(rows.len());
    let net = net.map(|row| CompositeValue::from(net_cents(row) as f64));
    chart.series(before_line(theme.muted, net.collect()))
}

/// The tooltip of the month at `index`.
#[must_use]
pub fn tooltip(
    rows: &[MovementMonth],
    before: &[MovementMonth],
    theme: &Theme,
    index: usize,
) -> Option<Tooltip> {
    let row = rows.get(index)?;
    let money = |cents: i64| whole_dollars(cents as f64);
    let mut tooltip = Tooltip::new(month_long(row.month)).line("Opening", money(row.opening_cents));
    for (movement, cents) in row.movements() {
        tooltip = tooltip.mark(theme.movement(movement), words(movement), money(cents));
    }
    tooltip = tooltip.total("Closing", money(row.closing_cents));
    if let Some(before) = before.get(index) {
        tooltip = tooltip.line("Net", money(net_cents(row))).mark(
            theme.muted,
            format!("Net, {}", month_long(before.month)),
            money(net_cents(before)),
        );
    }
    Some(tooltip)
}

/// What the movements add up to.
#[must_use]
pub fn net_cents(row: &MovementMonth) -> i64 {
    row.movements().iter().map(|(_, cents)| cents).sum()
}
