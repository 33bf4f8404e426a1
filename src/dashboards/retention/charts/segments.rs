//! Retention curves by segment.

use charming::Chart;
use charming::datatype::CompositeValue;
use charming::element::{AreaStyle, BoundaryGap, ItemStyle, LineStyle, NameLocation, Symbol};
use charming::series::Line;

use super::super::options::{Grain, RetentionOptions};
use crate::components::chart_parts::{
    EndName, axis_label, axis_tooltip, before_line, category_axis, end_names, grid, quiet_text,
    spread, value_axis,
};
use crate::components::format::{ValueFormat, words};
use crate::components::theme::{Theme, with_opacity};
use crate::components::tooltip::Tooltip;
use crate::dashboards::claims::{PALE, interval};
use crate::dashboards::segment_colours::{segment_colour, segment_name};
use crate::results::retention::SegmentPeriod;
use crate::results::shares::{FEWEST_FOR_A_CLAIM, Share};

/// Bands of more curves than these cover each other.
const MOST_BANDS: usize = 3;

/// The segments, the best kept at the last period they share first; those with too few people last.
#[must_use]
pub fn segments(rows: &[SegmentPeriod]) -> Vec<String> {
    let mut names: Vec<String> = rows.iter().map(|row| row.segment.clone()).collect();
    names.sort_unstable();
    names.dedup();
    let shared = shared_period(rows, &names);
    let rate = |name: &str| rate_at(rows, name, shared).unwrap_or(-1.0);
    let has_enough =
        |name: &str| retention_at(rows, name, shared).is_some_and(|kept| kept.is_enough());
    names.sort_by(|one, other| {
        has_enough(other)
            .cmp(&has_enough(one))
            .then_with(|| rate(other).total_cmp(&rate(one)))
            .then_with(|| one.cmp(other))
    });
    names
}

/// The last period in which every segment still has enough people, of those that had enough after
/// the first; where none had, in which every segment still has people.
#[must_use]
pub fn shared_period(rows: &[SegmentPeriod], names: &[String]) -> i64 {
    let last_of = |name: &String, fewest: i64| {
        let of_segment = rows
            .iter()
            .filter(|row| row.segment == *name && row.eligible >= fewest);
        of_segment.map(|row| row.period).max()
    };
    let with_enough = names
        .iter()
        .filter_map(|name| last_of(name, FEWEST_FOR_A_CLAIM).filter(|period| *period > 0));
    let with_people = || names.iter().filter_map(|name| last_of(name, 1)).min();
    with_enough.min().or_else(with_people).unwrap_or(0)
}

/// How many of a segment came back in a period.
#[must_use]
pub fn retention_at(rows: &[SegmentPeriod], name: &str, period: i64) -> Option<Share> {
    let row = rows
        .iter()
        .find(|row| row.segment == name && row.period == period);
    row.map(SegmentPeriod::retention)
}

/// A segment's rate in a period.
#[must_use]
pub fn rate_at(rows: &[SegmentPeriod], name: &str, period: i64) -> Option<f64> {
    let row = rows
        .iter()
        .find(|row| row.segment == name && row.period == period);
    row.and_then(|row| row.rate)
}

/// Draws a curve a segment with its name at the end, pale where few people stand behind it, within the
/// band of its 95% interval where few curves leave room, and, dashed, that of the period before, which
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
                .data(curve(rows, name, last, true)),
        );
    }
    for (position, name) in names.iter().enumerate() {
        let colour = segment_colour(theme, options.by, name, position);
        let is_pale = |row: &SegmentPeriod| row.segment == *name && !row.retention().is_enough();
        if rows.iter().any(is_pale) {
            let faint = with_opacity(colour, PALE);
            chart = chart.series(
                Line::new()
                    .silent(true)
                    .symbol(Symbol::Circle)
                    .symbol_size(4)
                    .show_symbol(true)
                    .item_style(ItemStyle::new().color(faint.as_str()))
                    .line_style(LineStyle::new().color(faint.as_str()).width(1.25))
                    .data(curve(rows, name, last, false)),
            );
        }
        if names.len() <= MOST_BANDS {
            chart = band(chart, rows, name, last, colour);
        }
    }
    for (position, name) in names.iter().enumerate() {
        let colour = segment_colour(theme, options.by, name, position);
        chart = chart.series(before_line(colour, whole_curve(before, name, last)));
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

fn or_gap(value: Option<f64>) -> CompositeValue {
    value.map_or_else(|| CompositeValue::from("-"), CompositeValue::from)
}

/// A segment's rates up to a period, with gaps where nobody was observed.
fn whole_curve(rows: &[SegmentPeriod], name: &str, last: i64) -> Vec<CompositeValue> {
    let rates = (0..=last).map(|period| rate_at(rows, name, period));
    rates.map(or_gap).collect()
}

/// The part of a segment's curve that enough people stand behind, or the rest of it, which begins at
/// the last point with enough.
fn curve(rows: &[SegmentPeriod], name: &str, last: i64, enough: bool) -> Vec<CompositeValue> {
    let is_enough =
        |period: i64| retention_at(rows, name, period).is_some_and(|kept| kept.is_enough());
    let is_shown = |period: i64| {
        if enough {
            is_enough(period)
        } else {
            !is_enough(period)
                || (period < last
                    && !is_enough(period + 1)
                    && rate_at(rows, name, period + 1).is_some())
        }
    };
    let rates = (0..=last).map(|period| rate_at(rows, name, period).filter(|_| is_shown(period)));
    rates.map(or_gap).collect()
}

/// Adds the band of a segment's 95% intervals (Wilson).
fn band(chart: Chart, rows: &[SegmentPeriod], name: &str, last: i64, colour: &str) -> Chart {
    let ends = |value: fn([f64; 2]) -> f64| -> Vec<CompositeValue> {
        let intervals =
            (0..=last).map(|period| retention_at(rows, name, period).and_then(Share::interval));
        intervals.map(|ends| or_gap(ends.map(value))).collect()
    };
    let edge = || {
        Line::new()
            .symbol(Symbol::None)
            .silent(true)
            .stack(name)
            .line_style(LineStyle::new().width(0).opacity(0.0))
    };
    chart.series(edge().data(ends(|[lower, _]| lower))).series(
        edge()
            .area_style(AreaStyle::new().color(colour).opacity(0.15))
            .data(ends(|[lower, upper]| upper - lower)),
    )
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
            if let Some(interval) = row.and_then(|row| interval(row.retention())) {
                tooltip = tooltip.line("95% interval", interval);
            }
            if let Some(rate) = rate_at(before, name, period) {
                tooltip = tooltip.line("Period before", ValueFormat::Percent.full(rate));
            }
        }
    }
    (!tooltip.lines.is_empty()).then_some(tooltip)
}
