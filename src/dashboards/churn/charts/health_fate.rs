//! Whether health tells who leaves.

use charming::Chart;
use charming::datatype::{DataPoint, DataPointItem};
use charming::element::{ItemStyle, LineStyle, Symbol};
use charming::series::{Bar, Line};

use crate::components::chart_parts::{axis_label, category_axis, column_tooltip, grid, value_axis};
use crate::components::chart_spec::ChartMark;
use crate::components::format::ValueFormat;
use crate::components::theme::Theme;
use crate::components::tooltip::Tooltip;
use crate::dashboards::claims::{PALE, ends, is_enough};
use crate::results::churn::HealthFate;

/// Draws who left as columns by health, and what the model said of them as a line. Columns of few
/// customers are pale. No figures stand on them: the line would cross these.
#[must_use]
pub fn chart(rows: &[HealthFate], theme: &Theme) -> Chart {
    let names = rows.iter().map(|row| row.points.to_string()).collect();
    let columns: Vec<DataPoint> = rows
        .iter()
        .map(|row| {
            let opacity = if is_enough(row.customers) { 1.0 } else { PALE };
            DataPointItem::new(row.share)
                .item_style(ItemStyle::new().color(theme.orange).opacity(opacity))
                .into()
        })
        .collect();
    let predicted: Vec<f64> = rows.iter().map(|row| row.predicted).collect();
    Chart::new()
        .grid(grid(12.0).top(20))
        .tooltip(column_tooltip())
        .x_axis(category_axis(theme, names).axis_label(axis_label(theme).interval(0)))
        .y_axis(value_axis(theme).min(0))
        .series(
            Bar::new()
                .name("Churned within 90 days")
                .bar_width("66%")
                .item_style(ItemStyle::new().color(theme.orange))
                .data(columns),
        )
        .series(
            Line::new()
                .name("Model’s risk")
                .symbol(Symbol::Circle)
                .symbol_size(6)
                .line_style(LineStyle::new().color(theme.accent).width(1.5))
                .item_style(ItemStyle::new().color(theme.accent))
                .z(4)
                .data(predicted),
        )
}

/// The points a row spans.
#[must_use]
pub fn bounds(row: &HealthFate) -> String {
    let last = if row.points == 90 {
        100
    } else {
        row.points + 9
    };
    format!("{}–{last}", row.points)
}

/// The tooltip of a row.
#[must_use]
pub fn tooltip(rows: &[HealthFate], theme: &Theme, mark: &ChartMark) -> Option<Tooltip> {
    let row = rows.get(mark.index)?;
    let count = |count: i64| ValueFormat::Count.full(count as f64);
    Some(
        Tooltip::new(format!("Health {}", bounds(row)))
            .mark(
                theme.orange,
                "Churned within 90 days",
                ValueFormat::Percent.full(row.share),
            )
            .line("95% interval", ends([row.lower, row.upper]))
            .mark(
                theme.accent,
                "Model’s risk",
                ValueFormat::Percent.full(row.predicted),
            )
            .line("Customers", count(row.customers))
            .line("Churned", count(row.churned)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::theme::LIGHT;

    #[test]
    fn columns_of_few_customers_are_pale() {
        let row = |customers| HealthFate {
            points: 10,
            customers,
            churned: 3,
            share: 3.0 / customers as f64,
            predicted: 0.1,
            lower: 0.0,
            upper: 1.0,
        };
        let drawn = serde_json::to_value(chart(&[row(4), row(60)], &LIGHT)).unwrap();
        let opacity =
            |place: usize| drawn["series"][0]["data"][place]["itemStyle"]["opacity"].as_f64();
        assert_eq!([opacity(0), opacity(1)], [Some(PALE), Some(1.0)]);
    }
}
