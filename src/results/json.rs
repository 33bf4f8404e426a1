//! Record batches as plain JSON rows, for scripts and tests.

use arrow_array::RecordBatch;
use arrow_data::decimal::format_decimal;
use serde_json::Value as Json;

use super::cell::value_at;
use super::value::Value;
use super::written;

/// Greatest whole number that a JavaScript number holds exactly.
const LARGEST_SAFE: u128 = (1 << 53) - 1;
/// Digits of a decimal that a JavaScript number holds whatever they are.
const SAFE_DIGITS: u32 = 15;

/// Turns batches into one JSON object a row.
///
/// Numbers that a JavaScript number holds are numbers; longer ones become text with all their
/// digits, and so do `NaN`, `Infinity` and `-Infinity`. Dates and timestamps become ISO 8601 text
/// (UTC; only a type with a zone ends in `Z`). Lists become arrays, structs and maps objects, a
/// union its value. Times, intervals, blobs and UUIDs become the text that the engine casts them to.
/// A column whose name occurs twice gets `_1`, `_2` and so on behind it.
#[must_use]
pub fn json_rows(batches: &[RecordBatch]) -> Vec<Json> {
    let mut rows = Vec::with_capacity(batches.iter().map(RecordBatch::num_rows).sum());
    for batch in batches {
        let fields = batch.schema_ref().fields();
        let names = unique(fields.iter().map(|field| field.name()));
        rows.extend((0..batch.num_rows()).map(|row| -> Json {
            let columns = fields.iter().zip(batch.columns()).zip(&names);
            columns
                .map(|((field, column), name)| {
                    (name.clone(), json(&value_at(column.as_ref(), field, row)))
                })
                .collect()
        }));
    }
    rows
}

/// Names of which none occurs twice, as the engine tells them apart in a table.
fn unique<'a>(names: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut taken: Vec<String> = Vec::new();
    for name in names {
        let mut free = name.clone();
        let mut count = 0;
        while taken.contains(&free) {
            count += 1;
            free = format!("{name}_{count}");
        }
        taken.push(free);
    }
    taken
}

fn json(value: &Value) -> Json {
    match value {
        Value::Boolean(value) => (*value).into(),
        Value::Whole(number) => match i64::try_from(*number) {
            Ok(small) if number.unsigned_abs() <= LARGEST_SAFE => small.into(),
            _ => number.to_string().into(),
        },
        // The shortest digits: 0.1, not what the nearest float of 32 bits is exactly.
        Value::Single(number) => {
            let number = number.to_string().parse::<f64>();
            number.map_or(Json::Null, float)
        }
        Value::Double(number) => float(*number),
        Value::Decimal { unscaled, scale } => {
            let text = format_decimal(*unscaled, *scale);
            if unscaled.unsigned_abs() < 10_u128.pow(SAFE_DIGITS) {
                text.parse::<f64>().map_or(Json::Null, Json::from)
            } else {
                text.into()
            }
        }
        Value::Timestamp {
            units,
            per_second,
            has_zone,
        } => written::iso(*units, *per_second, *has_zone).into(),
        Value::Union(member) => json(member),
        Value::List(items) | Value::Tuple(items) => items.iter().map(json).collect(),
        Value::Struct(members) => members
            .iter()
            .map(|(name, member)| (name.clone(), json(member)))
            .collect(),
        Value::Map(entries) => entries
            .iter()
            .map(|(key, value)| (written::text(key).unwrap_or_default(), json(value)))
            .collect(),
        other => written::text(other).map_or(Json::Null, Json::from),
    }
}

/// JSON has no NaN and no infinity; JavaScript's `Number` reads these words.
fn float(number: f64) -> Json {
    if number.is_nan() {
        "NaN".into()
    } else if number == f64::INFINITY {
        "Infinity".into()
    } else if number == f64::NEG_INFINITY {
        "-Infinity".into()
    } else {
        number.into()
    }
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
                json!({"n": "9223372036854775807", "x": "NaN", "money": null, "day": "2025-12-31", "at": "1970-01-01T00:00:00.000000"}),
            ]
        );
    }

    #[test]
    fn a_name_that_occurs_twice_loses_no_value() {
        let names = ["a", "a", "a_1", "a"].map(ToOwned::to_owned);
        assert_eq!(unique(names.iter()), ["a", "a_1", "a_1_1", "a_2"]);
    }
}
