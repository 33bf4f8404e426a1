//! Recurring revenue by plan: what stands at or above the threshold, and what is expected to go.

use charming::Chart;
use charming::component::Axis;
use charming::element::{AxisLine, AxisTick, AxisType, ItemStyle, LineStyle, SplitLine};
use charming::series::Bar;

use crate::components::chart_parts::{
    axis_label, category_axis, column_tooltip, grid, place, ticks,
};
use crate::components::chart_spec::ChartMark;
use crate::components::format::{ValueFormat, whole_dollars, words};
use crate::components::theme::Theme;
use crate::components::tooltip::Tooltip;
use crate::results::churn::PlanRisk;

/// Draws a bar a plan: flagged revenue in orange, the rest pale, the expected loss as a tick.
#[must_use]
pub fn chart(rows: &[PlanRisk], theme: &Theme) -> Chart {
    let rows: Vec<&PlanRisk> = rows.iter().rev().collect();
    let amounts = Axis::new()
        .type_(AxisType::Value)
        .split_number(4)
        .axis_line(AxisLine::new().show(false))
        .axis_tick(AxisTick::new().show(false))
        .axis_label(axis_label(theme))
        .split_line(
            SplitLine::new()
                .show(true)
                .line_style(LineStyle::new().color(theme.rule).width(1)),
        );
    let names = rows.iter().map(|row| words(&row.plan)).collect();
    let plans = category_axis(theme, names)
        .axis_label(axis_label(theme).color(theme.ink).interval(0))
        .axis_line(AxisLine::new().show(false));
    let bars = |name: &str, colour: &str, opacity: f64, value: fn(&PlanRisk) -> i64| {
        let data: Vec<f64> = rows.iter().map(|row| value(row) as f64).collect();
        Bar::new()
            .name(name)
            .stack("mrr")
            .bar_width("48%")
            .item_style(ItemStyle::new().color(colour).opacity(opacity))
            .data(data)
    };
    let expected = rows.iter().enumerate();
    let expected = expected.map(|(position, row)| place(row.expected_cents, position as f64));
    Chart::new()
        .grid(grid(16.0))
        .tooltip(column_tooltip())
        .x_axis(amounts)
        .y_axis(plans)
        .series(bars(
            "At or above the threshold",
            theme.orange,
            1.0,
            |row| row.flagged_cents,
        ))
        .series(bars("Below it", theme.slate, 0.4, |row| {
            row.mrr_cents - row.flagged_cents
        }))
        .series(ticks("Expected loss", true, theme.ink, expected.collect()))
}

/// The row that a place along the axis of names stands for.
#[must_use]
pub fn row_at(rows: &[PlanRisk], mark: &ChartMark) -> Option<usize> {
    rows.len().checked_sub(mark.index + 1)
}

/// The tooltip of a plan.
#[must_use]
pub fn tooltip(rows: &[PlanRisk], theme: &Theme, mark: &ChartMark) -> Option<Tooltip> {
    let row = rows.get(row_at(rows, mark)?)?;
    let money = |cents: i64| whole_dollars(cents as f64);
    let count = |count: i64| ValueFormat::Count.full(count as f64);
    Some(
        Tooltip::new(words(&row.plan))
            .mark(
                theme.orange,
                "At or above the threshold",
                money(row.flagged_cents),
            )
            .mark(
                theme.slate,
                "Below it",
                money(row.mrr_cents - row.flagged_cents),
            )
            .total("MRR", money(row.mrr_cents))
            .mark(
                theme.ink,
                "Expected loss in 90 days",
                whole_dollars(row.expected_cents),
            )
            .line("Customers", count(row.customers))
            .line("Flagged", count(row.flagged_customers)),
    )
}
