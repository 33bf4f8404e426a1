//! Daily, weekly and monthly active users, and the daily ones expected ahead.

use charming::Chart;
use charming::datatype::CompositeValue;
use charming::element::{AreaStyle, BoundaryGap, LineStyle, LineStyleType, Symbol};
use charming::series::Line;
use chrono::NaiveDate;

use crate::components::chart_parts::{
    EndName, axis_label, axis_tooltip, before_line, category_axis, day_names, end_names, grid,
    spread, value_axis,
};
use crate::components::format::{ValueFormat, day};
use crate::components::theme::Theme;
use crate::components::tooltip::Tooltip;
use crate::results::executive::{ActiveUsersDay, ForecastDay};

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

/// Draws the three counts as lines with their names at the end. Of the period `before`, monthly users
/// are drawn; the days `ahead` are a dashed line within its band, behind a wall at the last day.
#[must_use]
pub fn chart(
    rows: &[ActiveUsersDay],
    before: &[ActiveUsersDay],
    ahead: &[ForecastDay],
    theme: &Theme,
) -> Chart {
    let axis = category_axis(theme, day_names(&days(rows, ahead)))
        .boundary_gap(BoundaryGap::CategoryAxis(false))
        .axis_label(axis_label(theme).interval(0));
    let mut chart = Chart::new()
        .grid(grid(if ahead.is_empty() { 64.0 } else { 44.0 }))
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
    if !before.is_empty() {
        let counts = before.iter().take(rows.len());
        let counts = counts.map(|row| CompositeValue::from(row.mau as f64));
        chart = chart.series(before_line(theme.muted, counts.collect()));
    }
    for series in forecast(rows.len(), ahead, theme) {
        chart = chart.series(series);
    }
    let highest = rows.iter().map(|row| row.mau).max().unwrap_or(0) as f64;
    // The daily line goes on ahead and is named at its end there.
    let heights: Vec<f64> = MEASURES
        .iter()
        .enumerate()
        .map(|(position, (_, measure, _))| match position {
            2 if !ahead.is_empty() => level(ahead),
            _ => measure(last) as f64,
        })
        .collect();
    let heights = spread(&heights, highest * 0.07);
    let names = heights
        .into_iter()
        .enumerate()
        .map(|(position, height)| EndName {
            name: MEASURES[position].0.into(),
            colour: colour(theme, position),
            position: match position {
                2 => rows.len() + ahead.len() - 1,
                _ => rows.len() - 1,
            },
            height,
        });
    chart.series(end_names(&names.collect::<Vec<_>>()))
}

/// The days along the axis: those counted, then those ahead.
#[must_use]
pub fn days(rows: &[ActiveUsersDay], ahead: &[ForecastDay]) -> Vec<NaiveDate> {
    let counted = rows.iter().map(|row| row.date);
    counted.chain(ahead.iter().map(|row| row.date)).collect()
}

/// The mean expected of the last week ahead.
#[must_use]
pub fn level(ahead: &[ForecastDay]) -> f64 {
    last_week(ahead, |day| day.expected)
}

/// The mean over the last seven days ahead.
#[must_use]
pub fn last_week(ahead: &[ForecastDay], value: fn(&ForecastDay) -> f64) -> f64 {
    let week = &ahead[ahead.len().saturating_sub(7)..];
    week.iter().map(value).sum::<f64>() / week.len().max(1) as f64
}

/// The dashed line of what is expected, and its band: the lower edge, and what lies above it.
fn forecast(counted: usize, ahead: &[ForecastDay], theme: &Theme) -> Vec<Line> {
    if ahead.is_empty() {
        return Vec::new();
    }
    let values = |value: fn(&ForecastDay) -> f64| -> Vec<CompositeValue> {
        let nothing = std::iter::repeat_n(CompositeValue::from("-"), counted);
        let expected = ahead.iter().map(|day| CompositeValue::from(value(day)));
        nothing.chain(expected).collect()
    };
    let colour = colour(theme, 2);
    let edge = || {
        Line::new()
            .silent(true)
            .stack("band")
            .symbol(Symbol::None)
            .line_style(LineStyle::new().width(0).opacity(0.0))
    };
    vec![
        edge().data(values(|day| day.lower)),
        edge()
            .area_style(AreaStyle::new().color(colour).opacity(0.15))
            .data(values(|day| day.upper - day.lower)),
        Line::new()
            .name("Expected")
            .silent(true)
            .symbol(Symbol::None)
            .line_style(
                LineStyle::new()
                    .color(colour)
                    .width(1.25)
                    .type_(LineStyleType::Dashed),
            )
            .data(values(|day| day.expected)),
    ]
}

/// The tooltip of the day at `index`.
#[must_use]
pub fn tooltip(
    rows: &[ActiveUsersDay],
    before: &[ActiveUsersDay],
    ahead: &[ForecastDay],
    theme: &Theme,
    index: usize,
) -> Option<Tooltip> {
    let count = |value: f64| ValueFormat::Count.full(value);
    let Some(row) = rows.get(index) else {
        let expected = ahead.get(index.checked_sub(rows.len())?)?;
        return Some(
            Tooltip::new(day(expected.date))
                .mark(
                    colour(theme, 2),
                    "Daily, expected",
                    count(expected.expected),
                )
                .line(
                    "80% band",
                    format!("{} to {}", count(expected.lower), count(expected.upper)),
                ),
        );
    };
    let mut tooltip = Tooltip::new(day(row.date));
    for (position, (name, measure, _)) in MEASURES.into_iter().enumerate() {
        tooltip = tooltip.mark(colour(theme, position), name, count(measure(row) as f64));
    }
    if let Some(share) = stickiness(row) {
        tooltip = tooltip.line("Daily of monthly", ValueFormat::Percent.full(share));
    }
    if let Some(before) = before.get(index) {
        let name = format!("Monthly, {}", day(before.date));
        tooltip = tooltip.mark(theme.muted, name, count(before.mau as f64));
    }
    Some(tooltip)
}

/// Daily over monthly active users; `None` when nobody was active.
#[must_use]
pub fn stickiness(row: &ActiveUsersDay) -> Option<f64> {
    (row.mau > 0).then(|| row.dau as f64 / row.mau as f64)
}
