//! Which segments convert best?

use std::rc::Rc;

use charming::Chart;
use charming::component::{Axis, Grid};
use charming::datatype::{DataPoint, DataPointItem};
use charming::element::{
    AxisLabel, AxisLine, AxisTick, AxisType, ItemStyle, LabelPosition, NameLocation, SplitLine,
    TextStyle,
};
use charming::series::Bar;

use super::funnel::{step_name, steps_sql};
use super::people::{at_step, key_of, people};
use crate::components::chart_parts::{LABEL_SIZE, column_tooltip, figures, place, ticks};
use crate::dashboards::claims::{interval, larger, range};
use crate::dashboards::funnel::options::{FunnelOptions, Shown, Step};
use crate::dashboards::prelude::*;
use crate::dashboards::segment_colours::{segment_colour, segment_name};
use crate::results::funnel::FunnelStep;

/// How many people of each segment reached each step within the window.
pub struct FunnelSegments;

impl Source for FunnelSegments {
    type Row = FunnelStep;
    type Options = FunnelOptions;
    const COMPARED_ON: Option<Basis> = None;

    fn sql(filters: &Filters, options: &FunnelOptions) -> String {
        steps_sql(filters, options, Some(options.by.key()))
    }
}

impl Panel for FunnelSegments {
    const SPEC: PanelSpec = PanelSpec {
        id: "funnel-segments",
        title: "Which segments convert best?",
        unit: "Share of all signups of the segment that reached the step",
        form: "bars by segment and step",
        model: "funnel_analysis",
        defined_by: "ordered_funnel",
        acts: AND_COMPARE,
        plan: PlanOf::Signup,
        click: "sets the segment",
        rows: "the people of the segment who reached the step",
        span: "span-5 tall",
        keys: &[],
    };
    const TICKS: ValueFormat = PERCENT;
    type Source = Self;
    type Options = Shown;

    fn answer(view: &View<'_, Self>) -> Option<String> {
        sentence(&view.rows, view.options.chosen.by)
    }

    fn caption(view: &View<'_, Self>) -> Option<String> {
        let mark = "Ticks, of those whose window has closed";
        told(&view.filters, view.basis, mark)
    }

    fn figure(view: &View<'_, Self>, theme: &'static Theme) -> Figure {
        let Shown { chosen, is_narrow } = *view.options;
        let segments = Rc::new(segments(&view.rows, chosen.by, theme));
        let marks = view.rows.iter();
        let marks = marks.map(|row| reached(row, &view.filters, &chosen));
        let at = Rc::clone(&segments);
        Figure {
            chart: chart(&segments, is_narrow, theme),
            marks: marks.collect(),
            mark_at: Rc::new(move |place| {
                let step = COLUMNS.get(place.series.unwrap_or(0))?;
                let (mark, _) = at.get(place.index)?.at(*step)?;
                Some(*mark)
            }),
            tooltip: Rc::new(move |place| Some(segments.get(place.index)?.tooltip())),
            time: None,
        }
    }
}

/// The people of a segment who reached a step. A click sets the segment.
fn reached(row: &FunnelStep, filters: &Filters, options: &FunnelOptions) -> PanelMark {
    let (step, options) = (Step::named(&row.step).unwrap_or_default(), *options);
    let segment = row.segment.clone();
    let name = segment_name(options.by, &segment);
    let mark = PanelMark::new(
        format!("{}.{}", key_of(&segment), step.key()),
        format!("{name}: {}", step.label()),
    );
    let mark = mark.only(options.by, &segment);
    people(mark, row.reached, filters, move |filters| {
        statement!(
            "funnel_segments_people.sql",
            filters,
            by = options.by.key(),
            segment = segment.as_str(),
            reached = at_step(filters, &options, step, "reached"),
        )
    })
}

/// Most segments that are drawn.
const MOST: usize = 8;
/// Steps that have columns: everyone reaches the first.
const COLUMNS: [Step; 3] = [Step::Connected, Step::Reported, Step::Paid];

/// A segment that is drawn.
struct Segment {
    name: String,
    colour: &'static str,
    signups: i64,
    /// Its rows, with the positions of their marks.
    steps: Vec<(usize, FunnelStep)>,
}

