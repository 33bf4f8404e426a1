//! Any value of a result, whatever its type: read once, written as text or as JSON.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type, IntervalMonthDayNanoType, Time32MillisecondType, Time32SecondType,
    Time64MicrosecondType, Time64NanosecondType, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{Array, Decimal128Array};
use arrow_schema::extension::EXTENSION_TYPE_METADATA_KEY;
use arrow_schema::{DataType, Field, Schema, TimeUnit};

use super::bignum;

/// A value, free of the array that held it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Null,
    Boolean(bool),
    /// A whole number of up to 128 bits.
    Whole(i128),
    /// A whole number that needs more, as its digits.
    Digits(String),
    Single(f32),
    Double(f64),
    Decimal {
        unscaled: i128,
        scale: u32,
    },
    Text(String),
    Blob(Vec<u8>),
    /// Days after 1970-01-01; the ends of `i32` are infinite.
    Date(i32),
    Time {
        units: i64,
        per_second: i64,
    },
    /// Units after 1970-01-01T00:00:00 UTC; the ends of `i64` are infinite.
    Timestamp {
        units: i64,
        per_second: i64,
        has_zone: bool,
    },
    Interval {
        months: i32,
        days: i32,
        nanoseconds: i64,
    },
    List(Vec<Self>),
    /// Members by name; a row without names has empty ones.
    Struct(Vec<(String, Self)>),
    Map(Vec<(Self, Self)>),
    /// The member that a union holds.
    Union(Box<Self>),
}

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

fn is_readable(kind: &DataType) -> bool {
    match kind {
        DataType::Null
        | DataType::Boolean
        | DataType::Int8
        | DataType::Int16
        | DataType::Int32
        | DataType::Int64
        | DataType::UInt8
        | DataType::UInt16
        | DataType::UInt32
        | DataType::UInt64
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
        | DataType::Time32(TimeUnit::Second | TimeUnit::Millisecond)
        | DataType::Time64(TimeUnit::Microsecond | TimeUnit::Nanosecond)
        | DataType::Timestamp(_, _)
        | DataType::Interval(arrow_schema::IntervalUnit::MonthDayNano) => true,
        DataType::Decimal128(_, scale) => *scale >= 0,
        DataType::Dictionary(_, values) => is_readable(values),
        DataType::List(_)
        | DataType::LargeList(_)
        | DataType::FixedSizeList(_, _)
        | DataType::Struct(_)
        | DataType::Map(_, _)
        | DataType::Union(_, _) => inner(kind)
            .into_iter()
            .all(|field| is_readable(field.data_type())),
        _ => false,
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
        DataType::Int8 => whole::<Int8Type>(array, row),
        DataType::Int16 => whole::<Int16Type>(array, row),
        DataType::Int32 => whole::<Int32Type>(array, row),
        DataType::Int64 => whole::<Int64Type>(array, row),
        DataType::UInt8 => whole::<UInt8Type>(array, row),
        DataType::UInt16 => whole::<UInt16Type>(array, row),
        DataType::UInt32 => whole::<UInt32Type>(array, row),
        DataType::UInt64 => whole::<UInt64Type>(array, row),
        DataType::Float32 => Value::Single(array.as_primitive::<Float32Type>().value(row)),
        DataType::Float64 => Value::Double(array.as_primitive::<Float64Type>().value(row)),
        DataType::Decimal128(_, scale) => decimal(array.as_primitive(), *scale, row),
        DataType::Utf8 => text(array.as_string::<i32>().value(row)),
        DataType::LargeUtf8 => text(array.as_string::<i64>().value(row)),
        DataType::Utf8View => text(array.as_string_view().value(row)),
        DataType::Binary => bytes(field, array.as_binary::<i32>().value(row)),
        DataType::LargeBinary => bytes(field, array.as_binary::<i64>().value(row)),
        DataType::BinaryView => bytes(field, array.as_binary_view().value(row)),
        DataType::FixedSizeBinary(_) => bytes(field, array.as_fixed_size_binary().value(row)),
        DataType::Date32 => Value::Date(array.as_primitive::<Date32Type>().value(row)),
        DataType::Time32(unit) => {
            let units = match unit {
                TimeUnit::Second => array.as_primitive::<Time32SecondType>().value(row),
                _ => array.as_primitive::<Time32MillisecondType>().value(row),
            };
            let (units, per_second) = (i64::from(units), per_second(*unit));
            Value::Time { units, per_second }
        }
        DataType::Time64(unit) => {
            let units = match unit {
                TimeUnit::Nanosecond => array.as_primitive::<Time64NanosecondType>().value(row),
                _ => array.as_primitive::<Time64MicrosecondType>().value(row),
            };
            let per_second = per_second(*unit);
            Value::Time { units, per_second }
        }
        DataType::Timestamp(unit, zone) => Value::Timestamp {
            units: match unit {
                TimeUnit::Second => array.as_primitive::<TimestampSecondType>().value(row),
                TimeUnit::Millisecond => {
                    array.as_primitive::<TimestampMillisecondType>().value(row)
                }
                TimeUnit::Microsecond => {
                    array.as_primitive::<TimestampMicrosecondType>().value(row)
                }
                TimeUnit::Nanosecond => array.as_primitive::<TimestampNanosecondType>().value(row),
            },
            per_second: per_second(*unit),
            has_zone: zone.is_some(),
        },
        DataType::Interval(arrow_schema::IntervalUnit::MonthDayNano) => {
            let interval = array.as_primitive::<IntervalMonthDayNanoType>().value(row);
            Value::Interval {
                months: interval.months,
                days: interval.days,
                nanoseconds: interval.nanoseconds,
            }
        }
        DataType::Dictionary(_, _) => {
            let dictionary = array.as_any_dictionary();
            let Value::Whole(key) = value_at(dictionary.keys(), field, row) else {
                return Value::Null;
            };
            let key = usize::try_from(key).unwrap_or_default();
            value_at(dictionary.values().as_ref(), field, key)
        }
        DataType::List(item) => list(array.as_list::<i32>().value(row).as_ref(), item),
        DataType::LargeList(item) => list(array.as_list::<i64>().value(row).as_ref(), item),
        DataType::FixedSizeList(item, _) => {
            list(array.as_fixed_size_list().value(row).as_ref(), item)
        }
        DataType::Struct(fields) => {
            let columns = array.as_struct().columns().iter();
            let members = fields.iter().zip(columns).map(|(field, column)| {
                let member = value_at(column.as_ref(), field, row);
                (field.name().clone(), member)
            });
            Value::Struct(members.collect())
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

fn whole<T: ArrowPrimitiveType>(array: &dyn Array, row: usize) -> Value
where
    T::Native: Into<i128>,
{
    Value::Whole(array.as_primitive::<T>().value(row).into())
}

fn decimal(array: &Decimal128Array, scale: i8, row: usize) -> Value {
    let unscaled = array.value(row);
    match u32::from(scale.unsigned_abs()) {
        0 => Value::Whole(unscaled),
        scale => Value::Decimal { unscaled, scale },
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn bytes(field: &Field, bytes: &[u8]) -> Value {
    match opaque_name(field) {
        Some("uhugeint") => match <[u8; 16]>::try_from(bytes) {
            Ok(bytes) => Value::Digits(u128::from_le_bytes(bytes).to_string()),
            Err(_) => Value::Blob(bytes.to_vec()),
        },
        Some(_) => Value::Digits(bignum::digits(bytes)),
        None => Value::Blob(bytes.to_vec()),
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
