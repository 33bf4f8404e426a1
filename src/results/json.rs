//! Record batches as plain JSON rows, for scripts and tests.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowDictionaryKeyType, Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type,
    Int16Type, Int32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, RecordBatch};
use arrow_schema::{DataType, TimeUnit};
use chrono::{DateTime, NaiveDate};
use serde_json::{Map, Value};

/// Greatest whole number that a JavaScript number holds exactly.
const LARGEST_SAFE: i128 = (1 << 53) - 1;

/// Turns batches into one JSON object a row.
///
/// Dates and timestamps become ISO 8601 text (UTC, without a zone); whole numbers that a
/// JavaScript number can't hold become text; floats that JSON can't hold become null.
#[must_use]
pub fn json_rows(batches: &[RecordBatch]) -> Vec<Value> {
    let mut rows = Vec::with_capacity(batches.iter().map(RecordBatch::num_rows).sum());
    for batch in batches {
        for row in 0..batch.num_rows() {
            let object: Map<String, Value> = batch
                .schema_ref()
                .fields()
                .iter()
                .zip(batch.columns())
                .map(|(field, column)| (field.name().clone(), value(column.as_ref(), row)))
                .collect();
            rows.push(Value::Object(object));
        }
    }
    rows
}

fn value(array: &dyn Array, row: usize) -> Value {
    if array.is_null(row) {
        return Value::Null;
    }
    match array.data_type() {
        DataType::Boolean => array.as_boolean().value(row).into(),
        DataType::Int8 => array.as_primitive::<Int8Type>().value(row).into(),
        DataType::Int16 => array.as_primitive::<Int16Type>().value(row).into(),
        DataType::Int32 => array.as_primitive::<Int32Type>().value(row).into(),
        DataType::Int64 => whole(array.as_primitive::<Int64Type>().value(row).into()),
        DataType::UInt8 => array.as_primitive::<UInt8Type>().value(row).into(),
        DataType::UInt16 => array.as_primitive::<UInt16Type>().value(row).into(),
        DataType::UInt32 => array.as_primitive::<UInt32Type>().value(row).into(),
        DataType::UInt64 => whole(array.as_primitive::<UInt64Type>().value(row).into()),
        DataType::Float32 => array.as_primitive::<Float32Type>().value(row).into(),
        DataType::Float64 => array.as_primitive::<Float64Type>().value(row).into(),
        DataType::Decimal128(_, scale) => {
            decimal(array.as_primitive::<Decimal128Type>().value(row), *scale)
        }
        DataType::Utf8 => array.as_string::<i32>().value(row).into(),
        DataType::LargeUtf8 => array.as_string::<i64>().value(row).into(),
        DataType::Utf8View => array.as_string_view().value(row).into(),
        DataType::Date32 => date(array.as_primitive::<Date32Type>().value(row)),
        DataType::Timestamp(unit, _) => timestamp(array, row, *unit),
        DataType::Dictionary(key, _) => match key.as_ref() {
            DataType::UInt8 => entry::<UInt8Type>(array, row),
            DataType::UInt16 => entry::<UInt16Type>(array, row),
            DataType::UInt32 => entry::<UInt32Type>(array, row),
            DataType::Int8 => entry::<Int8Type>(array, row),
            DataType::Int16 => entry::<Int16Type>(array, row),
            DataType::Int32 => entry::<Int32Type>(array, row),
            other => unsupported(other),
        },
        DataType::List(_) => {
            let items = array.as_list::<i32>().value(row);
            (0..items.len())
                .map(|item| value(items.as_ref(), item))
                .collect()
        }
        other => unsupported(other),
    }
}

fn entry<K: ArrowDictionaryKeyType>(array: &dyn Array, row: usize) -> Value {
    let dictionary = array.as_dictionary::<K>();
    dictionary
        .key(row)
        .map_or(Value::Null, |key| value(dictionary.values().as_ref(), key))
}

fn whole(number: i128) -> Value {
    match i64::try_from(number) {
        Ok(small) if number.abs() <= LARGEST_SAFE => small.into(),
        _ => number.to_string().into(),
    }
}

fn decimal(unscaled: i128, scale: i8) -> Value {
    if scale <= 0 {
        return whole(unscaled * 10_i128.pow(u32::from(scale.unsigned_abs())));
    }
    // Correctly rounded: the text is exact and parsing rounds once.
    let digits = 10_i128.pow(u32::from(scale.unsigned_abs()));
    let sign = if unscaled < 0 { "-" } else { "" };
    let text = format!(
        "{sign}{}.{:0width$}",
        (unscaled / digits).abs(),
        (unscaled % digits).abs(),
        width = usize::from(scale.unsigned_abs())
    );
    text.parse::<f64>().map_or(Value::Null, Value::from)
}

fn date(days: i32) -> Value {
    let date = chrono::Duration::try_days(i64::from(days))
        .and_then(|offset| NaiveDate::default().checked_add_signed(offset));
    date.map_or(Value::Null, |date| date.to_string().into())
}

fn timestamp(array: &dyn Array, row: usize, unit: TimeUnit) -> Value {
    let moment = match unit {
        TimeUnit::Second => {
            DateTime::from_timestamp(array.as_primitive::<TimestampSecondType>().value(row), 0)
        }
        TimeUnit::Millisecond => DateTime::from_timestamp_millis(
            array.as_primitive::<TimestampMillisecondType>().value(row),
        ),
        TimeUnit::Microsecond => DateTime::from_timestamp_micros(
            array.as_primitive::<TimestampMicrosecondType>().value(row),
        ),
        TimeUnit::Nanosecond => Some(DateTime::from_timestamp_nanos(
            array.as_primitive::<TimestampNanosecondType>().value(row),
        )),
    };
    moment.map_or(Value::Null, |moment| {
        moment
            .naive_utc()
            .format("%Y-%m-%dT%H:%M:%S%.6f")
            .to_string()
            .into()
    })
}

fn unsupported(kind: &DataType) -> Value {
    format!("<{kind}>").into()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{
        ArrayRef, Date32Array, Decimal128Array, Float64Array, Int64Array, TimestampMicrosecondArray,
    };
    use serde_json::json;

    use super::*;

    #[test]
    fn rows_keep_their_meaning() {
        let decimals =
            Decimal128Array::from(vec![Some(-105), None]).with_precision_and_scale(10, 2);
        let batch = RecordBatch::try_from_iter([
            (
                "n",
                Arc::new(Int64Array::from(vec![7, i64::MAX])) as ArrayRef,
            ),
            ("x", Arc::new(Float64Array::from(vec![0.1, f64::NAN]))),
            ("money", Arc::new(decimals.unwrap())),
            ("day", Arc::new(Date32Array::from(vec![0, 20_453]))),
            ("at", Arc::new(TimestampMicrosecondArray::from(vec![1, 0]))),
        ]);
        assert_eq!(
            json_rows(&[batch.unwrap()]),
            vec![
                json!({"n": 7, "x": 0.1, "money": -1.05, "day": "1970-01-01", "at": "1970-01-01T00:00:00.000001"}),
                json!({"n": "9223372036854775807", "x": null, "money": null, "day": "2025-12-31", "at": "1970-01-01T00:00:00.000000"}),
            ]
        );
    }
}
