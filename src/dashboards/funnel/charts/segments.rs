//! The funnel of each segment: a row a segment, a column of bars a step.

use charming::Chart;
use charming::component::{Axis, Grid};
use charming::datatype::{CompositeValue, DataPoint, DataPointItem};
use charming::element::{
    AxisLabel, AxisLine, AxisTick, AxisType, ItemStyle, LabelPosition, NameLocation, SplitLine,
    TextStyle,
};
use charming::series::Bar;

use super::super::options::Step;
use super::steps::step_name;
use crate::components::chart_parts::{LABEL_SIZE, column_tooltip, figures, place, ticks};
use crate::components::format::{ValueFormat, share};
use crate::components::theme::{Theme, with_opacity};
use crate::components::tooltip::Tooltip;
use crate::dashboards::claims::{PALE, interval, is_enough};
use crate::dashboards::segment_colours::{segment_colour, segment_name};
use crate::results::funnel::FunnelStep;
use crate::results::shares::Share;
use crate::state::filters::Dimension;

/// Most segments that are drawn.
const MOST: usize = 8;
/// Steps that have columns: everyone reaches the first.
const COLUMNS: [Step; 3] = [Step::Connected, Step::Reported, Step::Paid];

/// The segments that are drawn, in the order of the dimension's values; the largest of many.
#[must_use]
pub fn segments(rows: &[FunnelStep], dimension: Dimension) -> Vec<String> {
    let mut sizes: Vec<(i64, &str)> = rows
        .iter()
        .filter(|row| row.number == 1)
        .map(|row| (row.reached, row.segment.as_str()))
        .collect();
    sizes.sort_by(|one, other| other.0.cmp(&one.0).then_with(|| one.1.cmp(other.1)));
    sizes.truncate(MOST);
    if dimension != Dimension::Country {
        let place = |value: &str| dimension.values().iter().position(|other| *other == value);
        sizes.sort_by_key(|(_, value)| place(value));
    }
    sizes
        .into_iter()
        .map(|(_, value)| value.to_owned())
        .collect()
}

fn row_of<'a>(rows: &'a [FunnelStep], segment: &str, step: Step) -> Option<&'a FunnelStep> {
    rows.iter()
        .find(|row| row.segment == segment && row.step == step.name())
}

