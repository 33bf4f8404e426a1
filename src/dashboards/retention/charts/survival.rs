//! Kaplan–Meier curves with their bands.

use charming::Chart;
use charming::datatype::CompositeValue;
use charming::element::{AreaStyle, BoundaryGap, ItemStyle, LineStyle, NameLocation, Step, Symbol};
use charming::series::Line;

use crate::components::chart_parts::{
    EndName, axis_label, axis_tooltip, before_line, category_axis, end_names, grid, quiet_text,
    spread, value_axis,
};
use crate::components::format::{ValueFormat, words};
use crate::components::theme::Theme;
use crate::components::tooltip::Tooltip;
use crate::results::retention::SurvivalMonth;

/// Plans in the order they are drawn and named.
const ORDER: [&str; 3] = ["enterprise", "professional", "starter"];

/// The steps of a plan, in order.
#[must_use]
pub fn of_plan<'a>(rows: &'a [SurvivalMonth], plan: &str) -> Vec<&'a SurvivalMonth> {
    rows.iter().filter(|row| row.plan == plan).collect()
}

/// Draws a step curve a plan within its band, and, dashed, that of the period before as far as
/// the curves go.
#[must_use]
pub fn chart(rows: &[SurvivalMonth], before: &[SurvivalMonth], theme: &Theme) -> Chart {
    let last = rows.iter().map(|row| row.month).max().unwrap_or(0);
    let months: Vec<String> = (0..=last).map(|month| month.to_string()).collect();
    let axis = category_axis(theme, months)
        .boundary_gap(BoundaryGap::CategoryAxis(false))
        .axis_label(axis_label(theme))
        .name("months")
        .name_location(NameLocation::Middle)
        .name_gap(30)
        .name_text_style(quiet_text(theme));
    let mut chart = Chart::new()
        .grid(grid(96.0).bottom(26))
        .tooltip(axis_tooltip(theme))
        .x_axis(axis)
        .y_axis(value_axis(theme).min(0).max(1).interval(0.25));
    let mut ends = Vec::new();
    for plan in ORDER {
        let steps = of_plan(rows, plan);
        let colour = theme.plan(plan);
        let curve = |value: fn(&SurvivalMonth) -> f64| -> Vec<CompositeValue> {
            steps
                .iter()
                .map(|row| CompositeValue::from(value(row)))
                .collect()
        };
        if let Some(end) = steps.last() {
            ends.push((plan, colour, steps.len() - 1, end.survival));
        }
        let edge = || {
            Line::new()
                .symbol(Symbol::None)
                .silent(true)
                .stack(plan)
                .step(Step::End)
                .line_style(LineStyle::new().width(0).opacity(0.0))
        };
        chart = chart
            .series(
                Line::new()
                    .name(words(plan))
                    .symbol(Symbol::Circle)
                    .symbol_size(4)
                    .show_symbol(true)
                    .item_style(ItemStyle::new().color(colour))
                    .step(Step::End)
                    .line_style(LineStyle::new().color(colour).width(2))
                    .data(curve(|row| row.survival)),
            )
            .series(edge().data(curve(|row| row.lower)))
            .series(
                edge()
                    .area_style(AreaStyle::new().color(colour).opacity(0.15))
                    .data(curve(|row| row.upper - row.lower)),
            );
    }
    for plan in ORDER {
        let survival = of_plan(before, plan);
        let survival = survival.iter().filter(|row| row.month <= last);
        let survival = survival.map(|row| CompositeValue::from(row.survival));
        let line = before_line(theme.plan(plan), survival.collect());
        chart = chart.series(line.step(Step::End));
    }
    let heights: Vec<f64> = ends.iter().map(|(_, _, _, survival)| *survival).collect();
    let heights = spread(&heights, 0.08);
    let names = ends
        .iter()
        .zip(heights)
        .map(|((plan, colour, place, _), height)| EndName {
            name: words(plan).into(),
            colour,
            position: *place,
            height,
        });
    chart.series(end_names(&names.collect::<Vec<_>>()))
}

/// The tooltip of the month at `index`.
#[must_use]
pub fn tooltip(
    rows: &[SurvivalMonth],
    before: &[SurvivalMonth],
    theme: &Theme,
    index: usize,
) -> Option<Tooltip> {
    let month = i64::try_from(index).ok()?;
    let mut tooltip = Tooltip::new(format!("Beyond month {month}"));
    for plan in ORDER {
        let found = of_plan(rows, plan);
        if let Some(row) = found.into_iter().find(|row| row.month == month) {
            let percent = |value: f64| ValueFormat::Percent.full(value);
            tooltip = tooltip
                .mark(theme.plan(plan), words(plan), percent(row.survival))
                .line(
                    "95% interval",
                    format!("{} to {}", percent(row.lower), percent(row.upper)),
                )
                .line("At risk", ValueFormat::Count.full(row.at_risk as f64))
                .line("Churned", ValueFormat::Count.full(row.churned as f64));
            let before = of_plan(before, plan);
            if let Some(row) = before.into_iter().find(|row| row.month == month) {
                tooltip = tooltip.line("Period before", percent(row.survival));
            }
        }
    }
    (!tooltip.lines.is_empty()).then_some(tooltip)
}

/// The first month by which half of a plan's customers have left; `None` while more than half stay.
#[must_use]
pub fn median_month(rows: &[SurvivalMonth], plan: &str) -> Option<i64> {
    let steps = of_plan(rows, plan);
    let step = steps.into_iter().find(|row| row.survival <= 0.5);
    step.map(|row| row.month)
}

/// The position of the row behind a mark of a series.
#[must_use]
pub fn row_at(rows: &[SurvivalMonth], series: usize, index: usize) -> Option<usize> {
    // Each plan has three series: its curve and the two edges of its band.
    let plan = ORDER.get(series / 3)?;
    let month = i64::try_from(index).ok()?;
    rows.iter()
        .position(|row| row.plan == *plan && row.month == month)
}
