//! What tests of panels share: a figure over rows of their own, what its tooltips say, and where its places lead.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic")]
#![allow(dead_code, reason = "each page’s tests use some of them")]

use chrono::NaiveDate;
use metricflow::components::chart_spec::ChartMark;
use metricflow::components::format::THIN_SPACE;
use metricflow::components::theme::Theme;
use metricflow::dashboards::declared::{Panel, Source, View};
use metricflow::dashboards::fetched::Fetched;
use metricflow::dashboards::plot::Figure;
use metricflow::state::filters::{Basis, Filters};

/// A row of a panel.
pub(crate) type RowOf<P> = <<P as Panel>::Source as Source>::Row;

/// A day.
pub(crate) fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

/// A panel's figure over rows of its own and, where `query` compares, of the period before.
pub(crate) fn drawn<P: Panel>(
    (rows, before): (Vec<RowOf<P>>, Vec<RowOf<P>>),
    query: &str,
    options: &P::Options,
    theme: &'static Theme,
) -> Figure {
    let (filters, _) = Filters::from_query(query, date(2023, 1, 1), date(2025, 12, 31));
    let fetched = Fetched {
        rows,
        before,
        batches: (Vec::new(), Vec::new()),
        as_of: filters.as_of(),
        filters,
        basis: P::Source::COMPARED_ON.unwrap_or(Basis::Days),
    };
    let fetched = &fetched;
    P::figure(&View { fetched, options }, theme)
}

/// What its tooltip says of a place along the axis.
pub(crate) fn told(figure: &Figure, index: usize) -> String {
    told_at(
        figure,
        &ChartMark {
            index,
            ..ChartMark::default()
        },
    )
}

/// What its tooltip says of a place.
pub(crate) fn told_at(figure: &Figure, place: &ChartMark) -> String {
    let tooltip = (figure.tooltip)(place).unwrap();
    let lines = tooltip.lines.iter();
    let lines = lines.map(|line| format!("{} {}", line.name, line.value));
    let text = std::iter::once(tooltip.heading.clone())
        .chain(lines)
        .chain((!tooltip.remark.is_empty()).then(|| tooltip.remark.clone()))
        .collect::<Vec<_>>()
        .join("; ");
    text.replace(THIN_SPACE, " ")
}

/// The key of the mark that a place of a series, or beside all, leads to.
pub(crate) fn at(figure: &Figure, series: Option<usize>, index: usize) -> Option<String> {
    let place = ChartMark {
        series,
        index,
        ..ChartMark::default()
    };
    let mark = (figure.mark_at)(&place)?;
    Some(figure.marks[mark].key.clone())
}

/// What its tooltip says of a place of a series, or of the axis beside it; nothing where there is none.
pub(crate) fn told_of(figure: &Figure, series: Option<usize>, index: usize) -> String {
    let place = ChartMark {
        series,
        index,
        ..ChartMark::default()
    };
    match (figure.tooltip)(&place) {
        Some(_) => told_at(figure, &place),
        None => String::new(),
    }
}

/// The statements of the rows behind its marks.
pub(crate) fn behind(figure: Figure) -> Vec<String> {
    let marks = figure.marks.into_iter();
    marks
        .filter_map(|mark| Some(mark.rows?.sql.text()))
        .collect()
}
