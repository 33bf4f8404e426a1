//! Results as tables for readers: column names in words, figures written out.

use crate::components::format::{ValueFormat, month_short, whole_dollars, words};
use crate::components::table::{Table, TableColumn};
use crate::results::{ColumnKind, TextTable};

/// The table of a result; money and shares are known by their column names, and other numbers by
/// whether all of a column are whole.
#[must_use]
pub fn table_of(result: &TextTable) -> Table {
    let is_large: Vec<bool> = (0..result.columns.len())
        .map(|column| holds_large(result, column))
        .collect();
    let formats: Vec<Option<ValueFormat>> = result
        .columns
        .iter()
        .enumerate()
        .map(|(place, column)| match column.kind {
            ColumnKind::Number => Some(match format_of(&column.name) {
                ValueFormat::Count if holds_parts(result, place) => ValueFormat::Number,
                format => format,
            }),
            ColumnKind::Text | ColumnKind::Date => None,
        })
        .collect();
    let columns = result.columns.iter().zip(&formats);
    let columns = columns.map(|(column, format)| TableColumn {
        name: heading(&column.name, *format),
        is_number: format.is_some(),
    });
    let rows = result.rows.iter().map(|row| {
        row.iter()
            .enumerate()
            .map(|(column, cell)| {
                let cell = cell.as_deref();
                match (cell, formats[column]) {
                    (Some(text), Some(ValueFormat::Money)) if is_large[column] => {
                        figure(text, whole_dollars)
                    }
                    (Some(text), None) if result.columns[column].name == "date_month" => {
                        text.parse().map_or_else(|_| text.to_owned(), month_short)
                    }
                    (cell, format) => written(cell, format),
                }
            })
            .collect()
    });
    Table {
        columns: columns.collect(),
        rows: rows.collect(),
    }
}

fn heading(name: &str, format: Option<ValueFormat>) -> String {
    let name = name.trim_end_matches("_cents");
    let plain = words(name.trim_start_matches("date_"));
    match format {
        Some(ValueFormat::Money) => plain
            .replace("mrr", "MRR")
            .replace("Mrr", "MRR")
            .replace("Arr", "ARR"),
        _ => match name {
            "dau" | "wau" | "mau" | "nrr" | "grr" => name.to_uppercase(),
            "ltv_to_cac" => "LTV : CAC".to_owned(),
            _ => plain,
        },
    }
}

/// Parts of the names of shares.
const OF_SHARES: [&str; 9] = [
    "rate",
    "share",
    "nrr",
    "grr",
    "stickiness",
    "probability",
    "difference",
    "lift",
    "survival",
];

fn format_of(name: &str) -> ValueFormat {
    let parts: Vec<&str> = name.split('_').collect();
    // A sum of probabilities is a number of people.
    let is_sum = parts.last() == Some(&"sum");
    let is_share = parts.iter().any(|part| OF_SHARES.contains(part)) && !is_sum;
    if name.ends_with("_cents") {
        ValueFormat::Money
    } else if is_share || name.contains("per_signup") {
        ValueFormat::Percent
    } else if parts.contains(&"ratio") || name == "ltv_to_cac" {
        ValueFormat::Ratio
    } else {
        ValueFormat::Count
    }
}

fn written(cell: Option<&str>, format: Option<ValueFormat>) -> String {
    match (cell, format) {
        (None, _) => "–".to_owned(),
        (Some(text), None) => text.to_owned(),
        (Some(text), Some(format)) => figure(text, |value| format.full(value)),
    }
}

fn figure(text: &str, write: impl Fn(f64) -> String) -> String {
    text.parse().map_or_else(|_| text.to_owned(), write)
}

/// Whether a column holds a number that is not whole.
fn holds_parts(result: &TextTable, column: usize) -> bool {
    numbers(result, column).any(|value| value.fract() != 0.0)
}

/// Whether a column holds a number of 10,000 or more: money of $100 needs no cents.
fn holds_large(result: &TextTable, column: usize) -> bool {
    numbers(result, column).any(|value| value.abs() >= 10_000.0)
}

fn numbers(result: &TextTable, column: usize) -> impl Iterator<Item = f64> {
    let cells = result
        .rows
        .iter()
        .filter_map(move |row| row.get(column)?.as_deref());
    cells.filter_map(|cell| cell.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::Column;

    #[test]
    fn figures_are_written_by_their_column_names() {
        let column = |name: &str, kind| Column {
            name: name.to_owned(),
            kind,
        };
        let table = table_of(&TextTable {
            columns: vec![
                column("date_month", ColumnKind::Date),
                column("closing_mrr_cents", ColumnKind::Number),
                column("nrr", ColumnKind::Number),
                column("quick_ratio", ColumnKind::Number),
            ],
            rows: vec![vec![
                Some("2025-12-01".to_owned()),
                Some("-41234500".to_owned()),
                Some("1.042".to_owned()),
                None,
            ]],
        });
        let names: Vec<&str> = table
            .columns
            .iter()
            .map(|column| column.name.as_str())
            .collect();
        assert_eq!(names, ["Month", "Closing MRR", "NRR", "Quick ratio"]);
        assert_eq!(table.rows[0], ["Dec 2025", "−$412,345", "104.2%", "–"]);
    }

    /// Risks and the values of reasons were written "0", and weeks "2.00".
    #[test]
    fn numbers_that_are_not_whole_keep_their_digits() {
        let names = [
            "probability",
            "reason_1_value",
            "customers",
            "probability_sum",
            "p_value",
            "difference_lower",
            "mean_active_days",
            "weeks_to_adopt",
        ];
        let row = |cells: [&str; 8]| cells.map(|cell| Some(cell.to_owned())).to_vec();
        let table = table_of(&TextTable {
            columns: names
                .map(|name| Column {
                    name: name.to_owned(),
                    kind: ColumnKind::Number,
                })
                .to_vec(),
            rows: vec![
                row([
                    "0.42", "0.42", "1234", "12.25", "0.0312", "-0.0412", "4.0", "2",
                ]),
                row(["0.0312", "37.0", "12", "0.5", "1e-9", "0.01", "4.25", "3"]),
            ],
        });
        assert_eq!(
            table.rows,
            [
                [
                    "42.0%", "0.420", "1,234", "12.2", "0.0312", "−4.1%", "4", "2"
                ],
                ["3.1%", "37", "12", "0.500", "1.00e-9", "1.0%", "4.25", "3"],
            ]
        );
    }
}
