//! Signups by channel, against the period before.

use charming::Chart;
use charming::component::Axis;
use charming::datatype::{CompositeValue, DataPoint, DataPointItem};
use charming::element::{
    AxisLabel, AxisLine, AxisTick, AxisType, ItemStyle, Label, LabelPosition, SplitLine, Symbol,
};
use charming::series::{Bar, Scatter};

use crate::components::chart_parts::{LABEL_SIZE, axis_label, category_axis, column_tooltip, grid};
use crate::components::format::{ValueFormat, relative_change, words};
use crate::components::theme::Theme;
use crate::components::tooltip::Tooltip;
use crate::results::executive::ChannelSignups;

/// A thin upright bar in a square box, since charming knows square symbols only.
const UPRIGHT_TICK: &str = "path://M0 0M18 18M8 0L10 0L10 18L8 18Z";

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
    let before: Vec<CompositeValue> = ordered
        .iter()
        .enumerate()
        .filter_map(|(position, row)| {
            let place = vec![
                CompositeValue::from(row.before? as f64),
                CompositeValue::from(position as f64),
            ];
            Some(CompositeValue::from(place))
        })
        .collect();
    // Beyond both marks, so that neither crosses the figure.
    let labels: Vec<DataPoint> = ordered
        .iter()
        .enumerate()
        .map(|(position, row)| {
            let end = row.signups.max(row.before.unwrap_or(0)) as f64;
            let place = vec![
                CompositeValue::from(end),
                CompositeValue::from(position as f64),
            ];
            let name = ValueFormat::Count.full(row.signups as f64);
            DataPointItem::new(CompositeValue::from(place))
                .name(name)
                .into()
        })
        .collect();
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
        .series(
            Scatter::new()
                .name("Period before")
                .symbol(Symbol::Custom(UPRIGHT_TICK.to_owned()))
                .symbol_size(18)
                .item_style(ItemStyle::new().color(theme.ink))
                .data(before),
        )
        .series(
            Scatter::new()
                .name("Figures")
                .symbol(Symbol::Circle)
                .symbol_size(0)
                .label(
                    Label::new()
                        .show(true)
                        .position(LabelPosition::Right)
                        .distance(8)
                        .formatter("{b}")
                        .color(theme.ink)
                        .font_size(LABEL_SIZE),
                )
                .data(labels),
        )
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
            tooltip = tooltip.line("Change", crate::components::format::change(change));
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
