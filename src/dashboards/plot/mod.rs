//! Plots: marks that know their rows.
//!
//! A panel says what its places are (a row of its result each: a month, a channel), what is drawn at them, and
//! what a mark stands for. From that follow the chart, its tooltips, the line of the period before, pale marks
//! of what is not chosen, and what a click reaches. Positions are counted here and nowhere else: ECharts'
//! places become rows again in [`Figure::mark_at`].
//!
//! A form that is not places with marks (a sankey) makes its [`Figure`] itself, as [`heatmap`] does for cells.

mod across;
mod figure;
pub mod heatmap;
mod lower;
mod series;

use std::rc::Rc;

use charming::Chart;
use charming::series::Series as DrawnSeries;
use chrono::NaiveDate;

pub use across::{Across, across};
pub use series::{Form, Series};

use super::marks::PanelMark;
use super::notes::Subject;
use crate::components::chart_spec::{ChartMark, TooltipWriter};
use crate::components::format::{ValueFormat, day, month_long};
use crate::components::theme::Theme;
use crate::results::periods::{Grain, Periodic};

/// A chart with its tooltips and marks, ready to be shown.
#[derive(Clone)]
pub struct Figure {
    /// The chart itself: pure data.
    pub chart: Chart,
    /// What its tooltips say.
    pub tooltip: TooltipWriter,
    /// Its marks; the first one with rows is what the button "Rows" opens.
    pub marks: Vec<PanelMark>,
    /// The position in `marks` of a place on the chart.
    pub mark_at: MarkFinder,
    /// What happened along its axis, where that is time, and the first day of each place.
    pub time: Option<(Subject, Grain, Vec<NaiveDate>)>,
}

impl Figure {
    /// A figure of nothing.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            chart: Chart::new(),
            tooltip: Rc::new(|_| None),
            marks: Vec::new(),
            mark_at: Rc::new(|_| None),
            time: None,
        }
    }
}

/// The position among a figure's marks of a place on its chart.
pub type MarkFinder = Rc<dyn Fn(&ChartMark) -> Option<usize>>;

/// What is asked of a row.
type Of<R, T> = Rc<dyn Fn(&R) -> T>;
/// Text about a row in a tooltip: a value of a series, or a figure beside it.
type Told<R> = Of<R, Option<String>>;
/// A mark of a row.
type Mark<R> = Of<R, Option<PanelMark>>;
/// A number of a row.
type Value<R> = Of<R, Option<f64>>;

/// A line of a tooltip that belongs to no series.
struct Line<R> {
    name: String,
    is_total: bool,
    told: Told<R>,
}

/// A line of a tooltip: of a series by its position, of the row alone, or of the period before.
enum Entry<R> {
    Series(usize),
    Line(Line<R>),
    Before,
}

/// What a plot of time is about.
struct Time<R> {
    subject: Subject,
    grain: Grain,
    starts_on: Of<R, NaiveDate>,
}

/// A dashed line across, at a value that marks are held to.
struct Reference {
    name: &'static str,
    colour: &'static str,
    value: f64,
}

/// What is drawn of the period before.
struct Before<R> {
    rows: Vec<R>,
    /// Stands before the period's name in tooltips; may be empty.
    name: &'static str,
    value: Value<R>,
    has_change: bool,
}

/// A plot of rows, one place each.
pub struct Plot<R> {
    theme: &'static Theme,
    ticks: ValueFormat,
    rows: Rc<Vec<R>>,
    name: Of<R, String>,
    heading: Of<R, String>,
    time: Option<Time<R>>,
    /// Whether places stand below each other, the first on top, and bars lie.
    is_lying: bool,
    /// Whether lying bars have a scale of values below them.
    is_scaled: bool,
    /// Whether hairlines part the places.
    is_ruled: bool,
    /// Room to the right of the plotting area, in pixels.
    room: f64,
    /// Room above it.
    headroom: Option<f64>,
    /// Where the axis of values ends; at a round value unless it is said.
    reach: Option<f64>,
    /// Whether figures stand below each other, beyond the longest bar.
    are_figures_aligned: bool,
    series: Vec<Series<R>>,
    entries: Vec<Entry<R>>,
    is_largest_told_first: bool,
    before: Option<Before<R>>,
    is_pale: Option<Of<R, bool>>,
    mark: Option<Mark<R>>,
    are_marks_from_last: bool,
    are_marks_by_series: bool,
    /// How far apart names at line ends stand at least, as a share of the highest value.
    names_apart: f64,
    axis_name: &'static str,
    /// Where a hairline runs across.
    baseline: Option<f64>,
    reference: Option<Reference>,
    remark: Option<Told<R>>,
    /// Whether the axis ends below a few values that would rule it.
    is_capped: bool,
    overlays: Vec<DrawnSeries>,
}

