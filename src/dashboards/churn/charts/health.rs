//! How healthy paying customers are.

use charming::Chart;
use charming::element::ItemStyle;
use charming::series::Bar;

use crate::components::chart_parts::{axis_label, category_axis, column_tooltip, grid, value_axis};
use crate::components::chart_spec::ChartMark;
use crate::components::format::{ValueFormat, whole_dollars, words};
use crate::components::theme::Theme;
use crate::components::tooltip::Tooltip;
use crate::results::churn::HealthBin;

/// Points a column spans.
const STEP: i64 = 5;

/// Statuses from the worst.
pub const STATUSES: [&str; 3] = ["at_risk", "watch", "healthy"];

/// The colour of a status.
#[must_use]
pub fn colour(theme: &Theme, status: &str) -> &'static str {
    match status {
        "healthy" => theme.teal,
        "watch" => theme.ochre,
        "at_risk" => theme.orange,
        _ => theme.other,
    }
}

/// Draws a column for each five points, stacked by status.
#[must_use]
pub fn chart(rows: &[HealthBin], theme: &Theme) -> Chart {
    let names = (0..20).map(|place| match place % 4 {
        0 => (place * STEP).to_string(),
        _ => String::new(),
    });
    let mut chart = Chart::new()
        .grid(grid(12.0))
        .tooltip(column_tooltip())
        .x_axis(category_axis(theme, names.collect()).axis_label(axis_label(theme).interval(0)))
        .y_axis(value_axis(theme));
    for status in STATUSES {
        let customers = |points: i64| -> i64 {
            let here = rows
                .iter()
                .filter(|row| row.points == points && row.status == status);
            here.map(|row| row.customers).sum()
        };
        let columns: Vec<f64> = (0..20)
            .map(|place| customers(place * STEP) as f64)
            .collect();
        chart = chart.series(
            Bar::new()
                .name(words(status))
                .stack("customers")
                .bar_width("78%")
                .item_style(ItemStyle::new().color(colour(theme, status)))
                .data(columns),
        );
    }
    chart
}

/// The tooltip of a column.
#[must_use]
pub fn tooltip(rows: &[HealthBin], theme: &Theme, mark: &ChartMark) -> Option<Tooltip> {
    let points = i64::try_from(mark.index).ok()? * STEP;
    let here: Vec<&HealthBin> = rows.iter().filter(|row| row.points == points).collect();
    let mut tooltip = Tooltip::new(format!(
        "{points} to {} points",
        (points + STEP - 1).min(100)
    ));
    if here.is_empty() {
        return Some(tooltip.remark("No customers."));
    }
    for row in &here {
        tooltip = tooltip.mark(
            colour(theme, &row.status),
            words(&row.status),
            ValueFormat::Count.full(row.customers as f64),
        );
    }
    let mrr: i64 = here.iter().map(|row| row.mrr_cents).sum();
    Some(tooltip.total("MRR", whole_dollars(mrr as f64)))
}

/// The row that a mark stands for.
#[must_use]
pub fn row_at(rows: &[HealthBin], mark: &ChartMark) -> Option<usize> {
    let points = i64::try_from(mark.index).ok()? * STEP;
    let status = mark.series.and_then(|series| STATUSES.get(series));
    rows.iter()
        .position(|row| row.points == points && status.is_none_or(|status| row.status == *status))
}
