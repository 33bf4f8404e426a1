//! Plots: marks that know their rows.
//!
//! A panel says what its places are (a row of its result each: a month, a channel), what is drawn at them, and
//! what a mark stands for. From that follow the chart, its tooltips, the line of the period before, pale marks
//! of what is not chosen, and what a click reaches. Positions are counted here and nowhere else: ECharts'
//! places become rows again in [`Figure::mark_at`].
//!
//! A form that is not places with marks (a sankey) makes its [`Figure`] itself, as [`heatmap`] does for cells.

mod across;
mod builder;
mod figure;
pub mod heatmap;
mod lower;
mod of_row;
mod series;

use std::rc::Rc;

use charming::Chart;
use charming::series::Series as DrawnSeries;
use chrono::NaiveDate;

pub use across::{Across, across};
pub use of_row::IntoValue;
use of_row::{Mark, Of, Told, Value};
pub use series::{Form, Series};

use super::marks::PanelMark;
use super::notes::Subject;
use crate::components::chart_spec::{ChartMark, TooltipWriter};
use crate::components::format::{ValueFormat, day, month_long};
use crate::components::theme::Theme;
use crate::results::periods::Grain;

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

/// A period's name as a heading: "December 2025", "31 Dec 2025".
fn period_name(grain: Grain, starts_on: NaiveDate) -> String {
    match grain {
        Grain::Month => month_long(starts_on),
        _ => day(starts_on),
    }
}

#[cfg(test)]
mod tests;
