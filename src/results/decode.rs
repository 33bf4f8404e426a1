//! Columns of a result by name and Rust type.

use std::marker::PhantomData;

use arrow_array::{Array, RecordBatch};
use arrow_schema::{DataType, Field};

use super::cell::{is_readable, value_at};
use super::from_column::FromColumn;
use super::value::Value;

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

/// A typed row of a result, declared by `row!`.
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
    /// How many rows there are.
    pub(crate) fn count_rows(&self) -> usize {
        self.batch.num_rows()
    }

    /// A column, as values of type `T`.
    ///
    /// # Errors
    /// [`DecodeError`] when there is no such column or it holds something else.
    pub(crate) fn of<T: FromColumn>(
        &self,
        name: &'a str,
    ) -> Result<TypedColumn<'a, T>, DecodeError> {
        let column = self.of_present(name)?;
        if column.array.is_some() {
            return Ok(column);
        }
        let fields = self.batch.schema_ref().fields().iter();
        let names: Vec<&str> = fields.map(|field| field.name().as_str()).collect();
        Err(DecodeError::MissingColumn {
            column: name.to_owned(),
            found: names.join(", "),
        })
    }

    /// The column at a position, from 0.
    ///
    /// # Errors
    /// As [`Columns::of`].
    pub(crate) fn at<T: FromColumn>(
        &self,
        place: usize,
    ) -> Result<TypedColumn<'a, T>, DecodeError> {
        let field = self.batch.schema_ref().fields().get(place);
        self.of(field.map_or("", |field| field.name().as_str()))
    }

    /// A column that may be absent: all of its values are then null.
    ///
    /// # Errors
    /// [`DecodeError::WrongType`] when it is there and holds something else.
    pub(crate) fn of_present<T: FromColumn>(
        &self,
        name: &'a str,
    ) -> Result<TypedColumn<'a, T>, DecodeError> {
        let array = self
            .batch
            .schema_ref()
            .column_with_name(name)
            .map(|(place, field)| (self.batch.columns()[place].as_ref(), field));
        if let Some((_, field)) = array {
            let kind = match field.data_type() {
                DataType::Dictionary(_, words) => words,
                kind => kind,
            };
            if *kind != DataType::Null && !(is_readable(kind) && T::reads(kind)) {
                return Err(DecodeError::WrongType {
                    column: name.to_owned(),
                    expected: T::EXPECTED,
                    found: field.data_type().to_string(),
                });
            }
        }
        Ok(TypedColumn {
            name,
            array,
            kind: PhantomData,
        })
    }
}

/// What a field of a row is read from: a column, or several side by side.
pub(crate) trait Cells {
    /// What they hold in one row.
    type Value;

    /// Reads one row.
    fn at(&self, row: usize) -> Result<Self::Value, DecodeError>;
}

/// A column whose values are of type `T`.
pub(crate) struct TypedColumn<'a, T> {
    name: &'a str,
    /// `None` when it is absent, and may be.
    array: Option<(&'a dyn Array, &'a Field)>,
    kind: PhantomData<T>,
}

impl<T: FromColumn> Cells for TypedColumn<'_, T> {
    type Value = T;

    fn at(&self, row: usize) -> Result<T, DecodeError> {
        let value = self
            .array
            .map_or(Value::Null, |(array, field)| value_at(array, field, row));
        T::from_value(value).ok_or_else(|| DecodeError::UnexpectedNull {
            column: self.name.to_owned(),
            row,
        })
    }
}

impl<C: Cells, const N: usize> Cells for [C; N]
where
    C::Value: Default,
{
    type Value = [C::Value; N];

    fn at(&self, row: usize) -> Result<Self::Value, DecodeError> {
        let mut values = std::array::from_fn(|_| C::Value::default());
        for (value, cells) in values.iter_mut().zip(self) {
            *value = cells.at(row)?;
        }
        Ok(values)
    }
}

impl<A: Cells, B: Cells> Cells for (A, B) {
    type Value = (A::Value, B::Value);

    fn at(&self, row: usize) -> Result<Self::Value, DecodeError> {
        Ok((self.0.at(row)?, self.1.at(row)?))
    }
}
