//! How long people take to a step.

use charming::Chart;
use charming::datatype::{CompositeValue, DataPoint, DataPointItem};
use charming::element::{ItemStyle, LabelPosition};
use charming::series::Bar;

use crate::components::chart_parts::{
    LABEL_SIZE, axis_label, category_axis, column_tooltip, figures, grid, place, ticks, value_axis,
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

/// Draws the share of people in each bin, with ticks at those of the period before; the bin that holds
/// the median is filled. On a narrow screen shares are written without their sign, which the unit names.
#[must_use]
pub fn chart(rows: &[TimeBin], before: &[TimeBin], is_narrow: bool, theme: &Theme) -> Chart {
    let names = rows.iter().map(|row| row.time.clone()).collect();
    let bars: Vec<DataPoint> = rows
        .iter()
        .map(|row| {
            let colour = if row.holds_median {
                theme.accent.to_owned()
            } else {
                with_opacity(theme.accent, 0.45)
            };
            DataPointItem::new(row.share.unwrap_or(0.0))
                .item_style(ItemStyle::new().color(colour.as_str()))
                .into()
        })
        .collect();
    // Above bar and tick.
    let shares = rows.iter().enumerate().filter(|(_, row)| row.people > 0);
    let shares = shares.map(|(position, row)| {
        let rate = row.share.unwrap_or(0.0);
        let height = share_of(before, &row.time).map_or(rate, |before| before.max(rate));
        let text = share(rate);
        let text = if is_narrow {
            text.trim_end_matches('%')
        } else {
            &text
        };
        (place(position as f64, height), text.to_owned())
    });
    let shares = figures(LabelPosition::Top, theme.muted, LABEL_SIZE, shares);
    let before: Vec<CompositeValue> = rows
        .iter()
        .enumerate()
        .filter_map(|(position, row)| Some(place(position as f64, share_of(before, &row.time)?)))
        .collect();
    Chart::new()
        .grid(grid(8.0).top(22))
        .tooltip(column_tooltip())
        .x_axis(category_axis(theme, names).axis_label(axis_label(theme).interval(0)))
        .y_axis(value_axis(theme))
        .series(Bar::new().name("People").bar_width("86%").data(bars))
        .series(ticks("Period before", false, theme.ink, before))
        .series(shares)
}

/// The share of the bin of that name.
fn share_of(rows: &[TimeBin], time: &str) -> Option<f64> {
    rows.iter().find(|row| row.time == time)?.share
}

/// The tooltip of the bin at `index`.
#[must_use]
pub fn tooltip(
    rows: &[TimeBin],
    before: &[TimeBin],
    theme: &Theme,
    index: usize,
) -> Option<Tooltip> {
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
    if let Some(rate) = share_of(before, &row.time) {
        tooltip = tooltip.line("Period before", ValueFormat::Percent.full(rate));
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
