//! How many of each cohort came back.

use charming::Chart;
use chrono::NaiveDate;

use super::super::options::{CohortSpan, Grain};
use super::heatmap::{self, Cell, Cohorts, Curve, Numbers};
use crate::components::format::ValueFormat;
use crate::components::theme::{Theme, with_opacity};
use crate::components::tooltip::Tooltip;
use crate::dashboards::claims::is_enough;
use crate::results::retention::CohortCell;

/// The deepest a cell is coloured: text in ink can still be read on it.
const DEEPEST: f64 = 0.55;

/// The cells that are drawn, in their order: those of cohorts of which somebody was observed.
#[must_use]
pub fn drawn(rows: &[CohortCell]) -> Vec<&CohortCell> {
    rows.iter()
        .filter(|row| row.cohort.is_some() && row.rate.is_some())
        .collect()
}

/// The cohorts that are drawn, oldest first, with their sizes.
#[must_use]
pub fn cohorts(rows: &[CohortCell]) -> Vec<(NaiveDate, i64)> {
    let mut cohorts: Vec<(NaiveDate, i64)> = drawn(rows)
        .iter()
        .filter_map(|row| Some((row.cohort?, row.cohort_size)))
        .collect();
    cohorts.sort_unstable();
    cohorts.dedup();
    cohorts
}

/// Whether a cell is drawn in full colour: of enough people, all of them observed.
fn is_firm(row: &CohortCell) -> bool {
    row.is_complete && is_enough(row.eligible)
}

/// The share of all cohorts together that came back in each of `columns` periods, where it is of enough people.
fn mean(rows: &[CohortCell], columns: i64) -> Vec<Option<f64>> {
    (0..columns)
        .map(|period| {
            let all = rows
                .iter()
                .find(|row| row.cohort.is_none() && row.period == period);
            all.filter(|row| is_enough(row.eligible))
                .and_then(|row| row.rate)
        })
        .collect()
}

/// Draws the cohorts, the oldest on top, and the mean curve above them, with that of the cohorts of
/// the period `before`.
#[must_use]
pub fn chart(
    rows: &[CohortCell],
    before: &[CohortCell],
    cohort: CohortSpan,
    is_narrow: bool,
    theme: &Theme,
) -> Chart {
    let cohorts = cohorts(rows);
    let drawn = drawn(rows);
    let columns = drawn.iter().map(|row| row.period + 1).max().unwrap_or(0);
    // The first column is 100% by definition: colour tells the others apart.
    let highest = drawn
        .iter()
        .filter(|row| row.period > 0 && is_firm(row))
        .filter_map(|row| row.rate)
        .fold(0.0, f64::max);
    let cells = drawn.iter().filter_map(|row| {
        let rate = row.rate?;
        let place = cohorts
            .iter()
            .position(|(date, _)| Some(*date) == row.cohort)?;
        Some(Cell {
            column: usize::try_from(row.period).ok()?,
            row: place,
            value: rate,
            is_complete: is_firm(row),
        })
    });
    let mut curves = vec![Curve {
        name: "Mean",
        colour: theme.accent,
        values: mean(rows, columns),
        is_before: false,
    }];
    if !before.is_empty() {
        curves.push(Curve {
            name: "",
            colour: theme.muted,
            values: mean(before, columns),
            is_before: true,
        });
    }
    heatmap::chart(
        &Cohorts {
            columns: usize::try_from(columns).unwrap_or(0),
            rows: cohorts
                .iter()
                .map(|(date, size)| {
                    let count = ValueFormat::Count.full(*size as f64);
                    format!("{}  {count:>6}", cohort.row_name(*date))
                })
                .collect(),
            cells: cells.collect(),
            scale: (0.0, highest.max(0.01)),
            shades: vec![
                with_opacity(theme.accent, 0.02),
                with_opacity(theme.accent, DEEPEST),
            ],
            pale_shades: vec![
                with_opacity(theme.accent, 0.02),
                with_opacity(theme.accent, heatmap::PALE * DEEPEST),
            ],
            curves,
            numbers: Numbers::fitting(columns, is_narrow),
        },
        theme,
    )
}

/// The cell at `index` of the series of that name.
#[must_use]
pub fn cell<'a>(rows: &'a [CohortCell], series: &str, index: usize) -> Option<&'a CohortCell> {
    let is_complete = series == heatmap::COMPLETE;
    let mut of_series = drawn(rows)
        .into_iter()
        .filter(|row| is_firm(row) == is_complete);
    of_series.nth(index)
}

/// The tooltip of a cell.
#[must_use]
pub fn tooltip(
    row: &CohortCell,
    cohort: CohortSpan,
    grain: Grain,
    theme: &Theme,
) -> Option<Tooltip> {
    let heading = format!(
        "{}, {} {}",
        cohort.name(row.cohort?),
        grain.key(),
        row.period
    );
    let count = |value: i64| ValueFormat::Count.full(value as f64);
    let tooltip = Tooltip::new(heading)
        .mark(
            theme.accent,
            "Came back",
            ValueFormat::Percent.full(row.rate?),
        )
        .line("People", count(row.retained))
        .line("of observed", count(row.eligible))
        .line("Cohort", count(row.cohort_size));
    Some(if !row.is_complete {
        tooltip.remark("The cohort is not complete, or not all of it has been observed this long.")
    } else if !is_enough(row.eligible) {
        tooltip.remark("Too few people for a rate.")
    } else {
        tooltip
    })
}
