//! A chart with what ECharts can't hold as data: how its numbers and tooltips are written.

use std::rc::Rc;

use charming::Chart;

use super::format::ValueFormat;
use super::tooltip::Tooltip;

/// A place on a chart: a mark, or the column of an axis beside one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChartMark {
    /// Position of its series; `None` for a place beside the marks.
    pub series: Option<usize>,
    /// Name of its series; may be empty.
    pub series_name: String,
    /// Position in its series, or along the axis of names.
    pub index: usize,
    /// Its own name: a category, a node, a cell; may be empty.
    pub name: String,
    /// Whether it is the link between two nodes of a sankey.
    pub is_link: bool,
}

/// Writes the tooltip of a place.
pub type TooltipWriter = Rc<dyn Fn(&ChartMark) -> Option<Tooltip>>;

/// A chart and how it is read out.
#[derive(Clone)]
pub struct ChartSpec {
    /// The chart itself: pure data.
    pub chart: Chart,
    /// How the ticks of its value axes are written.
    pub ticks: ValueFormat,
    /// What its tooltips say.
    pub tooltip: TooltipWriter,
    /// One sentence for those who don't see it.
    pub summary: String,
    /// The place along its axis of names whose period is not over.
    pub running: Option<usize>,
}
