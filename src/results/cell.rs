//! Values of a result, read from the arrays that hold them.

use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Float32Type, Float64Type, IntervalMonthDayNanoType};
use arrow_array::{Array, downcast_integer_array, downcast_temporal_array};
use arrow_schema::extension::EXTENSION_TYPE_METADATA_KEY;
use arrow_schema::{DataType, Field, IntervalUnit, Schema, TimeUnit};

use super::value::Value;
use super::{bignum, written};

/// The first column of a type that cannot be written: its name and its type.
///
/// The engine has no such type today; a later one may.
#[must_use]
pub fn unreadable_column(schema: &Schema) -> Option<(String, String)> {
    let fields = schema.fields().iter();
    fields
        .filter(|field| !is_readable(field.data_type()))
        .map(|field| (field.name().clone(), field.data_type().to_string()))
        .next()
}

/// Whether a column's Arrow type stands for two types of the engine: a BIT comes as a BLOB, and a
/// TIME WITH TIME ZONE as a TIME that has lost its zone.
#[must_use]
pub fn is_ambiguous(schema: &Schema) -> bool {
    fn any(field: &Field) -> bool {
        match field.data_type() {
            DataType::Binary => opaque_name(field).is_none(),
            DataType::Time64(_) => true,
            other => inner(other).into_iter().any(any),
        }
    }
    schema.fields().iter().any(|field| any(field))
}

/// Whether [`value_at`] reads a type; of any other it gives null.
pub(super) fn is_readable(kind: &DataType) -> bool {
    match kind {
        DataType::Null
        | DataType::Boolean
        | DataType::Float32
        | DataType::Float64
        | DataType::Utf8
        | DataType::LargeUtf8
        | DataType::Utf8View
        | DataType::Binary
        | DataType::LargeBinary
        | DataType::BinaryView
        | DataType::FixedSizeBinary(_)
        | DataType::Date32
        | DataType::Time32(_)
        | DataType::Time64(_)
        | DataType::Timestamp(_, _)
        | DataType::Interval(IntervalUnit::MonthDayNano) => true,
        DataType::Decimal128(_, scale) => *scale >= 0,
        DataType::Dictionary(_, values) => is_readable(values),
        kind if kind.is_integer() => true,
        kind => {
            let fields = inner(kind);
            !fields.is_empty() && fields.iter().all(|field| is_readable(field.data_type()))
        }
    }
}

fn inner(kind: &DataType) -> Vec<&Field> {
    match kind {
        DataType::List(field)
        | DataType::LargeList(field)
        | DataType::FixedSizeList(field, _)
        | DataType::Map(field, _) => vec![field.as_ref()],
        DataType::Struct(fields) => fields.iter().map(AsRef::as_ref).collect(),
        DataType::Union(fields, _) => fields.iter().map(|(_, field)| field.as_ref()).collect(),
        _ => Vec::new(),
    }
}

/// The engine's name of a type that Arrow does not know.
pub(super) fn opaque_name(field: &Field) -> Option<&'static str> {
    let metadata = field.metadata().get(EXTENSION_TYPE_METADATA_KEY)?;
    ["uhugeint", "bignum"]
        .into_iter()
        .find(|name| metadata.contains(&format!("\"{name}\"")))
}

