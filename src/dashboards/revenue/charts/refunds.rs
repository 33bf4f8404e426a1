//! What was paid back and what was lost to disputes, month by month.

use charming::Chart;
use charming::datatype::CompositeValue;
use charming::element::ItemStyle;
use charming::series::Bar;
use chrono::NaiveDate;

use crate::components::chart_parts::{
    axis_label, before_line, category_axis, column_tooltip, grid, month_names, value_axis,
};
use crate::components::format::{ValueFormat, month_long, whole_dollars};
use crate::components::theme::Theme;
use crate::components::tooltip::Tooltip;
use crate::results::revenue::RefundMonth;

/// Draws a column a month, disputes on top of refunds; the period `before` is a dashed line over them.
#[must_use]
pub fn chart(rows: &[RefundMonth], before: &[RefundMonth], theme: &Theme) -> Chart {
    let months: Vec<NaiveDate> = rows.iter().map(|row| row.month).collect();
    let column = |name: &str, color: &str, cents: fn(&RefundMonth) -> i64| {
        let cents: Vec<f64> = rows.iter().map(|row| cents(row) as f64).collect();
        Bar::new()
            .name(name)
            .stack("gone back")
            .bar_width("58%")
            .item_style(ItemStyle::new().color(color))
            .data(cents)
    };
    let chart = Chart::new()
        .grid(grid(12.0))
        .tooltip(column_tooltip())
        .x_axis(
            category_axis(theme, month_names(&months)).axis_label(axis_label(theme).interval(0)),
        )
        .y_axis(value_axis(theme))
        .series(column("Refunds", theme.orange, |row| row.refunded_cents))
        .series(column("Disputes", theme.plum, |row| row.disputed_cents));
    if before.is_empty() {
        return chart;
    }
    let earlier = before.iter().take(rows.len());
    let earlier = earlier.map(|row| CompositeValue::from(gone_back(row)));
    chart.series(before_line(theme.muted, earlier.collect()))
}

/// What was refunded and lost to disputes.
fn gone_back(row: &RefundMonth) -> f64 {
    (row.refunded_cents + row.disputed_cents) as f64
}

/// The tooltip of the month at `index`.
#[must_use]
pub fn tooltip(
    rows: &[RefundMonth],
    before: &[RefundMonth],
    theme: &Theme,
    index: usize,
) -> Option<Tooltip> {
    let row = rows.get(index)?;
    let mut tooltip = Tooltip::new(month_long(row.month))
        .mark(
            theme.orange,
            "Refunded",
            whole_dollars(row.refunded_cents as f64),
        )
        .line("Refunds", ValueFormat::Count.full(row.refunds as f64))
        .mark(
            theme.plum,
            "Lost to disputes",
            whole_dollars(row.disputed_cents as f64),
        )
        .line("Disputes", ValueFormat::Count.full(row.disputes as f64))
        .line("Charged", whole_dollars(row.gross_cents as f64));
    if row.gross_cents > 0 {
        let rate = row.refunded_cents as f64 / row.gross_cents as f64;
        tooltip = tooltip.line("Refund rate", ValueFormat::Percent.full(rate));
    }
    if let Some(before) = before.get(index) {
        let name = format!("Refunded and disputed, {}", month_long(before.month));
        tooltip = tooltip.mark(theme.muted, name, whole_dollars(gone_back(before)));
    }
    Some(tooltip)
}
