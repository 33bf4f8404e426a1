//! Curves since a start, one a group: the share that is still there after so many weeks or months.

use std::rc::Rc;

use charming::Chart;
use charming::datatype::CompositeValue;
use charming::element::{AreaStyle, BoundaryGap, ItemStyle, LineStyle, NameLocation, Step, Symbol};
use charming::series::Line;

use crate::components::chart_parts::{
    EndName, axis_label, axis_tooltip, before_line, category_axis, end_names, grid, quiet_text,
    spread, value_axis,
};
use crate::components::chart_spec::ChartMark;
use crate::components::format::ValueFormat;
use crate::components::theme::{Theme, with_opacity};
use crate::components::tooltip::Tooltip;
use crate::dashboards::claims::{PALE, ends};
use crate::dashboards::marks::PanelMark;
use crate::dashboards::plot::Figure;

/// A curve goes on as long as one in this many of its people has been observed.
pub const LEAST_OBSERVED: i64 = 10;
/// Bands of more curves than these cover each other.
const MOST_BANDS: usize = 3;

/// A point of a curve: a row.
#[derive(Debug, Clone)]
pub struct Point {
    /// The key of the group whose curve it is on.
    pub group: String,
    /// Periods since the start.
    pub period: i64,
    /// The share that is drawn.
    pub rate: f64,
    /// Its 95% interval.
    pub interval: Option<[f64; 2]>,
    /// Whether enough people stand behind it; what is of few is pale.
    pub is_firm: bool,
    /// The share as tooltips write it.
    pub told: String,
    /// What else they say.
    pub beside: Vec<(&'static str, String)>,
}

/// A group with a curve.
#[derive(Debug, Clone)]
pub struct Group {
    /// As its points spell it.
    pub key: String,
    /// As it is shown.
    pub name: String,
    /// The colour of its curve.
    pub colour: &'static str,
}

/// How curves run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// From point to point; names stand in one column beside the last period.
    Lines,
    /// In steps; each name stands where its curve ends.
    Steps,
}

/// Curves, and, dashed, those of the period before, as far as the curves go.
pub struct Curves {
    /// How they run.
    pub form: Form,
    /// What periods are: "months".
    pub unit: &'static str,
    /// The groups, in the order their curves are told.
    pub groups: Vec<Group>,
    /// The points, in the order of their marks.
    pub points: Vec<Point>,
    /// Those of the period before.
    pub before: Vec<Point>,
    /// What heads the tooltip of a period.
    pub heading: Box<dyn Fn(i64) -> String>,
}

fn position(points: &[Point], group: &Group, period: i64) -> Option<usize> {
    let is_at = |point: &Point| point.period == period && point.group == group.key;
    points.iter().position(is_at)
}

fn at<'a>(points: &'a [Point], group: &Group, period: i64) -> Option<&'a Point> {
    points.get(position(points, group, period)?)
}

impl Curves {
    /// The curves, drawn; each point has a mark.
    #[must_use]
    pub fn figure(self, marks: Vec<PanelMark>, theme: &Theme) -> Figure {
        let (chart, drawn) = self.chart(theme);
        let curves = Rc::new(self);
        let found = Rc::clone(&curves);
        let mark_at = move |place: &ChartMark| {
            let group = &found.groups[(*drawn.get(place.series?)?)?];
            position(&found.points, group, i64::try_from(place.index).ok()?)
        };
        Figure {
            chart,
            tooltip: Rc::new(move |place| curves.tooltip(place.index)),
            marks,
            mark_at: Rc::new(mark_at),
            time: None,
        }
    }

    /// The last period of any curve.
    fn last(&self) -> i64 {
        let periods = self.points.iter().map(|point| point.period);
        periods.max().unwrap_or(0)
    }

    /// The chart, and which group each of its series is of; none where no click hits it.
    fn chart(&self, theme: &Theme) -> (Chart, Vec<Option<usize>>) {
        let room = match self.form {
            Form::Lines => 104.0,
            Form::Steps => 96.0,
        };
        let periods = (0..=self.last()).map(|period| period.to_string());
        let axis = category_axis(theme, periods.collect())
            .boundary_gap(BoundaryGap::CategoryAxis(false))
            .axis_label(axis_label(theme))
            .name(self.unit)
            .name_location(NameLocation::Middle)
            .name_gap(30)
            .name_text_style(quiet_text(theme));
        let mut chart = Chart::new()
            .grid(grid(room).bottom(26))
            .tooltip(axis_tooltip(theme))
            .x_axis(axis)
            .y_axis(value_axis(theme).min(0).max(1).interval(0.25));
        let mut drawn = Vec::new();
        for (position, group) in self.groups.iter().enumerate() {
            let lines = self.lines(group);
            drawn.push(Some(position));
            drawn.extend(lines.iter().skip(1).map(|_| None));
            chart = lines.into_iter().fold(chart, Chart::series);
        }
        for group in &self.groups {
            let rates = self.values(|period| Some(at(&self.before, group, period)?.rate));
            chart = chart.series(self.stepped(before_line(group.colour, rates)));
        }
        (chart.series(self.names()), drawn)
    }