/// Reads the value of one row. A type that [`unreadable_column`] refuses gives null.
pub(super) fn value_at(array: &dyn Array, field: &Field, row: usize) -> Value {
    if array.is_null(row) {
        return Value::Null;
    }
    match array.data_type() {
        DataType::Boolean => Value::Boolean(array.as_boolean().value(row)),
        kind if kind.is_integer() => Value::Whole(whole(array, row)),
        DataType::Float32 => Value::Single(array.as_primitive::<Float32Type>().value(row)),
        DataType::Float64 => Value::Double(array.as_primitive::<Float64Type>().value(row)),
        DataType::Decimal128(_, scale) => {
            let unscaled = array.as_primitive::<Decimal128Type>().value(row);
            match *scale {
                0 => Value::Whole(unscaled),
                scale => Value::Decimal { unscaled, scale },
            }
        }
        DataType::Utf8 => text(array.as_string::<i32>().value(row)),
        DataType::LargeUtf8 => text(array.as_string::<i64>().value(row)),
        DataType::Utf8View => text(array.as_string_view().value(row)),
        DataType::Binary => bytes(field, array.as_binary::<i32>().value(row)),
        DataType::LargeBinary => bytes(field, array.as_binary::<i64>().value(row)),
        DataType::BinaryView => bytes(field, array.as_binary_view().value(row)),
        DataType::FixedSizeBinary(_) => bytes(field, array.as_fixed_size_binary().value(row)),
        DataType::Date32 => Value::Date(units(array, row)),
        DataType::Time32(unit) | DataType::Time64(unit) => {
            Value::Text(written::clock(units(array, row), per_second(*unit)))
        }
        DataType::Timestamp(unit, zone) => Value::Timestamp {
            units: units(array, row),
            per_second: per_second(*unit),
            has_zone: zone.is_some(),
        },
        DataType::Interval(IntervalUnit::MonthDayNano) => {
            let interval = array.as_primitive::<IntervalMonthDayNanoType>().value(row);
            Value::Text(written::interval(interval))
        }
        DataType::Dictionary(_, _) => {
            let dictionary = array.as_any_dictionary();
            let key = usize::try_from(whole(dictionary.keys(), row)).unwrap_or_default();
            value_at(dictionary.values().as_ref(), field, key)
        }
        DataType::List(item) => list(array.as_list::<i32>().value(row).as_ref(), item),
        DataType::LargeList(item) => list(array.as_list::<i64>().value(row).as_ref(), item),
        DataType::FixedSizeList(item, _) => {
            list(array.as_fixed_size_list().value(row).as_ref(), item)
        }
        DataType::Struct(fields) => {
            let columns = array.as_struct().columns().iter();
            let members = fields
                .iter()
                .zip(columns)
                .map(|(field, column)| (field.name(), value_at(column.as_ref(), field, row)));
            if fields.iter().all(|field| field.name().is_empty()) {
                Value::Tuple(members.map(|(_, member)| member).collect())
            } else {
                Value::Struct(
                    members
                        .map(|(name, member)| (name.clone(), member))
                        .collect(),
                )
            }
        }
        DataType::Map(entries, _) => map(array, entries, row),
        DataType::Union(fields, _) => {
            let union = array.as_union();
            let chosen = union.type_id(row);
            let member = fields.iter().find(|(id, _)| *id == chosen);
            let value = member.map_or(Value::Null, |(_, field)| {
                value_at(union.child(chosen).as_ref(), field, union.value_offset(row))
            });
            match value {
                Value::Null => Value::Null,
                value => Value::Union(Box::new(value)),
            }
        }
        _ => Value::Null,
    }
}

/// A whole number of any width.
fn whole(array: &dyn Array, row: usize) -> i128 {
    downcast_integer_array!(
        array => array.value(row).into(),
        _ => 0,
    )
}

/// What a day, a time or a timestamp counts.
#[expect(clippy::useless_conversion, reason = "days are i32, most others i64")]
fn units(array: &dyn Array, row: usize) -> i64 {
    downcast_temporal_array!(
        array => array.value(row).into(),
        _ => 0,
    )
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn bytes(field: &Field, bytes: &[u8]) -> Value {
    let digits = match opaque_name(field) {
        Some("uhugeint") => match <[u8; 16]>::try_from(bytes) {
            Ok(bytes) => u128::from_le_bytes(bytes).to_string(),
            Err(_) => return Value::Text(written::blob(bytes)),
        },
        Some(_) => bignum::digits(bytes),
        None => return Value::Text(written::blob(bytes)),
    };
    match digits.parse() {
        Ok(number) => Value::Whole(number),
        Err(_) => Value::Text(digits),
    }
}

fn list(items: &dyn Array, field: &Field) -> Value {
    let items = (0..items.len()).map(|item| value_at(items, field, item));
    Value::List(items.collect())
}

fn map(array: &dyn Array, entries: &Field, row: usize) -> Value {
    let DataType::Struct(fields) = entries.data_type() else {
        return Value::Null;
    };
    let pairs = array.as_map().value(row);
    let ([key, value], [keys, values]) = (fields.as_ref(), pairs.columns()) else {
        return Value::Null;
    };
    let entry = |entry| {
        let name = value_at(keys.as_ref(), key, entry);
        (name, value_at(values.as_ref(), value, entry))
    };
    Value::Map((0..pairs.len()).map(entry).collect())
}

const fn per_second(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::Second => 1,
        TimeUnit::Millisecond => 1_000,
        TimeUnit::Microsecond => 1_000_000,
        TimeUnit::Nanosecond => 1_000_000_000,
    }
}
