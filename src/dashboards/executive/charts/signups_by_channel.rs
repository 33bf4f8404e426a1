//! Signups by channel, against the period before.

use charming::Chart;
use charming::component::Axis;
use charming::datatype::{DataPoint, DataPointItem};
use charming::element::{
    AxisLabel, AxisLine, AxisTick, AxisType, ItemStyle, LabelPosition, SplitLine,
};
use charming::series::Bar;

use crate::components::chart_parts::{
    LABEL_SIZE, axis_label, category_axis, column_tooltip, figures, grid, place, ticks,
};
use crate::components::format::{ValueFormat, relative_change, words};
use crate::components::theme::Theme;
use crate::components::tooltip::Tooltip;
use crate::dashboards::claims::{WITHIN_CHANCE, is_within_chance};
use crate::results::executive::ChannelSignups;

/// Largest channel first; ECharts counts from the bottom.
fn from_bottom(rows: &[ChannelSignups]) -> Vec<&ChannelSignups> {
    let mut ordered: Vec<&ChannelSignups> = rows.iter().collect();
    ordered.sort_by(|one, other| {
        one.signups
            .cmp(&other.signups)
            .then_with(|| other.channel.cmp(&one.channel))
    });
    ordered
}

/// Draws a bar a channel with its count, and a tick where the period before stood.
///
/// With some channels `chosen`, the others are drawn pale.
#[must_use]
pub fn chart(rows: &[ChannelSignups], chosen: &[&str], theme: &Theme) -> Chart {
    let ordered = from_bottom(rows);
    let names = ordered.iter().map(|row| words(&row.channel)).collect();
    let values = Axis::new()
        .type_(AxisType::Value)
        .axis_label(AxisLabel::new().show(false))
        .axis_line(AxisLine::new().show(false))
        .axis_tick(AxisTick::new().show(false))
        .split_line(SplitLine::new().show(false));
    let channels = category_axis(theme, names)
        .axis_label(axis_label(theme).color(theme.ink).interval(0))
        .axis_line(AxisLine::new().show(false));
    let is_pale =
        |row: &ChannelSignups| !chosen.is_empty() && !chosen.contains(&row.channel.as_str());
    let counts: Vec<DataPoint> = ordered
        .iter()
        .map(|row| {
            let bar = DataPointItem::new(row.signups as f64);
            if is_pale(row) {
                bar.item_style(ItemStyle::new().opacity(0.3)).into()
            } else {
                bar.into()
            }
        })
        .collect();
    let before = ordered.iter().enumerate();
    let before = before
        .filter_map(|(position, row)| Some(place(row.before? as f64, position as f64)))
        .collect();
    // Beyond both marks, so that neither crosses the figure.
    let counted = ordered.iter().enumerate().map(|(position, row)| {
        let end = row.signups.max(row.before.unwrap_or(0)) as f64;
        let count = ValueFormat::Count.full(row.signups as f64);
        (place(end, position as f64), count)
    });
    Chart::new()
        .grid(grid(44.0))
        .tooltip(column_tooltip())
        .x_axis(values)
        .y_axis(channels)
        .series(
            Bar::new()
                .name("Signups")
                .bar_width("58%")
                .item_style(ItemStyle::new().color(theme.accent))
                .data(counts),
        )
        .series(ticks("Period before", true, theme.ink, before))
        .series(figures(
            LabelPosition::Right,
            theme.ink,
            LABEL_SIZE,
            counted,
        ))
}

/// The tooltip of the channel at `index`, counted from the bottom.
#[must_use]
pub fn tooltip(rows: &[ChannelSignups], theme: &Theme, index: usize) -> Option<Tooltip> {
    let ordered = from_bottom(rows);
    let row = ordered.get(index)?;
    let total: i64 = rows.iter().map(|row| row.signups).sum();
    let count = |value: f64| ValueFormat::Count.full(value);
    let mut tooltip =
        Tooltip::new(words(&row.channel)).mark(theme.accent, "Signups", count(row.signups as f64));
    if total > 0 {
        let share = row.signups as f64 / total as f64;
        tooltip = tooltip.line("Share", ValueFormat::Percent.full(share));
    }
    if let Some(before) = row.before {
        let before = before as f64;
        tooltip = tooltip.mark(theme.ink, "Period before", count(before));
        if let Some(change) = relative_change(row.signups as f64, before) {
            let mut text = crate::components::format::change(change);
            if is_within_chance(row.signups, before as i64) {
                text.push_str(&format!(", {WITHIN_CHANCE}"));
            }
            tooltip = tooltip.line("Change", text);
        }
    }
    Some(tooltip)
}

/// The row of the bar at `index`, counted from the bottom.
#[must_use]
pub fn row_at(rows: &[ChannelSignups], index: usize) -> Option<usize> {
    let channel = &from_bottom(rows).get(index)?.channel;
    rows.iter().position(|row| row.channel == *channel)
}
