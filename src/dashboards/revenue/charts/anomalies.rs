//! Daily revenue, its usual level, the days taken for unusual, and the days that were.

use charming::Chart;
use charming::datatype::{CompositeValue, DataPoint};
use charming::element::{BoundaryGap, ItemStyle, LineStyle, Symbol};
use charming::series::{Line, Scatter};
use chrono::NaiveDate;

use crate::components::chart_parts::{
    axis_label, axis_tooltip, category_axis, day_names, grid, value_axis,
};
use crate::components::format::{ValueFormat, day, whole_dollars};
use crate::components::theme::{Theme, with_opacity};
use crate::components::tooltip::Tooltip;
use crate::dashboards::notes::befell_by_word;
use crate::results::revenue::RevenueDay;

/// Draws revenue as a line, days that the forest calls as large marks, those that the z-scores flag
/// as small ones on them, planted days as hollow ones around. A hairline over the whole height leads to
/// the days of the forest: most have little revenue, and their marks lie on the base line.
#[must_use]
pub fn chart(rows: &[RevenueDay], theme: &Theme) -> Chart {
    let days: Vec<NaiveDate> = rows.iter().map(|row| row.date).collect();
    let axis = category_axis(theme, day_names(&days))
        .boundary_gap(BoundaryGap::CategoryAxis(false))
        .axis_label(axis_label(theme).interval(0));
    let revenue: Vec<f64> = rows.iter().map(|row| row.revenue_cents as f64).collect();
    let usual: Vec<DataPoint> = rows
        .iter()
        .map(|row| match row.usual_cents {
            Some(cents) => CompositeValue::from(cents).into(),
            None => CompositeValue::from("-").into(),
        })
        .collect();
    let highest = revenue.iter().copied().fold(0.0, f64::max);
    let point = |x: CompositeValue, y: CompositeValue| DataPoint::from(vec![x, y]);
    let leads: Vec<DataPoint> = rows
        .iter()
        .enumerate()
        .filter(|(_, row)| row.is_called)
        .flat_map(|(position, _)| {
            let day = || CompositeValue::from(position as f64);
            // ECharts' word for nothing ends a piece of the line.
            [
                point(day(), 0.0.into()),
                point(day(), highest.into()),
                point(day(), "-".into()),
            ]
        })
        .collect();
    Chart::new()
        .grid(grid(12.0))
        .tooltip(axis_tooltip(theme))
        .x_axis(axis)
        .y_axis(value_axis(theme))
        .series(
            Line::new()
                .name("Revenue")
                .symbol(Symbol::None)
                .line_style(LineStyle::new().color(theme.slate).width(1))
                .data(revenue),
        )
        .series(
            Line::new()
                .name("Usual")
                .symbol(Symbol::None)
                .line_style(LineStyle::new().color(theme.accent).width(2))
                .data(usual),
        )
        .series(
            marks("Isolation Forest", 10, rows, |row| row.is_called)
                .item_style(ItemStyle::new().color(theme.orange)),
        )
        .series(
            marks("Robust z-score", 5, rows, |row| row.is_flagged).item_style(
                ItemStyle::new()
                    .color(theme.blue)
                    .border_color(theme.paper)
                    .border_width(1),
            ),
        )
        .series(
            marks("Planted", 16, rows, |row| row.planted.is_some()).item_style(
                ItemStyle::new()
                    .color("rgba(0,0,0,0)")
                    .border_color(theme.ink)
                    .border_width(1.5),
            ),
        )
        .series(
            Line::new()
                .name("Leads")
                .silent(true)
                .symbol(Symbol::None)
                .line_style(
                    LineStyle::new()
                        .color(with_opacity(theme.orange, 0.5).as_str())
                        .width(1),
                )
                .z(1)
                .data(leads),
        )
}

fn marks(
    name: &str,
    size: i64,
    rows: &[RevenueDay],
    is_marked: fn(&RevenueDay) -> bool,
) -> Scatter {
    let places: Vec<DataPoint> = rows
        .iter()
        .enumerate()
        .filter(|(_, row)| is_marked(row))
        .map(|(position, row)| {
            DataPoint::from(vec![
                CompositeValue::from(position as f64),
                CompositeValue::from(row.revenue_cents as f64),
            ])
        })
        .collect();
    Scatter::new()
        .name(name)
        .symbol(Symbol::Circle)
        .symbol_size(size)
        .data(places)
}

/// The tooltip of the day at `index`.
#[must_use]
pub fn tooltip(rows: &[RevenueDay], theme: &Theme, index: usize) -> Option<Tooltip> {
    let row = rows.get(index)?;
    let mut tooltip = Tooltip::new(day(row.date)).mark(
        theme.slate,
        "Revenue",
        whole_dollars(row.revenue_cents as f64),
    );
    if let Some(usual) = row.usual_cents {
        tooltip = tooltip.mark(theme.accent, "Usual", whole_dollars(usual));
    }
    let verdict = |is_unusual| {
        if is_unusual { "unusual" } else { "normal" }
    };
    if let Some(score) = row.score {
        tooltip = tooltip.mark(
            theme.orange,
            "Isolation Forest",
            format!(
                "{}, {}",
                ValueFormat::Ratio.full(score),
                verdict(row.is_called)
            ),
        );
    }
    tooltip = tooltip.mark(theme.blue, "Robust z-score", verdict(row.is_flagged));
    if let Some(planted) = &row.planted {
        tooltip = tooltip.mark(
            theme.ink,
            "Planted",
            befell_by_word(&planted.kind, planted.factor),
        );
    } else if row.is_after_outage {
        tooltip = tooltip.mark(theme.ink, "Planted", "Billing did not run the day before");
    }
    Some(tooltip)
}
