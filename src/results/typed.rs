//! Declares a row and the columns it is read from in one place.

/// Declares typed rows: each field with its kind and the column it comes from.
///
/// Kinds are `text`, `date`, `boolean`, `integer` and `number`; a `maybe_` before one allows nulls.
macro_rules! rows {
    ($(
        $(#[$note:meta])*
        $name:ident {
            $($(#[$field_note:meta])* $field:ident: $kind:ident = $column:literal),* $(,)?
        }
    )*) => {$(
        $(#[$note])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name {
            $($(#[$field_note])* pub $field: $crate::results::typed::rows!(@type $kind),)*
        }

        impl $crate::results::Row for $name {
            fn read(
                columns: &$crate::results::Columns<'_>,
            ) -> Result<Vec<Self>, $crate::results::DecodeError> {
                $(
                    let mut $field =
                        $crate::results::typed::rows!(@read columns, $kind, $column).into_iter();
                )*
                let mut rows = Vec::new();
                loop {
                    rows.push(Self {
                        $($field: match $field.next() {
                            Some(value) => value,
                            None => return Ok(rows),
                        },)*
                    });
                }
            }
        }
    )*};
    (@type text) => { String };
    (@type date) => { chrono::NaiveDate };
    (@type boolean) => { bool };
    (@type integer) => { i64 };
    (@type number) => { f64 };
    (@type maybe_text) => { Option<String> };
    (@type maybe_date) => { Option<chrono::NaiveDate> };
    (@type maybe_integer) => { Option<i64> };
    (@type maybe_number) => { Option<f64> };
    (@read $columns:ident, text, $column:literal) => {
        $crate::results::Columns::required($column, $columns.texts($column)?)?
    };
    (@read $columns:ident, date, $column:literal) => {
        $crate::results::Columns::required($column, $columns.dates($column)?)?
    };
    (@read $columns:ident, boolean, $column:literal) => {
        $crate::results::Columns::required($column, $columns.booleans($column)?)?
    };
    (@read $columns:ident, integer, $column:literal) => {
        $crate::results::Columns::required($column, $columns.integers($column)?)?
    };
    (@read $columns:ident, number, $column:literal) => {
        $crate::results::Columns::required($column, $columns.numbers($column)?)?
    };
    (@read $columns:ident, maybe_text, $column:literal) => { $columns.texts($column)? };
    (@read $columns:ident, maybe_date, $column:literal) => { $columns.dates($column)? };
    (@read $columns:ident, maybe_integer, $column:literal) => { $columns.integers($column)? };
    (@read $columns:ident, maybe_number, $column:literal) => { $columns.numbers($column)? };
}

pub(crate) use rows;
