//! Draws panels from rows, and reads what their charts tell and reach.

use chrono::NaiveDate;
use metricflow::components::chart_spec::ChartMark;
use metricflow::components::format::THIN_SPACE;
use metricflow::components::theme::Theme;
use metricflow::dashboards::declared::{Panel, Source, View};
use metricflow::dashboards::fetched::Fetched;
use metricflow::dashboards::plot::Figure;
use metricflow::state::filters::{Basis, Filters};

type RowOf<P> = <<P as Panel>::Source as Source>::Row;

/// A panel's figure over rows of its own and of the period before.
pub(crate) fn drawn<P: Panel>(
    (rows, before): (Vec<RowOf<P>>, Vec<RowOf<P>>),
    query: &str,
    options: &P::Options,
    theme: &'static Theme,
) -> Figure {
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let (filters, _) = Filters::from_query(query, day("2023-01-01"), day("2025-12-31"));
    let fetched = &Fetched {
        rows,
        before,
        batches: (Vec::new(), Vec::new()),
        as_of: filters.as_of(),
        filters,
        basis: P::Source::COMPARED_ON.unwrap_or(Basis::Days),
    };
    P::figure(&View { fetched, options }, theme)
}

fn place(series: Option<usize>, index: usize) -> ChartMark {
    ChartMark {
        series,
        index,
        ..ChartMark::default()
    }
}

/// What its tooltip says of a place of a series, or of the axis beside it; nothing where there is none.
pub(crate) fn told(figure: &Figure, series: Option<usize>, index: usize) -> String {
    let Some(tooltip) = (figure.tooltip)(&place(series, index)) else {
        return String::new();
    };
    let lines = tooltip.lines.iter();
    let lines = lines.map(|line| format!("{} {}", line.name, line.value));
    let mut parts = vec![tooltip.heading.clone()];
    parts.extend(lines);
    parts.extend((!tooltip.remark.is_empty()).then_some(tooltip.remark));
    parts.join("; ").replace(THIN_SPACE, " ")
}

/// The key of the mark that a click on a place reaches.
pub(crate) fn at(figure: &Figure, series: Option<usize>, index: usize) -> Option<String> {
    let mark = (figure.mark_at)(&place(series, index))?;
    Some(figure.marks[mark].key.clone())
}

/// The statements of the rows behind its marks.
pub(crate) fn behind(figure: Figure) -> Vec<String> {
    let marks = figure.marks.into_iter();
    marks
        .filter_map(|mark| Some(mark.rows?.sql.text()))
        .collect()
}
