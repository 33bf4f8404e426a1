//! How long people take to a step.

use charming::Chart;
use charming::datatype::{DataPoint, DataPointItem};
use charming::element::{ItemStyle, Label, LabelPosition};
use charming::series::Bar;

use crate::components::chart_parts::{
    LABEL_SIZE, axis_label, category_axis, column_tooltip, grid, value_axis,
};
use crate::components::format::{THIN_SPACE, ValueFormat, share};
use crate::components::theme::{Theme, with_opacity};
use crate::components::tooltip::Tooltip;
use crate::results::funnel::TimeBin;

/// A span of time for people: `40 min`, `5.2 h`, `3.1 days`.
#[must_use]
pub fn span(hours: f64) -> String {
    match hours {
        short if short < 1.0 => format!("{:.0}{THIN_SPACE}min", short * 60.0),
        day if day < 48.0 => format!("{day:.1}{THIN_SPACE}h"),
        long => format!("{:.1}{THIN_SPACE}days", long / 24.0),
    }
}

/// Draws the share of people in each bin; the bin that holds the median is filled.
#[must_use]
pub fn chart(rows: &[TimeBin], theme: &Theme) -> Chart {
    let names = rows.iter().map(|row| row.time.clone()).collect();
    let bars: Vec<DataPoint> = rows
        .iter()
        .map(|row| {
            let colour = if row.holds_median {
                theme.accent.to_owned()
            } else {
                with_opacity(theme.accent, 0.45)
            };
            let rate = row.share.unwrap_or(0.0);
            DataPointItem::new(rate)
                .name(if row.people > 0 {
                    share(rate)
                } else {
                    String::new()
                })
                .item_style(ItemStyle::new().color(colour.as_str()))
                .into()
        })
        .collect();
    Chart::new()
        .grid(grid(8.0).top(22))
        .tooltip(column_tooltip())
        .x_axis(category_axis(theme, names).axis_label(axis_label(theme).interval(0)))
        .y_axis(value_axis(theme))
        .series(
            Bar::new()
                .name("People")
                .bar_width("86%")
                .label(
                    Label::new()
                        .show(true)
                        .position(LabelPosition::Top)
                        .formatter("{b}")
                        .color(theme.muted)
                        .font_size(LABEL_SIZE),
                )
                .data(bars),
        )
}

/// The tooltip of the bin at `index`.
#[must_use]
pub fn tooltip(rows: &[TimeBin], theme: &Theme, index: usize) -> Option<Tooltip> {
    let row = rows.get(index)?;
    let so_far: i64 = rows.iter().take(index + 1).map(|row| row.people).sum();
    let everyone: i64 = rows.iter().map(|row| row.people).sum();
    let mut tooltip = Tooltip::new(row.time.clone()).mark(
        theme.accent,
        "People",
        ValueFormat::Count.full(row.people as f64),
    );
    if let Some(rate) = row.share {
        tooltip = tooltip.line("Share", ValueFormat::Percent.full(rate));
    }
    if everyone > 0 {
        let rate = so_far as f64 / everyone as f64;
        tooltip = tooltip.line("By then", ValueFormat::Percent.full(rate));
    }
    Some(if row.holds_median {
        tooltip.remark("The median lies here.")
    } else {
        tooltip
    })
}