impl Segment {
    fn at(&self, step: Step) -> Option<&(usize, FunnelStep)> {
        self.steps.iter().find(|(_, row)| row.step == step.name())
    }

    /// The share of signups that reached a step, and that of the period before.
    fn rates(&self, step: Step) -> (f64, Option<f64>) {
        self.at(step).map_or((0.0, None), |(_, row)| {
            (row.overall_rate.unwrap_or(0.0), row.previous_overall_rate)
        })
    }

    fn tooltip(&self) -> Tooltip {
        let mut tooltip = Tooltip::new(self.name.as_str());
        for (_, row) in &self.steps {
            let reached = COUNT.full(row.reached as f64);
            let text = match row.overall_rate.filter(|_| row.number > 1) {
                Some(rate) => format!("{reached}  {}", PERCENT.full(rate)),
                None => reached,
            };
            tooltip = tooltip.mark(self.colour, step_name(row), text);
            let reached = Share::new(row.reached, self.signups);
            if let Some(interval) = interval(reached).filter(|_| row.number > 1) {
                tooltip = tooltip.line("95% interval", interval);
            }
            let settled = row.settled_overall_rate.zip(row.previous_overall_rate);
            if let Some((now, before)) = settled {
                tooltip = tooltip
                    .line("Of those whose window has closed", PERCENT.full(now))
                    .line("The same, period before", PERCENT.full(before));
            }
        }
        tooltip
    }
}

/// The segments that are drawn, in the order of the dimension's values; the largest of many.
fn segments(rows: &[FunnelStep], dimension: Dimension, theme: &Theme) -> Vec<Segment> {
    let mut firsts: Vec<&FunnelStep> = rows.iter().filter(|row| row.number == 1).collect();
    firsts.sort_by_key(|row| (std::cmp::Reverse(row.reached), &row.segment));
    firsts.truncate(MOST);
    if dimension != Dimension::Country {
        let values = dimension.values();
        firsts.sort_by_key(|row| values.iter().position(|value| *value == row.segment));
    }
    let segments = firsts.into_iter().enumerate().map(|(position, first)| {
        let steps = rows.iter().cloned().enumerate();
        let steps = steps.filter(|(_, row)| row.segment == first.segment);
        Segment {
            name: segment_name(dimension, &first.segment),
            colour: segment_colour(theme, dimension, &first.segment, position),
            signups: first.reached,
            steps: steps.collect(),
        }
    });
    segments.collect()
}

/// Draws a row a segment and a column of bars a step: the share of all signups that reached the step, with ticks at
/// the shares of the period before; bars of a step share a scale.
fn chart(segments: &[Segment], is_narrow: bool, theme: &Theme) -> Chart {
    let mut chart = Chart::new().tooltip(column_tooltip());
    let mut beside = Vec::new();
    // In percent of the chart: the names of segments, and a column.
    let (first, width) = if is_narrow { (29, 21) } else { (21, 24) };
    for (column, step) in COLUMNS.into_iter().enumerate() {
        let left = first + column * (width + 3);
        let column = column as f64;
        let rates: Vec<_> = segments.iter().map(|of| of.rates(step)).collect();
        // Figures stand beside bar and tick.
        let end = |(rate, before): &(f64, Option<f64>)| before.unwrap_or(0.0).max(*rate);
        let highest = rates.iter().map(end).fold(0.0, f64::max);
        let reach = (highest * if is_narrow { 2.1 } else { 1.75 }).max(0.01);
        let names: Vec<&str> = segments.iter().map(|of| of.name.as_str()).collect();
        let label = AxisLabel::new()
            .show(column == 0.0)
            .color(theme.ink)
            .font_size(LABEL_SIZE)
            .interval(0);
        let (values, places) = axes(step, theme);
        chart = chart
            .grid(
                Grid::new()
                    .left(format!("{left}%"))
                    .width(format!("{width}%"))
                    .top(28)
                    .bottom(4),
            )
            .x_axis(values.grid_index(column).max(reach))
            .y_axis(places.grid_index(column).axis_label(label).data(names));
        let bars = segments.iter().zip(&rates).map(|(of, (rate, _))| {
            let opacity = if is_enough(of.signups) { 0.85 } else { PALE };
            let colour = with_opacity(of.colour, opacity);
            let style = ItemStyle::new().color(colour.as_str());
            DataPoint::from(DataPointItem::new(*rate).item_style(style))
        });
        chart = chart.series(
            Bar::new()
                .name(step.label())
                .x_axis_index(column)
                .y_axis_index(column)
                .bar_width("62%")
                .data(bars.collect()),
        );
        let rates = || (0_u32..).map(f64::from).zip(&rates);
        let before = rates().filter_map(|(at, (_, before))| Some(place((*before)?, at)));
        let texts = rates().map(|(at, of)| (place(end(of), at), share(of.0)));
        beside.extend(
            [
                ticks("Period before", true, theme.ink, before.collect()),
                figures(LabelPosition::Right, theme.ink, LABEL_SIZE, texts),
            ]
            .map(|series| series.x_axis_index(column).y_axis_index(column)),
        );
    }
    // After the bars, whose numbers marks are found by.
    beside.into_iter().fold(chart, Chart::series)
}

