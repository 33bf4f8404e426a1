//! A chart with what ECharts can't hold as data: how its numbers and tooltips are written.

use std::rc::Rc;

use charming::Chart;

use super::format::ValueFormat;
use super::tooltip::Tooltip;

/// Writes the tooltip of the mark or place with a data index.
pub type TooltipWriter = Rc<dyn Fn(usize) -> Option<Tooltip>>;

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
}