impl<R: Periodic + Clone + 'static> Plot<R> {
    /// A plot over time, a place for each row; `ticks` is how its values are written.
    #[must_use]
    pub fn over_time(
        rows: &[R],
        subject: Subject,
        ticks: ValueFormat,
        theme: &'static Theme,
    ) -> Self {
        let heading = |row: &R| period_name(R::GRAIN, row.starts_on());
        let mut plot = Self::of_names(rows, ticks, theme, heading);
        plot.time = Some(Time {
            subject,
            grain: R::GRAIN,
            starts_on: Rc::new(R::starts_on),
        });
        plot
    }
}

impl<R: Clone + 'static> Plot<R> {
    /// A plot over names, a place for each row from the left.
    #[must_use]
    pub fn of_names(
        rows: &[R],
        ticks: ValueFormat,
        theme: &'static Theme,
        name: impl Fn(&R) -> String + 'static,
    ) -> Self {
        let name: Of<R, String> = Rc::new(name);
        Self {
            theme,
            ticks,
            rows: Rc::new(rows.to_vec()),
            heading: Rc::clone(&name),
            name,
            time: None,
            is_lying: false,
            is_scaled: false,
            is_ruled: false,
            room: 12.0,
            headroom: None,
            reach: None,
            are_figures_aligned: false,
            series: Vec::new(),
            entries: Vec::new(),
            is_largest_told_first: false,
            before: None,
            is_pale: None,
            mark: None,
            are_marks_from_last: false,
            are_marks_by_series: false,
            names_apart: 0.07,
            axis_name: "",
            baseline: None,
            reference: None,
            remark: None,
            is_capped: false,
            overlays: Vec::new(),
        }
    }

    /// Lays bars down: a place for each row from the top.
    #[must_use]
    pub fn lying(mut self) -> Self {
        self.is_lying = true;
        self
    }

    /// Shows the scale of values where bars or dots lie: no figures beside them say it.
    #[must_use]
    pub fn scaled(mut self) -> Self {
        self.is_scaled = true;
        self
    }

    /// Parts the places by hairlines.
    #[must_use]
    pub fn ruled(mut self) -> Self {
        self.is_ruled = true;
        self
    }

    /// Leaves room above the plotting area for figures, in pixels.
    #[must_use]
    pub fn headroom(mut self, pixels: f64) -> Self {
        self.headroom = Some(pixels);
        self
    }

    /// Ends the axis of values at a value.
    #[must_use]
    pub fn reach(mut self, value: f64) -> Self {
        self.reach = Some(value);
        self
    }

    /// Writes figures below each other, beyond the longest bar, instead of at the end of each.
    #[must_use]
    pub fn figures_aligned(mut self) -> Self {
        self.are_figures_aligned = true;
        self
    }

    /// Leaves room for names at the ends of lines and figures at the ends of bars, in pixels.
    #[must_use]
    pub fn room(mut self, pixels: f64) -> Self {
        self.room = pixels;
        self
    }

    /// Heads tooltips otherwise than the axis names places.
    #[must_use]
    pub fn headed(mut self, heading: impl Fn(&R) -> String + 'static) -> Self {
        self.heading = Rc::new(heading);
        self
    }

    /// Lists marks from the last place, as plots of time do.
    #[must_use]
    pub fn marks_from_last(mut self) -> Self {
        self.are_marks_from_last = true;
        self
    }

    /// Lists marks series by series, each from its first place.
    #[must_use]
    pub fn marks_by_series(mut self) -> Self {
        self.are_marks_by_series = true;
        self
    }

    /// Keeps names at line ends as far apart as this share of the highest value: more where the chart is low.
    #[must_use]
    pub fn names_apart(mut self, share: f64) -> Self {
        self.names_apart = share;
        self
    }

    /// Names the axis of places.
    #[must_use]
    pub fn axis_name(mut self, name: &'static str) -> Self {
        self.axis_name = name;
        self
    }

    /// Draws a hairline across at a value that readers compare with.
    #[must_use]
    pub fn baseline(mut self, value: f64) -> Self {
        self.baseline = Some(value);
        self
    }

    /// Draws a dashed line across at a value that marks are held to, where there is one.
    #[must_use]
    pub fn reference(
        mut self,
        name: &'static str,
        colour: &'static str,
        value: impl IntoValue,
    ) -> Self {
        self.reference = value.into_value().map(|value| Reference {
            name,
            colour,
            value,
        });
        self
    }

    /// Adds a remark to the tooltips of some rows.
    #[must_use]
    pub fn remark(mut self, remark: impl Fn(&R) -> Option<String> + 'static) -> Self {
        self.remark = Some(Rc::new(remark));
        self
    }

    /// Ends the axis below a few values that are so far above the rest that they would rule it; they are written
    /// at its end.
    #[must_use]
    pub fn capped(mut self) -> Self {
        self.is_capped = true;
        self
    }

    /// Draws a series. Tooltips list series in the order of these calls.
    #[must_use]
    pub fn series(mut self, series: Series<R>) -> Self {
        self.entries.push(Entry::Series(self.series.len()));
        self.series.push(series);
        self
    }

    /// Draws a series of each kind, such as one of each feature.
    #[must_use]
    pub fn each(self, series: impl IntoIterator<Item = Series<R>>) -> Self {
        series.into_iter().fold(self, Self::series)
    }

    /// Tells the series of a place from the largest value on, ahead of all other lines.
    #[must_use]
    pub fn largest_told_first(mut self) -> Self {
        self.is_largest_told_first = true;
        self
    }

    /// Draws a stack of series from the bottom up. Tooltips list them from the top down.
    #[must_use]
    pub fn stack(mut self, stack: impl IntoIterator<Item = Series<R>>) -> Self {
        let first = self.series.len();
        let stack = stack.into_iter();
        self.series
            .extend(stack.map(|series| series.stacked("stack")));
        let told = (first..self.series.len()).rev();
        self.entries.extend(told.map(Entry::Series));
        self
    }

    /// Tells a figure of each row, without a mark.
    #[must_use]
    pub fn line(
        self,
        name: impl Into<String>,
        told: impl Fn(&R) -> Option<String> + 'static,
    ) -> Self {
        self.told(name.into(), false, told)
    }

    /// Tells what the series add up to.
    #[must_use]
    pub fn total(self, name: &'static str, told: impl Fn(&R) -> Option<String> + 'static) -> Self {
        self.told(name.to_owned(), true, told)
    }

    fn told(
        mut self,
        name: String,
        is_total: bool,
        told: impl Fn(&R) -> Option<String> + 'static,
    ) -> Self {
        let told = Rc::new(told);
        self.entries.push(Entry::Line(Line {
            name,
            is_total,
            told,
        }));
        self
    }

    /// Draws one value of the period before as a dashed line, where there is one, and tells it under the
    /// period's name with `name` before it.
    #[must_use]
    pub fn before<V: IntoValue>(
        mut self,
        rows: &[R],
        name: &'static str,
        value: impl Fn(&R) -> V + 'static,
    ) -> Self {
        self.before = (!rows.is_empty()).then(|| Before {
            rows: rows.to_vec(),
            name,
            value: Rc::new(move |row| value(row).into_value()),
            has_change: false,
        });
        self
    }

    /// Tells the period before here, and not below all else.
    #[must_use]
    pub fn before_told_here(mut self) -> Self {
        self.entries.push(Entry::Before);
        self
    }

    /// Tells also how much has changed since the period before.
    #[must_use]
    pub fn with_change(mut self) -> Self {
        if let Some(before) = &mut self.before {
            before.has_change = true;
        }
        self
    }

    /// Draws some rows pale: those that the filters leave out.
    #[must_use]
    pub fn pale(mut self, is_pale: impl Fn(&R) -> bool + 'static) -> Self {
        self.is_pale = Some(Rc::new(is_pale));
        self
    }

    /// Says what each row stands for; a series may have marks of its own.
    #[must_use]
    pub fn mark(mut self, mark: impl Fn(&R) -> PanelMark + 'static) -> Self {
        self.mark = Some(Rc::new(move |row| Some(mark(row))));
        self
    }

    /// Draws what is no mark above all, such as a line that leads to one; no click hits it.
    #[must_use]
    pub fn overlay(mut self, series: impl Into<DrawnSeries>) -> Self {
        self.overlays.push(series.into());
        self
    }

    /// The plot, drawn.
    #[must_use]
    pub fn figure(self) -> Figure {
        self.of_numbers().drawn()
    }
}

/// A period's name as a heading: "December 2025", "31 Dec 2025".
fn period_name(grain: Grain, starts_on: NaiveDate) -> String {
    match grain {
        Grain::Month => month_long(starts_on),
        _ => day(starts_on),
    }
}

/// What a series may hold: a number, or none where there is none.
pub trait IntoValue {
    /// The number.
    fn into_value(self) -> Option<f64>;
}

impl IntoValue for f64 {
    fn into_value(self) -> Option<f64> {
        Some(self)
    }
}

impl IntoValue for i64 {
    fn into_value(self) -> Option<f64> {
        Some(self as f64)
    }
}

impl<T: IntoValue> IntoValue for Option<T> {
    fn into_value(self) -> Option<f64> {
        self?.into_value()
    }
}

#[cfg(test)]
mod tests;