    /// The curve of a group, pale where few people stand behind it, within its band where few curves leave room.
    fn lines(&self, group: &Group) -> Vec<Line> {
        let (width, dot) = match self.form {
            Form::Lines => (1.75, 5),
            Form::Steps => (2.0, 4),
        };
        let dotted = |colour: &str, width: f64, dot: i64| {
            let line = Line::new()
                .symbol(Symbol::Circle)
                .symbol_size(dot)
                .show_symbol(true)
                .item_style(ItemStyle::new().color(colour))
                .line_style(LineStyle::new().color(colour).width(width));
            self.stepped(line)
        };
        let point = |period| at(&self.points, group, period);
        let rate_if = |is_drawn: &dyn Fn(&Point) -> bool| {
            self.values(|period| point(period).filter(|of| is_drawn(of)).map(|of| of.rate))
        };
        let firm = dotted(group.colour, width, dot).name(group.name.as_str());
        let mut lines = vec![firm.data(rate_if(&|of| of.is_firm))];
        let mut of_group = self.points.iter().filter(|of| of.group == group.key);
        if of_group.any(|of| !of.is_firm) {
            // It begins at the last point with enough people.
            let leads_on = |of: &Point| point(of.period + 1).is_some_and(|next| !next.is_firm);
            let faint = with_opacity(group.colour, PALE);
            let pale = rate_if(&|of| !of.is_firm || leads_on(of));
            lines.push(dotted(&faint, 1.25, 4).silent(true).data(pale));
        }
        if self.groups.len() <= MOST_BANDS {
            let edge = |value: fn([f64; 2]) -> f64| {
                let line = Line::new()
                    .symbol(Symbol::None)
                    .silent(true)
                    .stack(group.key.as_str())
                    .line_style(LineStyle::new().width(0).opacity(0.0));
                let ends = self.values(|period| point(period)?.interval.map(value));
                self.stepped(line).data(ends)
            };
            let area = AreaStyle::new().color(group.colour).opacity(0.15);
            lines.push(edge(|[lower, _]| lower));
            lines.push(edge(|[lower, upper]| upper - lower).area_style(area));
        }
        lines
    }

    fn stepped(&self, line: Line) -> Line {
        match self.form {
            Form::Lines => line,
            Form::Steps => line.step(Step::End),
        }
    }

    /// A value of each period; ECharts' word for nothing where there is none.
    fn values(&self, value: impl Fn(i64) -> Option<f64>) -> Vec<CompositeValue> {
        let drawn = |period| match value(period) {
            Some(value) => CompositeValue::from(value),
            None => CompositeValue::from("-"),
        };
        (0..=self.last()).map(drawn).collect()
    }

    fn names(&self) -> Line {
        let ends = self.groups.iter().filter_map(|group| {
            let of_group = self.points.iter().filter(|point| point.group == group.key);
            Some((group, of_group.max_by_key(|point| point.period)?))
        });
        let ends: Vec<(&Group, &Point)> = ends.collect();
        let rates: Vec<f64> = ends.iter().map(|(_, end)| end.rate).collect();
        let heights = match self.form {
            Form::Lines => spread(&rates, 0.075),
            Form::Steps => spread(&rates, 0.08),
        };
        let names = ends.iter().zip(heights).map(|((group, end), height)| {
            let period = match self.form {
                Form::Lines => self.last(),
                Form::Steps => end.period,
            };
            EndName {
                name: group.name.as_str().into(),
                colour: group.colour,
                position: usize::try_from(period).unwrap_or(0),
                height,
            }
        });
        end_names(&names.collect::<Vec<_>>())
    }

    /// The tooltip of the period at `index`.
    fn tooltip(&self, index: usize) -> Option<Tooltip> {
        let period = i64::try_from(index).ok()?;
        let mut tooltip = Tooltip::new((self.heading)(period));
        for group in &self.groups {
            let Some(point) = at(&self.points, group, period) else {
                continue;
            };
            tooltip = tooltip.mark(group.colour, group.name.as_str(), point.told.as_str());
            let interval = point
                .interval
                .map(|interval| ("95% interval", ends(interval)));
            let before = at(&self.before, group, period);
            let before = before.map(|of| ("Period before", ValueFormat::Percent.full(of.rate)));
            for (name, told) in interval
                .into_iter()
                .chain(point.beside.clone())
                .chain(before)
            {
                tooltip = tooltip.line(name, told);
            }
        }
        (!tooltip.lines.is_empty()).then_some(tooltip)
    }
}
