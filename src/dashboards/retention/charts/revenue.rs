//! What the customers of each cohort still pay.

use charming::Chart;
use chrono::NaiveDate;

use super::super::options::{CohortSpan, Revenue};
use super::heatmap::{self, Cell, Cohorts, Curve, Numbers};
use crate::components::format::{ValueFormat, whole_dollars};
use crate::components::theme::{Theme, with_opacity};
use crate::components::tooltip::Tooltip;
use crate::dashboards::claims::is_enough;
use crate::results::retention::RevenueCell;

/// The deepest a cell is coloured: text in ink can still be read on it.
const DEEPEST: f64 = 0.55;
/// The distance from 100% that is coloured deepest.
const FURTHEST: f64 = 0.35;

/// The share of a cell that is looked at.
#[must_use]
pub const fn measured(row: &RevenueCell, revenue: Revenue) -> Option<f64> {
    match revenue {
        Revenue::Net => row.nrr,
        Revenue::Gross => row.grr,
    }
}

/// Whether a cell is drawn in full colour: of enough customers, all of them observed.
fn is_firm(row: &RevenueCell) -> bool {
    row.is_complete && is_enough(row.customers)
}

/// The cells that are drawn, in their order.
#[must_use]
pub fn drawn(rows: &[RevenueCell], revenue: Revenue) -> Vec<&RevenueCell> {
    rows.iter()
        .filter(|row| row.cohort.is_some() && measured(row, revenue).is_some())
        .collect()
}

/// Draws the cohorts, the oldest on top; blue is more than at first, orange less.
#[must_use]
pub fn chart(
    rows: &[RevenueCell],
    revenue: Revenue,
    cohort: CohortSpan,
    is_narrow: bool,
    theme: &Theme,
) -> Chart {
    let drawn = drawn(rows, revenue);
    let columns = drawn.iter().map(|row| row.month + 1).max().unwrap_or(0);
    let mut dates: Vec<NaiveDate> = drawn.iter().filter_map(|row| row.cohort).collect();
    dates.dedup();
    let customers = |date: &NaiveDate| {
        let of_cohort = drawn.iter().filter(|row| row.cohort == Some(*date));
        of_cohort.map(|row| row.customers).max().unwrap_or(0)
    };
    let cells = drawn.iter().filter_map(|row| {
        let share = measured(row, revenue)?;
        Some(Cell {
            column: usize::try_from(row.month).ok()?,
            row: dates.iter().position(|date| Some(*date) == row.cohort)?,
            value: share,
            is_complete: is_firm(row),
        })
    });
    let all = |revenue: Revenue| -> Vec<Option<f64>> {
        (0..columns)
            .map(|month| {
                let all = rows
                    .iter()
                    .find(|row| row.cohort.is_none() && row.month == month);
                all.filter(|row| is_enough(row.customers))
                    .and_then(|row| measured(row, revenue))
            })
            .collect()
    };
    heatmap::chart(
        &Cohorts {
            columns: usize::try_from(columns).unwrap_or(0),
            rows: dates
                .iter()
                .map(|date| {
                    let count = ValueFormat::Count.full(customers(date) as f64);
                    format!("{}  {count:>5}", cohort.row_name(*date))
                })
                .collect(),
            cells: cells.collect(),
            scale: (1.0 - FURTHEST, 1.0 + FURTHEST),
            shades: vec![
                with_opacity(theme.down, DEEPEST),
                with_opacity(theme.paper, 0.0),
                with_opacity(theme.up, DEEPEST),
            ],
            pale_shades: vec![
                with_opacity(theme.down, heatmap::PALE * DEEPEST),
                with_opacity(theme.paper, 0.0),
                with_opacity(theme.up, heatmap::PALE * DEEPEST),
            ],
            curves: vec![
                Curve {
                    name: "NRR",
                    colour: theme.up,
                    values: all(Revenue::Net),
                    is_before: false,
                },
                Curve {
                    name: "GRR",
                    colour: theme.slate,
                    values: all(Revenue::Gross),
                    is_before: false,
                },
            ],
            numbers: Numbers::fitting(columns, is_narrow),
        },
        theme,
    )
}

/// The cell at `index` of the series of that name.
#[must_use]
pub fn cell<'a>(
    rows: &'a [RevenueCell],
    revenue: Revenue,
    series: &str,
    index: usize,
) -> Option<&'a RevenueCell> {
    let is_complete = series == heatmap::COMPLETE;
    let cells = drawn(rows, revenue).into_iter();
    { cells }
        .filter(|row| is_firm(row) == is_complete)
        .nth(index)
}

/// The tooltip of a cell.
#[must_use]
pub fn tooltip(row: &RevenueCell, cohort: CohortSpan, theme: &Theme) -> Option<Tooltip> {
    let heading = format!("{}, month {}", cohort.name(row.cohort?), row.month);
    let money = |cents: i64| whole_dollars(cents as f64);
    let percent = |share: Option<f64>| {
        share.map_or_else(|| "–".to_owned(), |share| ValueFormat::Percent.full(share))
    };
    let tooltip = Tooltip::new(heading)
        .mark(theme.up, "NRR", percent(row.nrr))
        .mark(theme.slate, "GRR", percent(row.grr))
        .line("MRR now", money(row.retained_cents))
        .line("retained without expansion", money(row.kept_cents))
        .line("MRR in the first month", money(row.base_cents))
        .line(
            "Customers in the first month",
            ValueFormat::Count.full(row.customers as f64),
        );
    Some(if !row.is_complete {
        tooltip.remark(
            "The month is not complete, or not all of the cohort has been observed this long.",
        )
    } else if !is_enough(row.customers) {
        tooltip.remark("Too few customers for a rate.")
    } else {
        tooltip
    })
}
