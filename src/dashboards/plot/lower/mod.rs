//! A plot as a charming chart, and which row each drawn place is of.

mod axes;
mod forms;
mod lines;
mod texts;

use charming::Chart;

use super::{Form, Plot, Series};
use crate::components::chart_parts::{axis_tooltip, column_tooltip, grid};

/// A series as drawn: which one of the plot's it is, and which rows its places are of.
#[derive(Clone)]
pub(super) struct Drawn {
    /// Its position among the plot's series; `None` for what is no series.
    pub(super) series: Option<usize>,
    /// The rows of its points, where it has none at some places; `None` when each place, from the left or
    /// from the bottom, is a row.
    pub(super) rows: Option<Vec<usize>>,
}

/// The chart, and what each of its series is of.
pub(super) fn chart(plot: &Plot<usize>) -> (Chart, Vec<Drawn>) {
    let has_bars = plot
        .series
        .iter()
        .any(|series| matches!(series.form, Form::Bars(_) | Form::Beside));
    let tooltip = if has_bars || plot.is_lying {
        column_tooltip()
    } else {
        axis_tooltip(plot.theme)
    };
    let grid = match plot.headroom {
        None => grid(plot.room),
        Some(headroom) => grid(plot.room).top(headroom),
    };
    let mut drawing = Drawing {
        plot,
        has_bars,
        chart: Chart::new().grid(grid).tooltip(tooltip),
        drawn: Vec::new(),
    };
    drawing.axes();
    for position in drawn_order(&plot.series) {
        drawing.series(position, &plot.series[position]);
    }
    drawing.baseline();
    drawing.reference();
    drawing.before();
    for overlay in &plot.overlays {
        drawing.add(overlay.clone(), None);
    }
    drawing.names();
    drawing.figures();
    drawing.beyond();
    (drawing.chart, drawing.drawn)
}

struct Drawing<'a> {
    plot: &'a Plot<usize>,
    has_bars: bool,
    chart: Chart,
    drawn: Vec<Drawn>,
}

impl Drawing<'_> {
    fn add(&mut self, drawn: impl Into<charming::series::Series>, series: Option<usize>) {
        self.chart = std::mem::take(&mut self.chart).series(drawn);
        self.drawn.push(Drawn { series, rows: None });
    }

    /// Draws a series that has points at some rows only.
    fn add_at(
        &mut self,
        rows: Vec<usize>,
        drawn: impl Into<charming::series::Series>,
        series: Option<usize>,
    ) {
        self.add(drawn, series);
        if let Some(drawn) = self.drawn.last_mut() {
            drawn.rows = Some(rows);
        }
    }
}

/// Positions of series in the order they are drawn: by level, and as they were given.
fn drawn_order(series: &[Series<usize>]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..series.len()).collect();
    order.sort_by_key(|position| series[*position].level);
    order
}
