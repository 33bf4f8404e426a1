//! The ordered funnel, a bar a step.

use charming::Chart;
use charming::component::Axis;
use charming::datatype::{CompositeValue, DataPoint, DataPointItem};
use charming::element::{
    AxisLabel, AxisLine, AxisTick, AxisType, BorderType, ItemStyle, LabelPosition, SplitLine,
};
use charming::series::Bar;

use super::super::options::Step;
use crate::components::chart_parts::{
    LABEL_SIZE, axis_label, category_axis, column_tooltip, figures, grid, place, ticks,
};
use crate::components::format::{ValueFormat, share};
use crate::components::theme::{Theme, with_opacity};
use crate::components::tooltip::Tooltip;
use crate::dashboards::claims::interval;
use crate::results::funnel::FunnelStep;
use crate::results::shares::Share;

/// The steps of everyone together, in order.
#[must_use]
pub fn of_everyone(rows: &[FunnelStep]) -> Vec<&FunnelStep> {
    let mut steps: Vec<&FunnelStep> = rows.iter().filter(|row| row.segment == "all").collect();
    steps.sort_by_key(|row| row.number);
    steps
}

/// The name of a step on screen.
#[must_use]
pub fn step_name(row: &FunnelStep) -> String {
    Step::named(&row.step).map_or_else(|| row.step.clone(), |step| step.label().to_owned())
}

/// Draws how many reached each step, who still can, and who no longer can (in colour before the
/// chosen step); beside the bar stand the rate of the step and of all, on a narrow screen that of all.
#[must_use]
pub fn chart(rows: &[FunnelStep], chosen: Step, is_narrow: bool, theme: &Theme) -> Chart {
    let steps = of_everyone(rows);
    let names = steps.iter().map(|row| step_name(row)).collect();
    let values = Axis::new()
        .type_(AxisType::Value)
        .axis_label(AxisLabel::new().show(false))
        .axis_line(AxisLine::new().show(false))
        .axis_tick(AxisTick::new().show(false))
        .split_line(SplitLine::new().show(false));
    let names = category_axis(theme, names)
        .inverse(true)
        .axis_label(axis_label(theme).color(theme.ink).interval(0))
        .axis_line(AxisLine::new().show(false));
    let bar = |name: &str,
               style: fn(&FunnelStep, Step, &Theme) -> ItemStyle,
               value: fn(&FunnelStep) -> i64| {
        let data: Vec<DataPoint> = steps
            .iter()
            .map(|row| {
                let point = DataPointItem::new(value(row) as f64);
                point.item_style(style(row, chosen, theme)).into()
            })
            .collect();
        Bar::new()
            .name(name)
            .stack("people")
            .bar_width("62%")
            .data(data)
    };
    let texts = steps.iter().enumerate().map(|(position, row)| {
        let end = (row.reached + row.still_in_window + row.dropped) as f64;
        (place(end, position as f64), rates(row, is_narrow))
    });
    let texts = figures(LabelPosition::Right, theme.ink, LABEL_SIZE, texts);
    let signups = steps.first().map_or(0, |row| row.reached) as f64;
    let before: Vec<CompositeValue> = steps
        .iter()
        .enumerate()
        .filter_map(|(position, row)| {
            let before = row.previous_overall_rate? * signups;
            Some(place(before, position as f64))
        })
        .collect();
    Chart::new()
        .grid(grid(if is_narrow { 56.0 } else { 130.0 }))
        .tooltip(column_tooltip())
        .x_axis(values.max(signups.max(1.0)))
        .y_axis(names)
        .series(bar(
            "Reached",
            |_, _, theme| ItemStyle::new().color(theme.teal),
            |row| row.reached,
        ))
        .series(bar(
            "Still in the window",
            |_, _, theme| {
                ItemStyle::new()
                    .color(with_opacity(theme.teal, 0.16).as_str())
                    .border_color(theme.teal)
                    .border_width(1)
                    .border_type(BorderType::Dashed)
            },
            |row| row.still_in_window,
        ))
        .series(bar(
            "Dropped",
            |row, chosen, theme| {
                let is_chosen = Step::named(&row.step) == Some(chosen);
                let (hue, opacity) = if is_chosen {
                    (theme.orange, 0.6)
                } else {
                    (theme.other, 0.28)
                };
                ItemStyle::new().color(with_opacity(hue, opacity).as_str())
            },
            |row| row.dropped,
        ))
        .series(ticks("Period before", true, theme.ink, before))
        .series(texts)
}

/// "2,618 · 71.2% of step · 26.4% of all", or, on two lines, "2,618" and "26.4%".
fn rates(row: &FunnelStep, is_narrow: bool) -> String {
    let reached = ValueFormat::Count.full(row.reached as f64);
    match (row.number, row.step_rate, row.overall_rate) {
        (1, _, _) | (_, None, _) | (_, _, None) => reached,
        (_, _, Some(overall)) if is_narrow => format!("{reached}\n{}", share(overall)),
        // The step before is the signup: both rates are the same.
        (2 | 3, Some(step), _) => format!("{reached} · {}", share(step)),
        (_, Some(step), Some(overall)) => {
            format!(
                "{reached} · {} of step · {} of all",
                share(step),
                share(overall)
            )
        }
    }
}

/// The tooltip of the step at `index`.
#[must_use]
pub fn tooltip(rows: &[FunnelStep], theme: &Theme, index: usize) -> Option<Tooltip> {
    let steps = of_everyone(rows);
    let row = steps.get(index)?;
    let count = |value: i64| ValueFormat::Count.full(value as f64);
    let mut tooltip = Tooltip::new(step_name(row)).mark(theme.teal, "Reached", count(row.reached));
    if row.number > 1 {
        tooltip = tooltip
            .line("Still in the window", count(row.still_in_window))
            .mark(theme.other, "Dropped", count(row.dropped))
            .total("Reached the step before", count(row.entered));
    }
    let percent = |rate: f64| ValueFormat::Percent.full(rate);
    let signups = steps.first().map_or(0, |row| row.reached);
    if let (Some(step), Some(overall), true) = (row.step_rate, row.overall_rate, row.number > 1) {
        tooltip = tooltip
            .line("Of the step", percent(step))
            .line("Of all", percent(overall));
        if let Some(interval) = interval(Share::new(row.reached, signups)) {
            tooltip = tooltip.line("95% interval", interval);
        }
    }
    if let (Some(now), Some(before)) = (row.settled_overall_rate, row.previous_overall_rate) {
        tooltip = tooltip
            .line("Of those whose window has closed", percent(now))
            .mark(theme.ink, "The same, period before", percent(before));
    }
    if let Some(hours) = row.median_hours {
        tooltip = tooltip.line("Median since the step before", super::times::span(hours));
    }
    Some(tooltip)
}
