//! Predicted and actual revenue of users the model had not seen, by tenths of the prediction.

use charming::Chart;
use charming::element::ItemStyle;
use charming::series::Bar;

use crate::components::chart_parts::{
    axis_label, category_axis, column_tooltip, grid, quiet_text, value_axis,
};
use crate::components::format::{ValueFormat, whole_dollars};
use crate::components::theme::Theme;
use crate::components::tooltip::Tooltip;
use crate::results::revenue::LtvDecile;

/// Draws two columns a tenth, the lowest predictions first.
#[must_use]
pub fn chart(rows: &[LtvDecile], theme: &Theme) -> Chart {
    let names = rows.iter().map(|row| row.decile.to_string()).collect();
    let axis = category_axis(theme, names)
        .axis_label(axis_label(theme).interval(0))
        .name("decile")
        .name_gap(8)
        .name_text_style(quiet_text(theme));
    let column = |name: &str, colour: &str, value: fn(&LtvDecile) -> f64| {
        Bar::new()
            .name(name)
            .bar_width("34%")
            .item_style(ItemStyle::new().color(colour))
            .data(rows.iter().map(value).collect::<Vec<f64>>())
    };
    Chart::new()
        .grid(grid(48.0))
        .tooltip(column_tooltip())
        .x_axis(axis)
        .y_axis(value_axis(theme))
        .series(column("Predicted", theme.accent, |row| {
            row.mean_predicted_cents
        }))
        .series(column("Actual", theme.slate, |row| row.mean_actual_cents))
}

/// The tooltip of the tenth at `index`.
#[must_use]
pub fn tooltip(rows: &[LtvDecile], theme: &Theme, index: usize) -> Option<Tooltip> {
    let row = rows.get(index)?;
    Some(
        Tooltip::new(format!("Decile {}", row.decile))
            .mark(
                theme.accent,
                "Predicted, mean",
                whole_dollars(row.mean_predicted_cents),
            )
            .mark(
                theme.slate,
                "Actual, mean",
                whole_dollars(row.mean_actual_cents),
            )
            .line("Users", ValueFormat::Count.full(row.users as f64))
            .line("Actual, total", whole_dollars(row.actual_cents as f64)),
    )
}
