//! Columns of a result by name and type.

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, TimestampMicrosecondType};
use arrow_array::types::{
    Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, RecordBatch};
use arrow_schema::{DataType, TimeUnit};
use chrono::{Days, NaiveDate};

/// Why a result could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The query gave no such column.
    #[error("the result has no column {column}; it has {found}")]
    MissingColumn {
        /// The column asked for.
        column: String,
        /// The columns there are.
        found: String,
    },
    /// The column holds another type.
    #[error("column {column} holds {found}, not {expected}")]
    WrongType {
        /// The column.
        column: String,
        /// What was asked for.
        expected: &'static str,
        /// What it holds.
        found: String,
    },
    /// A value is missing where none may be.
    #[error("column {column} is null in row {row}")]
    UnexpectedNull {
        /// The column.
        column: String,
        /// The row, from 0.
        row: usize,
    },
}

/// A typed row of a result.
pub trait Row: Sized {
    /// Reads the rows of one batch.
    ///
    /// # Errors
    /// [`DecodeError`] when a column is missing, of another type, or null where it may not be.
    fn read(columns: &Columns<'_>) -> Result<Vec<Self>, DecodeError>;

    /// Reads the rows of all batches.
    ///
    /// # Errors
    /// As [`Row::read`].
    fn read_all(batches: &[RecordBatch]) -> Result<Vec<Self>, DecodeError> {
        let mut rows = Vec::new();
        for batch in batches {
            rows.append(&mut Self::read(&Columns { batch })?);
        }
        Ok(rows)
    }
}

/// The columns of one record batch.
#[derive(Debug, Clone, Copy)]
pub struct Columns<'a> {
    batch: &'a RecordBatch,
}

impl<'a> Columns<'a> {
    /// The columns of `batch`.
    #[must_use]
    pub const fn new(batch: &'a RecordBatch) -> Self {
        Self { batch }
    }

    /// Whole numbers of any width; decimals without a fraction too.
    ///
    /// # Errors
    /// [`DecodeError`] when there is no such column or it holds something else.
    pub fn integers(&self, column: &str) -> Result<Vec<Option<i64>>, DecodeError> {
        let array = self.array(column)?;
        match array.data_type() {
            DataType::Decimal128(_, 0) => Ok(array
                .as_primitive::<Decimal128Type>()
                .iter()
                .map(|value| value.and_then(|value| i64::try_from(value).ok()))
                .collect()),
            kind if kind.is_integer() => integers_of(array),
            other => Err(wrong(column, "whole numbers", other)),
        }
    }

    /// Truth values.
    ///
    /// # Errors
    /// [`DecodeError`] when there is no such column or it holds something else.
    pub fn booleans(&self, column: &str) -> Result<Vec<Option<bool>>, DecodeError> {
        let array = self.array(column)?;
        match array.data_type() {
            DataType::Boolean => Ok(array.as_boolean().iter().collect()),
            other => Err(wrong(column, "truth values", other)),
        }
    }

    /// Numbers of any kind.
    ///
    /// # Errors
    /// [`DecodeError`] when there is no such column or it holds something else.
    pub fn numbers(&self, column: &str) -> Result<Vec<Option<f64>>, DecodeError> {
        let array = self.array(column)?;
        Ok(match array.data_type() {
            DataType::Float64 => array.as_primitive::<Float64Type>().iter().collect(),
            DataType::Float32 => array
                .as_primitive::<Float32Type>()
                .iter()
                .map(|value| value.map(f64::from))
                .collect(),
            DataType::Decimal128(_, scale) => {
                let divisor = libm::pow(10.0, f64::from(*scale));
                let values = array.as_primitive::<Decimal128Type>();
                values
                    .iter()
                    .map(|value| value.map(|value| value as f64 / divisor))
                    .collect()
            }
            kind if kind.is_integer() => integers_of(array)?
                .into_iter()
                .map(|value| value.map(|value| value as f64))
                .collect(),
            DataType::Null => vec![None; array.len()],
            other => return Err(wrong(column, "numbers", other)),
        })
    }

    /// Days; a timestamp gives the day it lies on.
    ///
    /// # Errors
    /// [`DecodeError`] when there is no such column or it holds something else.
    pub fn dates(&self, column: &str) -> Result<Vec<Option<NaiveDate>>, DecodeError> {
        const DAY: i64 = 86_400_000_000;
        let array = self.array(column)?;
        Ok(match array.data_type() {
            DataType::Date32 => array
                .as_primitive::<Date32Type>()
                .iter()
                .map(|days| days.map(|days| day(i64::from(days))))
                .collect(),
            DataType::Timestamp(TimeUnit::Microsecond, _) => array
                .as_primitive::<TimestampMicrosecondType>()
                .iter()
                .map(|instant| instant.map(|instant| day(instant.div_euclid(DAY))))
                .collect(),
            other => return Err(wrong(column, "days", other)),
        })
    }

    /// Text, plain or from a dictionary.
    ///
    /// # Errors
    /// [`DecodeError`] when there is no such column or it holds something else.
    pub fn texts(&self, column: &str) -> Result<Vec<Option<String>>, DecodeError> {
        let array = self.array(column)?;
        texts_of(array).ok_or_else(|| wrong(column, "text", array.data_type()))
    }

