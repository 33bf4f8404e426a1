//! Any result as text, for table views and CSV.

use arrow_array::cast::AsArray;
use arrow_array::{Array, RecordBatch};
use arrow_schema::DataType;

use super::Columns;
use super::decode::texts_of;

/// What a column holds, as far as its looks go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// Words: aligned left.
    Text,
    /// Days: aligned left.
    Date,
    /// Numbers: aligned right.
    Number,
}

/// A column's name and kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name in the result.
    pub name: String,
    /// What it holds.
    pub kind: ColumnKind,
}

/// A result as plain text: what a CSV file holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TextTable {
    /// The columns, in order.
    pub columns: Vec<Column>,
    /// The rows; `None` is null.
    pub rows: Vec<Vec<Option<String>>>,
}

impl TextTable {
    /// The result held by `batches`, which share a schema.
    #[must_use]
    pub fn new(batches: &[RecordBatch]) -> Self {
        let Some(first) = batches.first() else {
            return Self::default();
        };
        let schema = first.schema();
        let columns: Vec<Column> = schema
            .fields()
            .iter()
            .map(|field| Column {
                name: field.name().clone(),
                kind: kind_of(field.data_type()),
            })
            .collect();
        let mut rows = Vec::new();
        for batch in batches {
            let texts: Vec<Vec<Option<String>>> = columns
                .iter()
                .map(|column| cells(batch, &column.name))
                .collect();
            rows.extend((0..batch.num_rows()).map(|row| {
                texts
                    .iter()
                    .map(|column| column.get(row).cloned().flatten())
                    .collect()
            }));
        }
        Self { columns, rows }
    }

    /// The table as CSV (RFC 4180), with a header line.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let header = self.columns.iter().map(|column| column.name.as_str());
        let mut csv = csv_line(header);
        for row in &self.rows {
            csv.push_str(&csv_line(
                row.iter().map(|cell| cell.as_deref().unwrap_or_default()),
            ));
        }
        csv
    }
}

fn csv_line<'a>(cells: impl Iterator<Item = &'a str>) -> String {
    let cells: Vec<String> = cells
        .map(|cell| {
            if cell.contains(['"', ',', '\n', '\r']) {
                format!("\"{}\"", cell.replace('"', "\"\""))
            } else {
                cell.to_owned()
            }
        })
        .collect();
    format!("{}\r\n", cells.join(","))
}

fn kind_of(data_type: &DataType) -> ColumnKind {
    match data_type {
        kind if kind.is_numeric() => ColumnKind::Number,
        DataType::Date32 | DataType::Timestamp(_, _) => ColumnKind::Date,
        _ => ColumnKind::Text,
    }
}

fn cells(batch: &RecordBatch, name: &str) -> Vec<Option<String>> {
    fn written<T: ToString>(values: Vec<Option<T>>) -> Vec<Option<String>> {
        let write = |value: Option<T>| value.map(|value| value.to_string());
        values.into_iter().map(write).collect()
    }
    let columns = Columns::new(batch);
    if let Ok(whole) = columns.integers(name) {
        return written(whole);
    }
    if let Ok(numbers) = columns.numbers(name) {
        return written(numbers);
    }
    if let Ok(days) = columns.dates(name) {
        return written(days);
    }
    let Some(array) = batch.column_by_name(name) else {
        return Vec::new();
    };
    if array.data_type() == &DataType::Boolean {
        return written(array.as_boolean().iter().collect());
    }
    texts_of(array.as_ref()).unwrap_or_else(|| vec![None; array.len()])
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{ArrayRef, BooleanArray, Float64Array, Int64Array, StringArray};

    use super::*;

    #[test]
    fn a_result_becomes_csv() {
        let batch = RecordBatch::try_from_iter_with_nullable([
            (
                "name",
                Arc::new(StringArray::from(vec!["a \"b\", c", "d"])) as ArrayRef,
                true,
            ),
            (
                "mrr_cents",
                Arc::new(Int64Array::from(vec![Some(5), None])),
                true,
            ),
            ("rate", Arc::new(Float64Array::from(vec![0.5, 2.0])), true),
            (
                "is_complete",
                Arc::new(BooleanArray::from(vec![true, false])),
                true,
            ),
        ])
        .unwrap();
        let table = TextTable::new(&[batch]);
        assert_eq!(table.columns[1].kind, ColumnKind::Number);
        assert_eq!(
            table.to_csv(),
            "name,mrr_cents,rate,is_complete\r\n\"a \"\"b\"\", c\",5,0.5,true\r\nd,,2,false\r\n"
        );
    }
}
