//! The Rust types that a column of a result can be read as.

use arrow_schema::DataType;
use chrono::NaiveDate;

use super::value::Value;

const SECONDS_A_DAY: i64 = 86_400;

/// A Rust type that a column of a result can be read as.
pub(crate) trait FromColumn: Sized {
    /// What the column has to hold, in words.
    const EXPECTED: &'static str;

    /// Whether columns of an Arrow type hold it.
    fn reads(kind: &DataType) -> bool;

    /// Makes it of one value; `None` of null, or of a number or day beyond its range.
    fn from_value(value: Value) -> Option<Self>;
}

/// A value that may be null.
impl<T: FromColumn> FromColumn for Option<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn reads(kind: &DataType) -> bool {
        T::reads(kind)
    }

    fn from_value(value: Value) -> Option<Self> {
        Some(T::from_value(value))
    }
}

impl FromColumn for bool {
    const EXPECTED: &'static str = "truth values";

    fn reads(kind: &DataType) -> bool {
        *kind == DataType::Boolean
    }

    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Boolean(value) => Some(value),
            _ => None,
        }
    }
}

/// Whole numbers of any width; decimals without a fraction too.
impl FromColumn for i64 {
    const EXPECTED: &'static str = "whole numbers";

    fn reads(kind: &DataType) -> bool {
        kind.is_integer() || matches!(kind, DataType::Decimal128(_, 0))
    }

    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Whole(number) => number.try_into().ok(),
            _ => None,
        }
    }
}

/// Numbers of any kind.
impl FromColumn for f64 {
    const EXPECTED: &'static str = "numbers";

    fn reads(kind: &DataType) -> bool {
        kind.is_numeric()
    }

    fn from_value(value: Value) -> Option<Self> {
        Some(match value {
            Value::Whole(number) => number as Self,
            Value::Single(number) => number.into(),
            Value::Double(number) => number,
            Value::Decimal { unscaled, scale } => unscaled as Self / libm::pow(10.0, scale.into()),
            _ => return None,
        })
    }
}

/// Days; a timestamp gives the day it lies on.
impl FromColumn for NaiveDate {
    const EXPECTED: &'static str = "days";

    fn reads(kind: &DataType) -> bool {
        matches!(kind, DataType::Date32 | DataType::Timestamp(_, _))
    }

    fn from_value(value: Value) -> Option<Self> {
        let days = match value {
            Value::Date(days) => days,
            Value::Timestamp {
                units, per_second, ..
            } => units.div_euclid(SECONDS_A_DAY * per_second),
            _ => return None,
        };
        Self::from_epoch_days(days.try_into().ok()?)
    }
}

/// Text, plain or from a dictionary.
impl FromColumn for String {
    const EXPECTED: &'static str = "text";

    fn reads(kind: &DataType) -> bool {
        kind.is_string()
    }

    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use arrow_schema::TimeUnit;

    use super::*;

    #[track_caller]
    fn check<T: FromColumn + Debug + PartialEq>(kind: DataType, value: Value, expected: Option<T>) {
        assert!(T::reads(&kind), "{kind}");
        assert_eq!(T::from_value(value), expected);
    }

    #[test]
    fn values_become_what_a_field_asks_for() {
        let decimal = |unscaled, scale| Value::Decimal { unscaled, scale };
        check(DataType::UInt64, Value::Whole(7), Some(7_i64));
        check(DataType::Decimal128(38, 0), Value::Whole(7), Some(7_i64));
        check::<i64>(DataType::UInt64, Value::Whole(u64::MAX.into()), None);
        check(DataType::Int8, Value::Whole(-7), Some(-7.0));
        check(
            DataType::Float32,
            Value::Single(0.1),
            Some(f64::from(0.1_f32)),
        );
        check(
            DataType::Decimal128(18, 3),
            decimal(-1_005, 3),
            Some(-1.005),
        );
        let moment = |units, per_second| Value::Timestamp {
            units,
            per_second,
            has_zone: true,
        };
        let eve = NaiveDate::from_ymd_opt(1969, 12, 31);
        check(
            DataType::Timestamp(TimeUnit::Second, None),
            moment(-1, 1),
            eve,
        );
        check(
            DataType::Timestamp(TimeUnit::Nanosecond, None),
            moment(-1, 1_000_000_000),
            eve,
        );
        // Beyond chrono's years, and the engine's infinity.
        check::<NaiveDate>(DataType::Date32, Value::Date(i32::MAX.into()), None);
        check(
            DataType::Utf8View,
            Value::Text("a".to_owned()),
            Some("a".to_owned()),
        );
        check(DataType::Boolean, Value::Null, Some(None::<bool>));
    }

    #[test]
    fn other_types_are_refused() {
        assert!(!i64::reads(&DataType::Decimal128(38, 2)) && !i64::reads(&DataType::Float64));
        assert!(!f64::reads(&DataType::Utf8) && !bool::reads(&DataType::Int8));
        assert!(!NaiveDate::reads(&DataType::Utf8) && !String::reads(&DataType::Binary));
    }
}