/// Draws each segment's share of all signups that reached each step, with ticks at the shares of the
/// period before; bars of a step share a scale.
#[must_use]
pub fn chart(rows: &[FunnelStep], dimension: Dimension, is_narrow: bool, theme: &Theme) -> Chart {
    let names = segments(rows, dimension);
    let mut chart = Chart::new().tooltip(column_tooltip());
    let mut beside = Vec::new();
    // In percent of the chart: the names of segments, and a column.
    let (first, width) = if is_narrow { (29, 21) } else { (21, 24) };
    for (column, step) in COLUMNS.into_iter().enumerate() {
        let left = first + column * (width + 3);
        let rates: Vec<f64> = names
            .iter()
            .map(|name| {
                let row = row_of(rows, name, step);
                row.and_then(|row| row.overall_rate).unwrap_or(0.0)
            })
            .collect();
        let befores_of_step = names
            .iter()
            .filter_map(|name| row_of(rows, name, step)?.previous_overall_rate);
        let highest = befores_of_step.chain(rates.iter().copied());
        let highest = highest.fold(0.0, f64::max);
        chart = chart
            .grid(
                Grid::new()
                    .left(format!("{left}%"))
                    .width(format!("{width}%"))
                    .top(28)
                    .bottom(4),
            )
            .x_axis(
                Axis::new()
                    .type_(AxisType::Value)
                    .grid_index(column as f64)
                    .position("top")
                    .max((highest * if is_narrow { 2.1 } else { 1.75 }).max(0.01))
                    .axis_label(AxisLabel::new().show(false))
                    .axis_line(AxisLine::new().show(false))
                    .axis_tick(AxisTick::new().show(false))
                    .split_line(SplitLine::new().show(false)),
            )
            .y_axis(
                Axis::new()
                    .type_(AxisType::Category)
                    .grid_index(column as f64)
                    .inverse(true)
                    .name(step.short())
                    .name_location(NameLocation::Start)
                    .name_gap(10)
                    .name_text_style(
                        TextStyle::new()
                            .color(theme.muted)
                            .font_size(LABEL_SIZE)
                            .align("left"),
                    )
                    .axis_line(AxisLine::new().show(true))
                    .axis_tick(AxisTick::new().show(false))
                    .axis_label(
                        AxisLabel::new()
                            .show(column == 0)
                            .color(theme.ink)
                            .font_size(LABEL_SIZE)
                            .interval(0),
                    )
                    .data(
                        names
                            .iter()
                            .map(|name| segment_name(dimension, name))
                            .collect::<Vec<_>>(),
                    ),
            );
        let bars: Vec<DataPoint> = names
            .iter()
            .zip(&rates)
            .enumerate()
            .map(|(position, (name, rate))| {
                let colour = segment_colour(theme, dimension, name, position);
                let signups = row_of(rows, name, Step::SignedUp).map_or(0, |row| row.reached);
                let opacity = if is_enough(signups) { 0.85 } else { PALE };
                DataPointItem::new(*rate)
                    .item_style(ItemStyle::new().color(with_opacity(colour, opacity).as_str()))
                    .into()
            })
            .collect();
        let before: Vec<CompositeValue> = names
            .iter()
            .enumerate()
            .filter_map(|(position, name)| {
                let rate = row_of(rows, name, step)?.previous_overall_rate?;
                Some(place(rate, position as f64))
            })
            .collect();
        // Beside bar and tick.
        let texts = names.iter().zip(&rates).enumerate();
        let texts = texts.map(|(position, (name, rate))| {
            let before = row_of(rows, name, step).and_then(|row| row.previous_overall_rate);
            let end = before.map_or(*rate, |before| before.max(*rate));
            (place(end, position as f64), share(*rate))
        });
        beside.extend(
            [
                ticks("Period before", true, theme.ink, before),
                figures(LabelPosition::Right, theme.ink, LABEL_SIZE, texts),
            ]
            .map(|series| {
                series
                    .x_axis_index(column as f64)
                    .y_axis_index(column as f64)
            }),
        );
        chart = chart.series(
            Bar::new()
                .name(step.label())
                .x_axis_index(column as f64)
                .y_axis_index(column as f64)
                .bar_width("62%")
                .data(bars),
        );
    }
    // After the bars, whose numbers marks are found by.
    beside.into_iter().fold(chart, Chart::series)
}

/// The tooltip of the segment at `index`.
#[must_use]
pub fn tooltip(
    rows: &[FunnelStep],
    dimension: Dimension,
    theme: &Theme,
    index: usize,
) -> Option<Tooltip> {
    let names = segments(rows, dimension);
    let name = names.get(index)?;
    let colour = segment_colour(theme, dimension, name, index);
    let mut tooltip = Tooltip::new(segment_name(dimension, name));
    let signups = row_of(rows, name, Step::SignedUp).map_or(0, |row| row.reached);
    for row in rows.iter().filter(|row| row.segment == *name) {
        let reached = ValueFormat::Count.full(row.reached as f64);
        let text = match row.overall_rate.filter(|_| row.number > 1) {
            Some(rate) => format!("{reached}  {}", ValueFormat::Percent.full(rate)),
            None => reached,
        };
        tooltip = tooltip.mark(colour, step_name(row), text);
        let reached = Share::new(row.reached, signups);
        if let Some(interval) = interval(reached).filter(|_| row.number > 1) {
            tooltip = tooltip.line("95% interval", interval);
        }
        if let (Some(now), Some(before)) = (row.settled_overall_rate, row.previous_overall_rate) {
            let percent = |rate: f64| ValueFormat::Percent.full(rate);
            tooltip = tooltip
                .line("Of those whose window has closed", percent(now))
                .line("The same, period before", percent(before));
        }
    }
    Some(tooltip)
}

/// The position of the row behind a bar of a step's column.
#[must_use]
pub fn row_at(
    rows: &[FunnelStep],
    dimension: Dimension,
    column: usize,
    index: usize,
) -> Option<usize> {
    let names = segments(rows, dimension);
    let (name, step) = (names.get(index)?, COLUMNS.get(column)?);
    rows.iter()
        .position(|row| row.segment == *name && row.step == step.name())
}
