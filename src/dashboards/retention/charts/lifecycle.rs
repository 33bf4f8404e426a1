//! How many people are new, active, at risk, dormant and churned.

use charming::Chart;
use charming::datatype::CompositeValue;
use charming::element::ItemStyle;
use charming::series::Bar;
use chrono::NaiveDate;

use super::super::queries::STATES;
use crate::components::chart_parts::{
    axis_label, before_line, category_axis, column_tooltip, grid, month_names, value_axis,
};
use crate::components::format::{ValueFormat, day_long, month_long, words};
use crate::components::theme::Theme;
use crate::components::tooltip::Tooltip;
use crate::dashboards::periods::is_over;
use crate::results::retention::LifecycleMonth;

/// The states from the bottom of the stack: the liveliest, where changes are read best.
const STACK: [&str; 5] = ["active", "new", "at_risk", "churned", "dormant"];

/// The position among [`LifecycleMonth::states`] of the state that a series shows.
#[must_use]
pub fn state_of(series: usize) -> Option<usize> {
    let state = STACK.get(series)?;
    STATES.iter().position(|other| other == state)
}

/// The colour of a lifecycle state.
#[must_use]
pub fn state_colour(theme: &Theme, state: &str) -> &'static str {
    match state {
        "new" => theme.blue,
        "active" => theme.teal,
        "at_risk" => theme.ochre,
        "churned" => theme.orange,
        _ => theme.other,
    }
}

/// Draws the states of each month's end, stacked; of the period `before`, who was awake.
#[must_use]
pub fn chart(rows: &[LifecycleMonth], before: &[LifecycleMonth], theme: &Theme) -> Chart {
    let months: Vec<NaiveDate> = rows.iter().map(|row| row.month).collect();
    let axis = category_axis(theme, month_names(&months)).axis_label(axis_label(theme).interval(0));
    let mut chart = Chart::new()
        .grid(grid(12.0))
        .tooltip(column_tooltip())
        .x_axis(axis)
        .y_axis(value_axis(theme));
    for (position, state) in STACK.into_iter().enumerate() {
        let counts: Vec<f64> = rows
            .iter()
            .map(|row| {
                let states = row.states();
                let found = states.into_iter().find(|(name, _)| *name == state);
                found.map_or(0.0, |(_, people)| people as f64)
            })
            .collect();
        let colour = state_colour(theme, state);
        let opacity = if position == 4 { 0.45 } else { 1.0 };
        chart = chart.series(
            Bar::new()
                .name(words(state))
                .stack("states")
                .bar_width("70%")
                .item_style(ItemStyle::new().color(colour).opacity(opacity))
                .data(counts),
        );
    }
    if before.is_empty() {
        return chart;
    }
    let awake = before.iter().take(rows.len());
    let awake = awake.map(|row| CompositeValue::from((row.new + row.active) as f64));
    chart.series(before_line(theme.muted, awake.collect()))
}

/// The tooltip of the month at `index`.
#[must_use]
pub fn tooltip(
    rows: &[LifecycleMonth],
    before: &[LifecycleMonth],
    as_of: NaiveDate,
    theme: &Theme,
    index: usize,
) -> Option<Tooltip> {
    let row = rows.get(index)?;
    let people = row.people();
    let mut tooltip = Tooltip::new(if is_over(row.month, as_of) {
        format!("End of {}", month_long(row.month))
    } else {
        day_long(as_of)
    });
    for (state, count) in row.states() {
        let share = if people > 0 {
            count as f64 / people as f64
        } else {
            0.0
        };
        tooltip = tooltip.mark(
            state_colour(theme, state),
            words(state),
            format!(
                "{}  {}",
                ValueFormat::Count.full(count as f64),
                ValueFormat::Percent.full(share)
            ),
        );
    }
    if let Some(before) = before.get(index) {
        let awake = ValueFormat::Count.full((before.new + before.active) as f64);
        let name = format!("New or active, {}", month_long(before.month));
        tooltip = tooltip.mark(theme.muted, name, awake);
    }
    Some(
        tooltip
            .total("Signed up so far", ValueFormat::Count.full(people as f64))
            .line(
                "Came back in the month",
                ValueFormat::Count.full(row.returned as f64),
            ),
    )
}
