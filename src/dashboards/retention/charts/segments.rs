//! Retention curves by segment.

use charming::Chart;
use charming::datatype::CompositeValue;
use charming::element::{BoundaryGap, ItemStyle, LineStyle, NameLocation, Symbol};
use charming::series::Line;

use super::super::options::{Grain, RetentionOptions};
use crate::components::chart_parts::{
    EndName, axis_label, axis_tooltip, before_line, category_axis, end_names, grid, quiet_text,
    spread, value_axis,
};
use crate::components::format::{ValueFormat, words};
use crate::components::theme::Theme;
use crate::components::tooltip::Tooltip;
use crate::dashboards::segment_colours::{segment_colour, segment_name};
use crate::results::retention::SegmentPeriod;

/// The segments, the best kept at the last period they share first.
#[must_use]
pub fn segments(rows: &[SegmentPeriod]) -> Vec<String> {
    let mut names: Vec<String> = rows.iter().map(|row| row.segment.clone()).collect();
    names.sort_unstable();
    names.dedup();
    let shared = shared_period(rows, &names);
    let rate = |name: &str| rate_at(rows, name, shared).unwrap_or(-1.0);
    names.sort_by(|one, other| {
        rate(other)
            .total_cmp(&rate(one))
            .then_with(|| one.cmp(other))
    });
    names
}

/// The last period in which every segment still has people.
#[must_use]
pub fn shared_period(rows: &[SegmentPeriod], names: &[String]) -> i64 {
    let last_of = |name: &String| {
        let of_segment = rows.iter().filter(|row| row.segment == *name);
        of_segment.map(|row| row.period).max().unwrap_or(0)
    };
    names.iter().map(last_of).min().unwrap_or(0)
}

/// A segment's rate in a period.
#[must_use]
pub fn rate_at(rows: &[SegmentPeriod], name: &str, period: i64) -> Option<f64> {
    let row = rows
        .iter()
        .find(|row| row.segment == name && row.period == period);
    row.and_then(|row| row.rate)
}

/// Draws a curve a segment with its name at the end, and, dashed, that of the period before, which
/// has been observed for longer, as far as the curves go.
#[must_use]
pub fn chart(
    rows: &[SegmentPeriod],
    before: &[SegmentPeriod],
    options: &RetentionOptions,
    theme: &Theme,
) -> Chart {
    let names = segments(rows);
    let last = rows.iter().map(|row| row.period).max().unwrap_or(0);
    let periods: Vec<String> = (0..=last).map(|period| period.to_string()).collect();
    let axis = category_axis(theme, periods)
        .boundary_gap(BoundaryGap::CategoryAxis(false))
        .axis_label(axis_label(theme));
    let unit = match options.grain {
        Grain::Week => "weeks",
        Grain::Month => "months",
    };
    let mut chart = Chart::new()
        .grid(grid(104.0).bottom(26))
        .tooltip(axis_tooltip(theme))
        .x_axis(
            axis.name(unit)
                .name_location(NameLocation::Middle)
                .name_gap(30)
                .name_text_style(quiet_text(theme)),
        )
        .y_axis(value_axis(theme).min(0).max(1).interval(0.25));
    let mut ends = Vec::new();
    for (position, name) in names.iter().enumerate() {
        let colour = segment_colour(theme, options.by, name, position);
        let end = (0..=last)
            .rev()
            .find(|period| rate_at(rows, name, *period).is_some());
        if let Some(rate) = end.and_then(|end| rate_at(rows, name, end)) {
            ends.push((name, colour, rate));
        }
        chart = chart.series(
            Line::new()
                .name(segment_name(options.by, name))
                .symbol(Symbol::Circle)
                .symbol_size(5)
                .show_symbol(true)
                .item_style(ItemStyle::new().color(colour))
                .line_style(LineStyle::new().color(colour).width(1.75))
                .data(curve(rows, name, last)),
        );
    }
    for (position, name) in names.iter().enumerate() {
        let colour = segment_colour(theme, options.by, name, position);
        chart = chart.series(before_line(colour, curve(before, name, last)));
    }
    let heights: Vec<f64> = ends.iter().map(|(_, _, rate)| *rate).collect();
    let heights = spread(&heights, 0.075);
    let names = ends
        .iter()
        .zip(heights)
        .map(|((name, colour, _), height)| EndName {
            name: segment_name(options.by, name).into(),
            colour,
            position: usize::try_from(last).unwrap_or(0),
            height,
        });
    chart.series(end_names(&names.collect::<Vec<_>>()))
}

/// A segment's rates up to a period, with gaps where nobody was observed.
fn curve(rows: &[SegmentPeriod], name: &str, last: i64) -> Vec<CompositeValue> {
    let rates = (0..=last).map(|period| rate_at(rows, name, period));
    rates
        .map(|rate| rate.map_or_else(|| CompositeValue::from("-"), CompositeValue::from))
        .collect()
}

/// The tooltip of the period at `index`.
#[must_use]
pub fn tooltip(
    rows: &[SegmentPeriod],
    before: &[SegmentPeriod],
    options: &RetentionOptions,
    theme: &Theme,
    index: usize,
) -> Option<Tooltip> {
    let period = i64::try_from(index).ok()?;
    let heading = format!("{} {period} after the signup", words(options.grain.key()));
    let mut tooltip = Tooltip::new(heading);
    for (position, name) in segments(rows).iter().enumerate() {
        let row = rows
            .iter()
            .find(|row| row.segment == *name && row.period == period);
        if let Some(rate) = row.and_then(|row| row.rate) {
            let people = row.map_or(0, |row| row.eligible);
            tooltip = tooltip.mark(
                segment_colour(theme, options.by, name, position),
                segment_name(options.by, name),
                format!(
                    "{} of {}",
                    ValueFormat::Percent.full(rate),
                    ValueFormat::Count.full(people as f64)
                ),
            );
            if let Some(rate) = rate_at(before, name, period) {
                tooltip = tooltip.line("Period before", ValueFormat::Percent.full(rate));
            }
        }
    }
    (!tooltip.lines.is_empty()).then_some(tooltip)
}
