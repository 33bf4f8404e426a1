//! Declares a row and the columns it is read from in one place.

/// Declares rows of a result, and reads each field from the column of its name, as its own type.
///
/// - `channel: String` may not be null; `rate: Option<f64>` may be.
/// - `before: Option<i64> = "signups_before"` reads a column of another name.
/// - `truth: Option<f64> = "true_share" if present` is null where there is no such column.
/// - `signups: i64 = "signups" via Option::unwrap_or_default` goes through a function, whose
///   argument's type says how the column is read.
/// - `[i64; 2] = ["new", "lost"]` reads several columns of one type, `= ("kind", "factor")` two of
///   any types.
macro_rules! row {
    // The columns of a field.
    (@open $columns:ident $field:ident) => { $columns.of(stringify!($field))? };
    (@open $columns:ident $field:ident = $name:literal) => { $columns.of($name)? };
    (@open $columns:ident $field:ident = $name:literal if present) => {
        $columns.of_present($name)?
    };
    (@open $columns:ident $field:ident = [$($name:literal),+]) => { [$($columns.of($name)?),+] };
    (@open $columns:ident $field:ident = ($one:literal, $two:literal)) => {
        ($columns.of($one)?, $columns.of($two)?)
    };
    // The value of a field.
    (@value $value:expr) => { $value };
    (@value $value:expr, $via:expr) => { ($via)($value) };
    ($(
        $(#[$note:meta])*
        $visibility:vis struct $name:ident {
            $(
                $(#[$field_note:meta])*
                $field_visibility:vis $field:ident: $kind:ty
                    $(= $column:tt $(if $present:ident)? $(via $via:expr)?)?
            ),* $(,)?
        }
    )+) => {$(
        $(#[$note])*
        #[derive(Debug, Clone, PartialEq)]
        $visibility struct $name {
            $($(#[$field_note])* $field_visibility $field: $kind,)*
        }

        impl $crate::results::Row for $name {
            fn read(
                columns: &$crate::results::Columns<'_>,
            ) -> Result<Vec<Self>, $crate::results::DecodeError> {
                use $crate::results::Cells;
                $(
                    let $field = $crate::results::row!(
                        @open columns $field $(= $column $(if $present)?)?
                    );
                )*
                let row = |row: usize| {
                    Ok(Self {
                        $($field: $crate::results::row!(@value $field.at(row)? $($(, $via)?)?),)*
                    })
                };
                (0..columns.count_rows()).map(row).collect()
            }
        }
    )+};
}

pub(crate) use row;

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::types::UInt8Type;
    use arrow_array::{
        ArrayRef, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Float32Array,
        Int32Array, NullArray, RecordBatch, StringArray, TimestampMicrosecondArray,
    };
    use chrono::NaiveDate;

    use crate::results::{DecodeError, Row};

    row! {
        /// One field of each form.
        #[derive(PartialOrd)]
        struct Everything {
            plan: Option<String>,
            name: String,
            is_paid: bool,
            seats: i64,
            price: Option<f64> = "money",
            score: f64 = "single",
            day: NaiveDate,
            month: NaiveDate = "started_at",
            counted: i64 = "nothing" via Option::unwrap_or_default,
            is_one: bool = "seats" via |seats: i64| seats == 1,
            truth: Option<f64> = "truth" if present,
            both: [Option<f64>; 2] = ["money", "single"],
            word: String = ("name", "money") via |(name, money): (String, Option<f64>)| {
                format!("{name}: {money:?}")
            },
        }

        struct Seats {
            seats: i64,
        }

        struct Plan {
            plan: String,
        }

        struct Truth {
            truth: Option<i64> = "name" if present,
        }
    }

    fn batch(seats: Vec<i32>) -> RecordBatch {
        let rows = seats.len();
        let take = |values: [Option<&'static str>; 3]| values.into_iter().take(rows);
        let plans: DictionaryArray<UInt8Type> =
            take([Some("starter"), None, Some("starter")]).collect();
        let money = Decimal128Array::from(vec![Some(150), None, Some(-25)][..rows].to_vec());
        let days = [0, 31, -1];
        let moments = days.map(|day| i64::from(day) * 86_400_000_000 + 1);
        let columns: [(&str, ArrayRef); 9] = [
            ("plan", Arc::new(plans)),
            (
                "name",
                Arc::new(take([Some("a"), Some("b"), Some("c")]).collect::<StringArray>()),
            ),
            ("is_paid", Arc::new(BooleanArray::from(vec![true; rows]))),
            ("seats", Arc::new(Int32Array::from(seats))),
            (
                "money",
                Arc::new(money.with_precision_and_scale(38, 2).unwrap()),
            ),
            ("single", Arc::new(Float32Array::from(vec![0.5; rows]))),
            ("day", Arc::new(Date32Array::from(days[..rows].to_vec()))),
            (
                "started_at",
                Arc::new(TimestampMicrosecondArray::from(moments[..rows].to_vec())),
            ),
            ("nothing", Arc::new(NullArray::new(rows))),
        ];
        RecordBatch::try_from_iter(columns).unwrap()
    }

    fn message<R: Row + std::fmt::Debug>(batches: &[RecordBatch]) -> String {
        R::read_all(batches).unwrap_err().to_string()
    }

    #[test]
    fn a_field_is_read_as_its_own_type() {
        let rows = Everything::read_all(&[batch(vec![1, 2, 3])]).unwrap();
        assert_eq!(
            rows[0],
            Everything {
                plan: Some("starter".to_owned()),
                name: "a".to_owned(),
                is_paid: true,
                seats: 1,
                price: Some(1.5),
                score: 0.5,
                day: NaiveDate::default(),
                month: NaiveDate::default(),
                counted: 0,
                is_one: true,
                truth: None,
                both: [Some(1.5), Some(0.5)],
                word: "a: Some(1.5)".to_owned(),
            }
        );
        let (second, third) = (&rows[1], &rows[2]);
        assert_eq!((&second.plan, second.price), (&None, None));
        assert_eq!(second.day.to_string(), "1970-02-01");
        assert_eq!(third.month.to_string(), "1969-12-31");
        assert_eq!((third.is_one, third.price), (false, Some(-0.25)));
        assert!(rows[0] < rows[2], "by the derive that the row asks for");
    }

    #[test]
    fn batches_follow_one_another_and_may_be_empty() {
        let seats = |batches: &[RecordBatch]| -> Vec<i64> {
            let rows = Seats::read_all(batches).unwrap();
            rows.iter().map(|row| row.seats).collect()
        };
        let batches = [batch(vec![1, 2]), batch(vec![]), batch(vec![3])];
        assert_eq!(seats(&batches), [1, 2, 3]);
        assert_eq!(seats(&batches[1..2]), [0; 0]);
        assert_eq!(seats(&[]), [0; 0]);
    }

    #[test]
    fn a_column_that_cannot_be_read_is_named() {
        let whole = batch(vec![1, 2, 3]);
        assert_eq!(
            message::<Plan>(std::slice::from_ref(&whole)),
            "column plan is null in row 1"
        );
        // Without a row, too.
        let lacking = batch(vec![]).project(&[1, 3]).unwrap();
        assert_eq!(
            message::<Plan>(std::slice::from_ref(&lacking)),
            "the result has no column plan; it has name, seats"
        );
        assert_eq!(
            message::<Truth>(&[lacking]),
            "column name holds Utf8, not whole numbers"
        );
        let error = Plan::read_all(&[whole]).unwrap_err();
        let (column, row) = ("plan".to_owned(), 1);
        assert_eq!(error, DecodeError::UnexpectedNull { column, row });
    }
}
