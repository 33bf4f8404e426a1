//! How long before they left customers were first warned of.

use charming::Chart;
use charming::datatype::{DataPoint, DataPointItem};
use charming::element::{ItemStyle, Label, LabelPosition};
use charming::series::Bar;

use crate::components::chart_parts::{
    LABEL_SIZE, axis_label, category_axis, column_tooltip, grid, value_axis,
};
use crate::components::chart_spec::ChartMark;
use crate::components::format::{ValueFormat, whole_dollars};
use crate::components::theme::Theme;
use crate::components::tooltip::Tooltip;
use crate::dashboards::claims::share_or_counts;
use crate::results::churn::LeadTime;
use crate::results::shares::Share;

/// Days a column spans.
const STEP: i64 = 30;

/// A column's name.
#[must_use]
pub fn name(days: Option<i64>) -> String {
    match days {
        None => "Never".to_owned(),
        Some(days) => format!("{days}–{}", days + STEP - 1),
    }
}

/// Draws a column for each 30 days; those nobody was warned of come first, in orange.
#[must_use]
pub fn chart(rows: &[LeadTime], theme: &Theme) -> Chart {
    let names = rows.iter().map(|row| name(row.days)).collect();
    let columns: Vec<DataPoint> = rows
        .iter()
        .map(|row| {
            let colour = if row.days.is_none() {
                theme.orange
            } else {
                theme.accent
            };
            DataPointItem::new(row.churned as f64)
                .name(ValueFormat::Count.full(row.churned as f64))
                .item_style(ItemStyle::new().color(colour))
                .into()
        })
        .collect();
    Chart::new()
        .grid(grid(12.0).top(22))
        .tooltip(column_tooltip())
        .x_axis(category_axis(theme, names).axis_label(axis_label(theme).interval(0)))
        .y_axis(value_axis(theme))
        .series(
            Bar::new()
                .name("Customers")
                .bar_width("68%")
                .label(
                    Label::new()
                        .show(true)
                        .position(LabelPosition::Top)
                        .formatter("{b}")
                        .color(theme.ink)
                        .font_size(LABEL_SIZE),
                )
                .data(columns),
        )
}

/// The tooltip of a column.
#[must_use]
pub fn tooltip(rows: &[LeadTime], mark: &ChartMark) -> Option<Tooltip> {
    let row = rows.get(mark.index)?;
    let total: i64 = rows.iter().map(|row| row.churned).sum();
    let heading = match row.days {
        None => "Never flagged".to_owned(),
        days => format!("Flagged {} days before", name(days)),
    };
    Some(
        Tooltip::new(heading)
            .line(
                "Churned customers",
                ValueFormat::Count.full(row.churned as f64),
            )
            .line(
                "Share",
                share_or_counts(Share::new(row.churned, total)).unwrap_or_default(),
            )
            .line("Churned MRR", whole_dollars(row.mrr_cents as f64)),
    )
}
