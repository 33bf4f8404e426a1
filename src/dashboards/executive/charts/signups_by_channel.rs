//! Signups of the last month by channel, against the usual month.

use charming::Chart;
use charming::component::Axis;
use charming::datatype::{CompositeValue, DataPoint, DataPointItem};
use charming::element::{
    AxisLabel, AxisLine, AxisTick, AxisType, ItemStyle, Label, LabelPosition, SplitLine, Symbol,
};
use charming::series::{Bar, Scatter};

use crate::components::chart_parts::{LABEL_SIZE, axis_label, category_axis, column_tooltip, grid};
use crate::components::format::{ValueFormat, month_long, relative_change, words};
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

/// Draws a bar a channel with its count, and a tick where the usual month stands.
#[must_use]
pub fn chart(rows: &[ChannelSignups], theme: &Theme) -> Chart {
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
    let counts: Vec<f64> = ordered.iter().map(|row| row.signups as f64).collect();
    let usual: Vec<CompositeValue> = ordered
        .iter()
        .enumerate()
        .filter_map(|(position, row)| {
            let place = vec![
                CompositeValue::from(row.usual?),
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
            let end = (row.signups as f64).max(row.usual.unwrap_or(0.0));
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
                .name("Usual month")
                .symbol(Symbol::Custom(UPRIGHT_TICK.to_owned()))
                .symbol_size(18)
                .item_style(ItemStyle::new().color(theme.ink))
                .data(usual),
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
    let mut tooltip = Tooltip::new(format!(
        "{}, {}",
        words(&row.channel),
        month_long(row.month)
    ))
    .mark(theme.accent, "Signups", count(row.signups as f64));
    if total > 0 {
        let share = row.signups as f64 / total as f64;
        tooltip = tooltip.line("Share", ValueFormat::Percent.full(share));
    }
    if let Some(usual) = row.usual {
        tooltip = tooltip.mark(theme.ink, "Usual month", count(usual));
        if let Some(change) = relative_change(row.signups as f64, usual) {
            tooltip = tooltip.line("Against usual", crate::components::format::change(change));
        }
    }
    Some(tooltip)
}