    /// The values of a column that has no nulls.
    ///
    /// # Errors
    /// [`DecodeError::UnexpectedNull`] at the first null.
    pub fn required<T>(column: &str, values: Vec<Option<T>>) -> Result<Vec<T>, DecodeError> {
        let mut present = Vec::with_capacity(values.len());
        for (row, value) in values.into_iter().enumerate() {
            present.push(value.ok_or_else(|| DecodeError::UnexpectedNull {
                column: column.to_owned(),
                row,
            })?);
        }
        Ok(present)
    }

    fn array(&self, column: &str) -> Result<&'a dyn Array, DecodeError> {
        let array = self.batch.column_by_name(column);
        array
            .map(AsRef::as_ref)
            .ok_or_else(|| DecodeError::MissingColumn {
                column: column.to_owned(),
                found: self
                    .batch
                    .schema()
                    .fields()
                    .iter()
                    .map(|field| field.name().as_str())
                    .collect::<Vec<_>>()
                    .join(", "),
            })
    }
}

/// The day that lies `days` after 1970-01-01.
pub(super) fn day(days: i64) -> NaiveDate {
    let epoch = NaiveDate::default();
    let offset = Days::new(days.unsigned_abs());
    if days < 0 {
        epoch.checked_sub_days(offset)
    } else {
        epoch.checked_add_days(offset)
    }
    .unwrap_or(epoch)
}

pub(super) fn texts_of(array: &dyn Array) -> Option<Vec<Option<String>>> {
    let owned = |value: Option<&str>| value.map(str::to_owned);
    Some(match array.data_type() {
        DataType::Utf8 => array.as_string::<i32>().iter().map(owned).collect(),
        DataType::LargeUtf8 => array.as_string::<i64>().iter().map(owned).collect(),
        DataType::Utf8View => array.as_string_view().iter().map(owned).collect(),
        DataType::Dictionary(_, _) => {
            let dictionary = array.as_any_dictionary();
            let words = texts_of(dictionary.values().as_ref())?;
            let keys = dictionary.normalized_keys();
            keys.into_iter()
                .enumerate()
                .map(|(row, key)| {
                    let valid = dictionary.keys().is_valid(row);
                    valid.then(|| words.get(key).cloned().flatten()).flatten()
                })
                .collect()
        }
        DataType::Null => vec![None; array.len()],
        _ => return None,
    })
}

pub(super) fn integers_of(array: &dyn Array) -> Result<Vec<Option<i64>>, DecodeError> {
    macro_rules! widen {
        ($kind:ty) => {
            array
                .as_primitive::<$kind>()
                .iter()
                .map(|value| value.map(i64::from))
                .collect()
        };
    }
    Ok(match array.data_type() {
        DataType::Int8 => widen!(Int8Type),
        DataType::Int16 => widen!(Int16Type),
        DataType::Int32 => widen!(Int32Type),
        DataType::Int64 => widen!(Int64Type),
        DataType::UInt8 => widen!(UInt8Type),
        DataType::UInt16 => widen!(UInt16Type),
        DataType::UInt32 => widen!(UInt32Type),
        DataType::UInt64 => array
            .as_primitive::<UInt64Type>()
            .iter()
            .map(|value| value.and_then(|value| i64::try_from(value).ok()))
            .collect(),
        other => return Err(wrong("", "whole numbers", other)),
    })
}

fn wrong(column: &str, expected: &'static str, found: &DataType) -> DecodeError {
    DecodeError::WrongType {
        column: column.to_owned(),
        expected,
        found: found.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{
        ArrayRef, Date32Array, Decimal128Array, DictionaryArray, Int32Array, StringArray,
    };

    use super::*;

    fn batch() -> RecordBatch {
        let plans: DictionaryArray<UInt8Type> = [Some("starter"), None, Some("starter")]
            .into_iter()
            .collect();
        let money = Decimal128Array::from(vec![Some(150), None, Some(-25)])
            .with_precision_and_scale(38, 2)
            .unwrap();
        RecordBatch::try_from_iter_with_nullable([
            ("plan", Arc::new(plans) as ArrayRef, true),
            ("rate", Arc::new(money), true),
            ("seats", Arc::new(Int32Array::from(vec![1, 2, 3])), true),
            ("day", Arc::new(Date32Array::from(vec![0, 31, -1])), true),
            (
                "name",
                Arc::new(StringArray::from(vec!["a", "b", "c"])),
                true,
            ),
        ])
        .unwrap()
    }

    #[test]
    fn columns_are_read_by_name_and_type() {
        let batch = batch();
        let columns = Columns::new(&batch);
        let plans = columns.texts("plan").unwrap();
        assert_eq!(
            plans,
            [Some("starter".into()), None, Some("starter".into())]
        );
        assert_eq!(
            columns.numbers("rate").unwrap(),
            [Some(1.5), None, Some(-0.25)]
        );
        assert_eq!(
            columns.integers("seats").unwrap(),
            [Some(1), Some(2), Some(3)]
        );
        let days = Columns::required("day", columns.dates("day").unwrap()).unwrap();
        assert_eq!(days[1].to_string(), "1970-02-01");
        assert_eq!(days[2].to_string(), "1969-12-31");
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        let batch = batch();
        let columns = Columns::new(&batch);
        assert_eq!(
            columns.integers("mrr").unwrap_err().to_string(),
            "the result has no column mrr; it has plan, rate, seats, day, name"
        );
        assert_eq!(
            columns.integers("name").unwrap_err().to_string(),
            "column name holds Utf8, not whole numbers"
        );
        let plans = Columns::required("plan", columns.texts("plan").unwrap());
        assert_eq!(
            plans.unwrap_err().to_string(),
            "column plan is null in row 1"
        );
    }
}
