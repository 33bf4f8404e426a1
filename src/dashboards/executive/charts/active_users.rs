//! Daily, weekly and monthly active users.

use charming::Chart;
use charming::element::{BoundaryGap, LineStyle, Symbol};
use charming::series::Line;
use chrono::NaiveDate;

use crate::components::chart_parts::{
    axis_label, axis_tooltip, category_axis, day_names, end_label, grid, spread, value_axis,
};
use crate::components::format::{ValueFormat, day};
use crate::components::theme::Theme;
use crate::components::tooltip::Tooltip;
use crate::results::executive::ActiveUsersDay;

type Measure = (&'static str, fn(&ActiveUsersDay) -> i64, f64);

const MEASURES: [Measure; 3] = [
    ("Monthly", |day| day.mau, 2.0),
    ("Weekly", |day| day.wau, 1.5),
    ("Daily", |day| day.dau, 1.0),
];

fn colour(theme: &Theme, position: usize) -> &'static str {
    [theme.teal, theme.blue, theme.slate]
        .get(position)
        .copied()
        .unwrap_or(theme.other)
}

/// Draws the three counts as lines with their names at the end.
#[must_use]
pub fn chart(rows: &[ActiveUsersDay], theme: &Theme) -> Chart {
    let days: Vec<NaiveDate> = rows.iter().map(|row| row.date).collect();
    let axis = category_axis(theme, day_names(&days))
        .boundary_gap(BoundaryGap::CategoryAxis(false))
        .axis_label(axis_label(theme).interval(0));
    let mut chart = Chart::new()
        .grid(grid(64.0))
        .tooltip(axis_tooltip(theme))
        .x_axis(axis)
        .y_axis(value_axis(theme));
    for (position, (name, measure, width)) in MEASURES.into_iter().enumerate() {
        let counts: Vec<f64> = rows.iter().map(|row| measure(row) as f64).collect();
        let style = LineStyle::new().color(colour(theme, position)).width(width);
        chart = chart.series(
            Line::new()
                .name(name)
                .symbol(Symbol::None)
                .line_style(style)
                .data(counts),
        );
    }
    let Some(last) = rows.last() else {
        return chart;
    };
    let highest = rows.iter().map(|row| row.mau).max().unwrap_or(0) as f64;
    let heights: Vec<f64> = MEASURES
        .iter()
        .map(|(_, measure, _)| measure(last) as f64)
        .collect();
    for (position, height) in spread(&heights, highest * 0.07).into_iter().enumerate() {
        let label = end_label(
            MEASURES[position].0,
            colour(theme, position),
            rows.len() - 1,
            height,
            false,
        );
        chart = chart.series(label);
    }
    chart
}

/// The tooltip of the day at `index`.
#[must_use]
pub fn tooltip(rows: &[ActiveUsersDay], theme: &Theme, index: usize) -> Option<Tooltip> {
    let row = rows.get(index)?;
    let mut tooltip = Tooltip::new(day(row.date));
    for (position, (name, measure, _)) in MEASURES.into_iter().enumerate() {
        let value = ValueFormat::Count.full(measure(row) as f64);
        tooltip = tooltip.mark(colour(theme, position), name, value);
    }
    Some(match stickiness(row) {
        Some(share) => tooltip.line("Daily of monthly", ValueFormat::Percent.full(share)),
        None => tooltip,
    })
}

/// Daily over monthly active users; `None` when nobody was active.
#[must_use]
pub fn stickiness(row: &ActiveUsersDay) -> Option<f64> {
    (row.mau > 0).then(|| row.dau as f64 / row.mau as f64)
}
