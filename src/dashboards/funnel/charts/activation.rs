//! Activation by channel, with its uncertainty.

use charming::Chart;
use charming::component::Axis;
use charming::datatype::{DataPoint, DataPointItem};
use charming::element::{
    AxisLine, AxisTick, AxisType, ItemStyle, LabelPosition, LineStyle, SplitLine, Symbol,
};
use charming::series::{Bar, Line};

use super::super::super::segment_colours::segment_name;
use crate::components::chart_parts::{
    LABEL_SIZE, axis_label, category_axis, column_tooltip, figures, grid, place, ticks,
};
use crate::components::format::{ValueFormat, share};
use crate::components::theme::{Theme, with_opacity};
use crate::components::tooltip::Tooltip;
use crate::dashboards::claims::PALE;
use crate::results::funnel::ChannelActivation;
use crate::state::filters::Dimension;

/// Activated over eligible of all channels together.
#[must_use]
pub fn mean_rate(rows: &[ChannelActivation]) -> Option<f64> {
    let eligible: i64 = rows.iter().map(|row| row.eligible).sum();
    let activated: i64 = rows.iter().map(|row| row.activated).sum();
    (eligible > 0).then(|| activated as f64 / eligible as f64)
}

/// Draws a bar a channel, the best on top, with its interval as a line and the rate beside it.
#[must_use]
pub fn chart(rows: &[ChannelActivation], theme: &Theme) -> Chart {
    let names = rows
        .iter()
        .map(|row| segment_name(Dimension::Channel, &row.channel))
        .collect();
    let highest = rows.iter().filter_map(|row| row.upper).fold(0.0, f64::max);
    let values = Axis::new()
        .type_(AxisType::Value)
        .min(0)
        .max((highest * 1.02).max(0.01))
        .split_number(3)
        .axis_label(axis_label(theme).show(false))
        .axis_line(AxisLine::new().show(false))
        .axis_tick(AxisTick::new().show(false))
        .split_line(SplitLine::new().show(false));
    let names = category_axis(theme, names)
        .inverse(true)
        .axis_label(axis_label(theme).color(theme.ink).interval(0))
        .axis_line(AxisLine::new().show(false));
    let bars: Vec<DataPoint> = rows
        .iter()
        .map(|row| {
            let rate = row.rate.unwrap_or(0.0);
            if row.activation().is_enough() {
                return rate.into();
            }
            let pale = with_opacity(theme.accent, PALE);
            DataPointItem::new(rate)
                .item_style(ItemStyle::new().color(pale.as_str()))
                .into()
        })
        .collect();
    let point = |value: f64, position: usize| place(value, position as f64);
    let mut chart = Chart::new()
        .grid(grid(56.0))
        .tooltip(column_tooltip())
        .x_axis(values)
        .y_axis(names)
        .series(
            Bar::new()
                .name("Activated")
                .bar_width("58%")
                .item_style(ItemStyle::new().color(with_opacity(theme.accent, 0.75).as_str()))
                .data(bars),
        );
    for (position, row) in rows.iter().enumerate() {
        if let (Some(lower), Some(upper)) = (row.lower, row.upper) {
            let ends = vec![
                DataPoint::from(point(lower, position)),
                point(upper, position).into(),
            ];
            chart = chart.series(
                Line::new()
                    .silent(true)
                    .symbol(Symbol::None)
                    .line_style(LineStyle::new().color(theme.ink).width(1.25))
                    .z(4)
                    .data(ends),
            );
        }
    }
    let before = rows.iter().enumerate();
    let before = before.filter_map(|(position, row)| Some(point(row.previous_rate?, position)));
    let rates = rows.iter().enumerate().map(|(position, row)| {
        let rate = row.rate.map_or_else(|| "–".to_owned(), share);
        (point(highest, position), rate)
    });
    chart
        .series(ticks("Period before", true, theme.orange, before.collect()))
        .series(figures(LabelPosition::Right, theme.ink, LABEL_SIZE, rates))
}

/// The tooltip of the channel at `index`.
#[must_use]
pub fn tooltip(rows: &[ChannelActivation], theme: &Theme, index: usize) -> Option<Tooltip> {
    let row = rows.get(index)?;
    let percent = |rate: f64| ValueFormat::Percent.full(rate);
    let count = |value: i64| ValueFormat::Count.full(value as f64);
    let mut tooltip = Tooltip::new(segment_name(Dimension::Channel, &row.channel));
    if let Some(rate) = row.rate {
        tooltip = tooltip.mark(theme.accent, "Activated", percent(rate));
    }
    if let (Some(lower), Some(upper)) = (row.lower, row.upper) {
        let interval = format!("{} to {}", percent(lower), percent(upper));
        tooltip = tooltip.line("95% interval", interval);
    }
    if let Some(before) = row.previous_rate {
        tooltip = tooltip.mark(theme.orange, "Period before", percent(before));
    }
    tooltip = tooltip
        .line("People", count(row.activated))
        .line("of signups", count(row.eligible));
    Some(match row.median_hours {
        Some(hours) => tooltip.line("Median time to activation", super::times::span(hours)),
        None => tooltip,
    })
}
