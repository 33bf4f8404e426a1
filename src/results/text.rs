//! Any result as text, for table views and CSV.

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_array::types::TimestampMicrosecondType;
use arrow_schema::{DataType, Field, TimeUnit};

use super::cell::{opaque_name, value_at};
use super::column::{Column, ColumnKind};
use super::export;
use super::written;

/// A result as plain text.
///
/// A cell is what the engine's `cast(… as varchar)` gives, in UTC. One thing is shorter: a column of
/// timestamps that all lie at midnight, such as months, holds days alone.
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
        let are_days = midnight_columns(batches);
        Self {
            columns: columns_of(batches),
            rows: batches
                .iter()
                .flat_map(|batch| rows_of(batch, &are_days))
                .collect(),
        }
    }

    /// The table as CSV that spreadsheets read right (decision 0127), with a header line.
    #[must_use]
    pub fn to_csv(&self) -> String {
        export::header(&self.columns) + &export::lines(&self.columns, &self.rows)
    }
}

/// A result as CSV, as [`TextTable::to_csv`] writes it, in parts that follow one another: a large
/// one never stands as a table of texts.
pub fn csv_parts(batches: &[RecordBatch]) -> impl Iterator<Item = String> {
    let columns = columns_of(batches);
    let are_days = midnight_columns(batches);
    let header = export::header(&columns);
    std::iter::once(header).chain(
        batches
            .iter()
            .map(move |batch| export::lines(&columns, &rows_of(batch, &are_days))),
    )
}

fn fields_of(batches: &[RecordBatch]) -> impl Iterator<Item = &Field> {
    let first = batches.first().into_iter();
    first.flat_map(|batch| batch.schema_ref().fields().iter().map(AsRef::as_ref))
}

fn columns_of(batches: &[RecordBatch]) -> Vec<Column> {
    let column = |field: &Field| Column {
        name: field.name().clone(),
        kind: kind_of(field),
    };
    fields_of(batches).map(column).collect()
}

fn kind_of(field: &Field) -> ColumnKind {
    match field.data_type() {
        kind if kind.is_numeric() || opaque_name(field).is_some() => ColumnKind::Number,
        DataType::Date32
        | DataType::Timestamp(_, _)
        | DataType::Time32(_)
        | DataType::Time64(_) => ColumnKind::Date,
        _ => ColumnKind::Text,
    }
}

/// For each column, whether it holds timestamps and all of them lie at midnight.
fn midnight_columns(batches: &[RecordBatch]) -> Vec<bool> {
    const DAY_MICROS: i64 = 86_400_000_000;
    let are_midnights = |batch: &RecordBatch, column: usize| {
        let array = batch.column(column);
        let mut moments = array.as_primitive::<TimestampMicrosecondType>().iter();
        moments.all(|moment| moment.is_none_or(|micros| micros % DAY_MICROS == 0))
    };
    fields_of(batches)
        .enumerate()
        .map(|(column, field)| {
            *field.data_type() == DataType::Timestamp(TimeUnit::Microsecond, None)
                && batches.iter().all(|batch| are_midnights(batch, column))
        })
        .collect()
}

fn rows_of(batch: &RecordBatch, are_days: &[bool]) -> Vec<Vec<Option<String>>> {
    let fields = batch.schema_ref().fields();
    let cell = |column: usize, row: usize| {
        let value = value_at(batch.column(column).as_ref(), &fields[column], row);
        let text = written::text(&value)?;
        let is_day = are_days.get(column).copied().unwrap_or_default();
        Some(match text.strip_suffix(" 00:00:00") {
            Some(day) if is_day => day.to_owned(),
            _ => text,
        })
    };
    (0..batch.num_rows())
        .map(|row| {
            (0..batch.num_columns())
                .map(|column| cell(column, row))
                .collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{
        ArrayRef, BooleanArray, Float64Array, Int64Array, StringArray, TimestampMicrosecondArray,
    };

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
        let table = TextTable::new(std::slice::from_ref(&batch));
        assert_eq!(table.columns[1].kind, ColumnKind::Number);
        let csv = "\u{feff}name,mrr_cents,rate,is_complete\r\n\"a \"\"b\"\", c\",5,0.5,true\r\nd,,2,false\r\n";
        assert_eq!(table.to_csv(), csv);
        assert_eq!(csv_parts(&[batch]).collect::<String>(), csv);
    }

    #[test]
    fn moments_keep_their_time_and_months_are_days() {
        let ten_past = 1_748_743_800_000_000;
        let month = 1_748_736_000_000_000;
        let batch = |values: [i64; 2]| {
            let moments = TimestampMicrosecondArray::from(vec![values[0], ten_past]);
            let months = TimestampMicrosecondArray::from(vec![Some(values[1]), None]);
            RecordBatch::try_from_iter_with_nullable([
                ("started_at", Arc::new(moments) as ArrayRef, true),
                ("date_month", Arc::new(months), true),
            ])
            .unwrap()
        };
        let table = TextTable::new(&[batch([ten_past + 1, month]), batch([month, month])]);
        let cells = |row: usize| table.rows[row].clone();
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            cells(0),
            [some("2025-06-01 02:10:00.000001"), some("2025-06-01")]
        );
        assert_eq!(cells(1), [some("2025-06-01 02:10:00"), None]);
        assert_eq!(cells(2), [some("2025-06-01 00:00:00"), some("2025-06-01")]);
    }
}
