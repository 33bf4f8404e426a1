//! What kinds of users are there?

use std::rc::Rc;

use charming::Chart;
use charming::component::Axis;
use charming::datatype::{CompositeValue, DataPoint};
use charming::element::{
    AxisLabel, AxisLine, AxisTick, AxisType, ItemStyle, NameLocation, SplitLine, Tooltip as Tip,
    Trigger,
};
use charming::series::Scatter;

use super::super::features::USERS;
use super::super::words::{count, key_of};
use crate::components::chart_parts::{grid, names_on_paper, quiet_text};
use crate::dashboards::claims::share_or_counts;
use crate::dashboards::prelude::*;
use crate::results::adoption::MapPoint;

/// Points of the map at most.
const MAP_POINTS: u32 = 3_000;

/// A fixed sample of the users whom the model put into segments.
pub struct SegmentMap;

impl Source for SegmentMap {
    type Row = MapPoint;
    type Options = ();
    const COMPARED_ON: Option<Basis> = None;
    const LEARNED: Option<Model> = Some(Model::Segments);

    fn sql(filters: &Filters, (): &()) -> String {
        statement!("segment_map.sql", filters, map_points = MAP_POINTS)
    }
}

impl Panel for SegmentMap {
    const SPEC: PanelSpec = PanelSpec {
        id: "segment-map",
        title: "What kinds of users are there?",
        unit: "One dot per user, up to 3,000",
        form: "scatter plot",
        model: "ml.user_segments",
        defined_by: "user_segments",
        acts: USER_FILTERS,
        plan: PlanOf::LastDay,
        click: "",
        rows: "the users of the segment",
        span: "span-5 taller",
        keys: &[],
    };
    const TICKS: ValueFormat = ValueFormat::Ratio;
    type Source = Self;
    type Options = ();

    fn answer(view: &View<'_, Self>) -> Option<String> {
        sentence(&view.rows)
    }

    /// A dot a user, on the plane of the two directions in which users differ most.
    fn figure(view: &View<'_, Self>, theme: &'static Theme) -> Figure {
        let segments = segments(&view.rows, theme);
        let marks = segments.iter().map(|one| users_of(one, &view.filters));
        Figure {
            chart: chart(&segments, theme),
            marks: marks.collect(),
            mark_at: Rc::new(|place| place.series),
            tooltip: Rc::new(move |place| {
                let segment = segments.get(place.series?)?;
                Some(tooltip(segment, segment.users.get(place.index)?))
            }),
            time: None,
        }
    }
}

/// A segment with its users on the map.
struct Segment {
    name: String,
    colour: &'static str,
    users: Vec<MapPoint>,
}

impl Segment {
    /// The middle of its users along an axis.
    fn middle(&self, along: fn(&MapPoint) -> f64) -> f64 {
        let mut values: Vec<f64> = self.users.iter().map(along).collect();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or_default()
    }
}

/// Segments in the order of their names.
fn segments(rows: &[MapPoint], theme: &Theme) -> Vec<Segment> {
    let colours = [
        theme.teal,
        theme.orange,
        theme.blue,
        theme.ochre,
        theme.plum,
        theme.slate,
        theme.rose,
    ];
    let segments = names(rows).into_iter().enumerate();
    let segments = segments.map(|(position, name)| Segment {
        name: name.to_owned(),
        colour: colours.get(position).copied().unwrap_or(theme.other),
        users: { rows.iter() }
            .filter(|row| row.segment == name)
            .cloned()
            .collect(),
    });
    segments.collect()
}

fn names(rows: &[MapPoint]) -> Vec<&str> {
    let mut names: Vec<&str> = rows.iter().map(|row| row.segment.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// A series a segment, and the names in the middle of their points.
fn chart(segments: &[Segment], theme: &Theme) -> Chart {
    let mut chart = Chart::new()
        .grid(grid(16.0).left(22).bottom(22))
        .tooltip(Tip::new().trigger(Trigger::Item))
        .x_axis(axis(theme, "First principal component"))
        .y_axis(axis(theme, "Second principal component"));
    // Finer than a pixel: thousands of long numbers take long to read.
    let fine = |value: f64| CompositeValue::from((value * 1e3).round() / 1e3);
    let place = |x: f64, y: f64| vec![fine(x), fine(y)];
    for segment in segments {
        let points = segment.users.iter();
        let points = points.map(|user| DataPoint::from(place(user.x, user.y)));
        chart = chart.series(
            Scatter::new()
                .name(segment.name.as_str())
                // Below four ECharts fills squares, which is quick.
                .symbol_size(3.5)
                .item_style(ItemStyle::new().color(segment.colour).opacity(0.55))
                .data(points.collect::<Vec<_>>()),
        );
    }
    let names = segments.iter().map(|segment| {
        let middle = place(segment.middle(|user| user.x), segment.middle(|user| user.y));
        (
            CompositeValue::from(middle),
            segment.name.as_str(),
            segment.colour,
        )
    });
    chart.series(names_on_paper(theme, names))
}

fn axis(theme: &Theme, name: &str) -> Axis {
    Axis::new()
        .type_(AxisType::Value)
        .scale(true)
        .name(name)
        .name_location(NameLocation::Middle)
        .name_gap(8)
        .name_text_style(quiet_text(theme))
        .axis_label(AxisLabel::new().show(false))
        .axis_line(AxisLine::new().show(true))
        .axis_tick(AxisTick::new().show(false))
        .split_line(SplitLine::new().show(false))
}

fn tooltip(segment: &Segment, user: &MapPoint) -> Tooltip {
    Tooltip::new(format!("User {}", user.user_id))
        .mark(segment.colour, segment.name.as_str(), "")
        .line("First component", ValueFormat::Ratio.full(user.x))
        .line("Second component", ValueFormat::Ratio.full(user.y))
}

/// The users of a segment among those shown.
fn users_of(segment: &Segment, filters: &Filters) -> PanelMark {
    let (name, filters) = (segment.name.clone(), filters.clone());
    let shown = segment.users.len() as i64;
    PanelMark::new(key_of(&name), &name).counted(USERS, shown, move || {
        statement!(
            "segment_map_rows.sql",
            &filters,
            map_points = MAP_POINTS,
            segment = name.as_str()
        )
    })
}

/// What kinds of users are there?
#[must_use]
pub fn sentence(rows: &[MapPoint]) -> Option<String> {
    let segments = names(rows);
    let size = |segment: &str| rows.iter().filter(|row| row.segment == segment).count();
    let largest = segments.iter().max_by_key(|segment| size(segment))?;
    let of_all = Share::new(size(largest) as i64, rows.len() as i64);
    let of_all = share_or_counts(of_all)?;
    if !is_enough(rows.len() as i64) {
        return Some(format!(
            "Too few people to compare: the largest segment, {largest}, has {of_all}."
        ));
    }
    Some(match segments.len() {
        1 => format!(
            "All {} users shown belong to one segment: {largest}.",
            count(rows.len() as i64)
        ),
        kinds => format!(
            "{kinds} segments. The largest is {largest}, {of_all} of the {} users shown.",
            count(rows.len() as i64)
        ),
    })
}