/// The axes of a step's column: of shares, and of segments from the top.
fn axes(step: Step, theme: &Theme) -> (Axis, Axis) {
    let values = Axis::new()
        .type_(AxisType::Value)
        .position("top")
        .axis_label(AxisLabel::new().show(false))
        .axis_line(AxisLine::new().show(false))
        .axis_tick(AxisTick::new().show(false))
        .split_line(SplitLine::new().show(false));
    let name = TextStyle::new()
        .color(theme.muted)
        .font_size(LABEL_SIZE)
        .align("left");
    let segments = Axis::new()
        .type_(AxisType::Category)
        .inverse(true)
        .name(step.short())
        .name_location(NameLocation::Start)
        .name_gap(10)
        .name_text_style(name)
        .axis_line(AxisLine::new().show(true))
        .axis_tick(AxisTick::new().show(false));
    (values, segments)
}

/// Which segment gets furthest?
#[must_use]
pub fn sentence(rows: &[FunnelStep], dimension: Dimension) -> Option<String> {
    let mut paid: Vec<(&str, Share)> = rows
        .iter()
        .filter(|row| row.step == Step::Paid.name())
        .filter_map(|row| {
            let mut firsts = rows.iter().filter(|other| other.number == 1);
            let first = firsts.find(|other| other.segment == row.segment)?;
            Some((row.segment.as_str(), Share::new(row.reached, first.reached)))
        })
        .filter(|(_, paid)| paid.whole > 0)
        .collect();
    let largest = paid.iter().map(|(_, paid)| paid.whole).max()?;
    let all = paid.len();
    paid.retain(|(_, paid)| paid.is_enough());
    paid.sort_by(|one, other| {
        let rate = |paid: &Share| paid.rate().unwrap_or(0.0);
        rate(&other.1)
            .total_cmp(&rate(&one.1))
            .then_with(|| one.0.cmp(other.0))
    });
    let (Some(best), Some(worst)) = (paid.first(), paid.last()) else {
        return Some(too_few("people", "segment", largest));
    };
    let name = |value: &str| segment_name(dimension, value);
    let (high, low) = (best.1.rate()?, worst.1.rate()?);
    let size = |paid: Share| COUNT.full(paid.whole as f64);
    let far = "signups got as far as a payment.";
    Some(if paid.len() == 1 {
        format!(
            "{}: {} of {} {far}",
            name(best.0),
            share(high),
            size(best.1)
        )
    } else if best.1.is_clearly_first_of(paid.len(), worst.1) {
        format!(
            "{} converts best: {} of {} {far} {}: {} of {}.",
            name(best.0),
            share(high),
            size(best.1),
            name(worst.0),
            share(low),
            size(worst.1),
        )
    } else {
        format!(
            "No clear difference: {} of each {}segment’s {far}",
            range(low, high),
            larger(paid.len() < all)
        )
    })
}
