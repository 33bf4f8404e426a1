//! The order of a table's rows.

use std::cmp::Ordering;

use super::table::Table;

/// By which column rows are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    /// The column's place.
    pub column: usize,
    /// From the greatest down.
    pub is_descending: bool,
}

impl Sort {
    /// The order after a click on a heading: up, then down, then as it came.
    #[must_use]
    pub fn clicked(before: Option<Self>, column: usize) -> Option<Self> {
        match before {
            Some(sort) if sort.column == column && sort.is_descending => None,
            Some(sort) if sort.column == column => Some(Self {
                is_descending: true,
                ..sort
            }),
            _ => Some(Self {
                column,
                is_descending: false,
            }),
        }
    }
}

/// The places of the rows in order; equal rows keep theirs, and empty cells stand last.
#[must_use]
pub fn sorted(table: &Table, sort: Option<Sort>) -> Vec<usize> {
    let mut places: Vec<usize> = (0..table.rows.len()).collect();
    let Some(sort) = sort else {
        return places;
    };
    let is_number = table
        .columns
        .get(sort.column)
        .is_some_and(|column| column.is_number);
    let cell = |row: usize| table.rows[row].get(sort.column).map_or("", String::as_str);
    places.sort_by(|&a, &b| {
        let (a, b) = (cell(a), cell(b));
        match (a.is_empty(), b.is_empty()) {
            (false, false) => {
                let order = if is_number { by_value(a, b) } else { a.cmp(b) };
                if sort.is_descending {
                    order.reverse()
                } else {
                    order
                }
            }
            (a, b) => a.cmp(&b),
        }
    });
    places
}

fn by_value(a: &str, b: &str) -> Ordering {
    let value = |text: &str| text.replace(',', "").replace('−', "-").parse::<f64>().ok();
    match (value(a), value(b)) {
        (Some(a), Some(b)) => a.total_cmp(&b),
        _ => a.cmp(b),
    }
}

#[cfg(test)]
mod tests {
    use super::super::table::TableColumn;
    use super::*;

    #[test]
    fn figures_are_ordered_by_value_and_gaps_are_last() {
        let column = |name: &str, is_number| TableColumn {
            name: name.to_owned(),
            is_number,
        };
        let rows = [["b", "10"], ["a", "9"], ["c", ""], ["a", "−1,000"]];
        let table = Table {
            columns: vec![column("name", false), column("n", true)],
            rows: rows.map(|row| row.map(ToOwned::to_owned).to_vec()).to_vec(),
        };
        let up = Sort::clicked(None, 1);
        assert_eq!(sorted(&table, up), [3, 1, 0, 2]);
        let down = Sort::clicked(up, 1);
        assert_eq!(sorted(&table, down), [0, 1, 3, 2]);
        assert_eq!(Sort::clicked(down, 1), None);
        assert_eq!(sorted(&table, Sort::clicked(down, 0)), [1, 3, 0, 2]);
        assert_eq!(sorted(&table, None), [0, 1, 2, 3]);
    }
}
