//! Rows of a statement as a model reads them: columns of numbers and of words.

use std::collections::BTreeMap;
use std::io::Cursor;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type, TimestampMicrosecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, RecordBatch};
use arrow_ipc::reader::FileReader;
use arrow_schema::{DataType, TimeUnit};

use super::LearnError;

const DAY_MICROS: f64 = 86_400_000_000.0;

/// Columns of equal length.
///
/// Numbers, days (since 1970), instants (in days) and truth values (0, 1) are `f64`, with NaN for
/// null; everything else is words.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Frame {
    rows: usize,
    numbers: BTreeMap<String, Vec<f64>>,
    texts: BTreeMap<String, Texts>,
}

/// A column of words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Texts {
    /// The words there are, in alphabetical order; null is the empty word.
    pub words: Vec<String>,
    /// The word of each row.
    pub codes: Vec<usize>,
}

impl Texts {
    /// The word of a row.
    #[must_use]
    pub fn word(&self, row: usize) -> &str {
        self.codes
            .get(row)
            .and_then(|&code| self.words.get(code))
            .map_or("", String::as_str)
    }

    fn new(values: Vec<Option<String>>) -> Self {
        let values: Vec<String> = values.into_iter().map(Option::unwrap_or_default).collect();
        let mut words: Vec<String> = values.clone();
        words.sort_unstable();
        words.dedup();
        let codes = values
            .iter()
            .map(|value| words.binary_search(value).unwrap_or_default())
            .collect();
        Self { words, codes }
    }
}

impl Frame {
    /// Reads an Arrow IPC file, as the warehouse answers a statement; nothing at all is no rows.
    ///
    /// # Errors
    /// [`LearnError::Arrow`] when the bytes are no such file, [`LearnError::Column`] for a type
    /// that is none of the above.
    pub fn from_file(bytes: Vec<u8>) -> Result<Self, LearnError> {
        if bytes.is_empty() {
            return Ok(Self::default());
        }
        let reader = FileReader::try_new(Cursor::new(bytes), None)?;
        let schema = reader.schema();
        let batches = reader.collect::<Result<Vec<_>, _>>()?;
        if batches.is_empty() {
            return Self::from_batches(&[RecordBatch::new_empty(schema)]);
        }
        Self::from_batches(&batches)
    }

    /// Reads record batches of one schema.
    ///
    /// # Errors
    /// [`LearnError::Column`] for a type that is neither number, day, truth value nor text.
    pub fn from_batches(batches: &[RecordBatch]) -> Result<Self, LearnError> {
        let mut frame = Self {
            rows: batches.iter().map(RecordBatch::num_rows).sum(),
            ..Self::default()
        };
        let Some(first) = batches.first() else {
            return Ok(frame);
        };
        for (index, field) in first.schema().fields().iter().enumerate() {
            let name = field.name();
            let (mut numbers, mut texts) = (Vec::new(), Vec::new());
            for batch in batches {
                let array = batch.column(index).as_ref();
                if let Some(mut part) = numbers_of(array) {
                    numbers.append(&mut part);
                } else if let Some(mut part) = texts_of(array) {
                    texts.append(&mut part);
                } else {
                    return Err(LearnError::Column {
                        column: name.clone(),
                        problem: format!("holds {}", array.data_type()),
                    });
                }
            }
            if numbers.len() == frame.rows && texts.is_empty() {
                frame.numbers.insert(name.clone(), numbers);
            } else {
                frame.texts.insert(name.clone(), Texts::new(texts));
            }
        }
        Ok(frame)
    }

    /// Makes a frame from columns of numbers, for tests and experiments.
    ///
    /// # Errors
    /// [`LearnError::Column`] when lengths differ.
    pub fn from_numbers<N: Into<String>>(
        columns: impl IntoIterator<Item = (N, Vec<f64>)>,
    ) -> Result<Self, LearnError> {
        let mut frame = Self::default();
        for (name, values) in columns {
            let name = name.into();
            if !frame.numbers.is_empty() && values.len() != frame.rows {
                return Err(LearnError::Column {
                    problem: format!("has {} rows, not {}", values.len(), frame.rows),
                    column: name,
                });
            }
            frame.rows = values.len();
            frame.numbers.insert(name, values);
        }
        Ok(frame)
    }

    /// How many rows there are.
    #[must_use]
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// A column of numbers; NaN stands for null.
    ///
    /// # Errors
    /// [`LearnError::Column`] when there is none of that name.
    pub fn numbers(&self, column: &str) -> Result<&[f64], LearnError> {
        match self.numbers.get(column) {
            Some(values) => Ok(values),
            None => Err(self.missing(column, "numbers")),
        }
    }

    /// A column of numbers none of which is missing.
    ///
    /// # Errors
    /// As [`Self::numbers`]; [`LearnError::NotANumber`] at the first gap.
    pub fn required(&self, column: &str) -> Result<&[f64], LearnError> {
        let values = self.numbers(column)?;
        match values.iter().position(|value| !value.is_finite()) {
            None => Ok(values),
            Some(row) => Err(LearnError::NotANumber {
                column: column.to_owned(),
                row,
            }),
        }
    }

    /// A column of whole numbers none of which is missing, such as those of users.
    pub(super) fn whole(&self, column: &str) -> Result<Vec<i64>, LearnError> {
        let values = self.required(column)?.iter();
        Ok(values.map(|value| *value as i64).collect())
    }

    /// A column of days none of which is missing.
    pub(super) fn days(&self, column: &str) -> Result<Vec<i32>, LearnError> {
        let values = self.required(column)?.iter();
        Ok(values.map(|value| *value as i32).collect())
    }

    /// A column of words.
    ///
    /// # Errors
    /// [`LearnError::Column`] when there is none of that name.
    pub fn texts(&self, column: &str) -> Result<&Texts, LearnError> {
        match self.texts.get(column) {
            Some(values) => Ok(values),
            None => Err(self.missing(column, "words")),
        }
    }

    fn missing(&self, column: &str, kind: &str) -> LearnError {
        let names: Vec<&str> = self
            .numbers
            .keys()
            .chain(self.texts.keys())
            .map(String::as_str)
            .collect();
        LearnError::Column {
            column: column.to_owned(),
            problem: format!(
                "is no column of {kind} among the rows' {}",
                names.join(", ")
            ),
        }
    }
}

fn numbers_of(array: &dyn Array) -> Option<Vec<f64>> {
    macro_rules! numbers {
        ($kind:ty) => {
            array
                .as_primitive::<$kind>()
                .iter()
                .map(|value| value.map_or(f64::NAN, |value| value as f64))
                .collect()
        };
    }
    Some(match array.data_type() {
        DataType::Int8 => numbers!(Int8Type),
        DataType::Int16 => numbers!(Int16Type),
        DataType::Int32 => numbers!(Int32Type),
        DataType::Int64 => numbers!(Int64Type),
        DataType::UInt8 => numbers!(UInt8Type),
        DataType::UInt16 => numbers!(UInt16Type),
        DataType::UInt32 => numbers!(UInt32Type),
        DataType::UInt64 => numbers!(UInt64Type),
        DataType::Float32 => numbers!(Float32Type),
        DataType::Float64 => numbers!(Float64Type),
        DataType::Date32 => numbers!(Date32Type),
        DataType::Decimal128(_, scale) => {
            let divisor = libm::pow(10.0, f64::from(*scale));
            array
                .as_primitive::<Decimal128Type>()
                .iter()
                .map(|value| value.map_or(f64::NAN, |value| value as f64 / divisor))
                .collect()
        }
        DataType::Timestamp(TimeUnit::Microsecond, _) => array
            .as_primitive::<TimestampMicrosecondType>()
            .iter()
            .map(|value| value.map_or(f64::NAN, |value| value as f64 / DAY_MICROS))
            .collect(),
        DataType::Null => vec![f64::NAN; array.len()],
        DataType::Boolean => array
            .as_boolean()
            .iter()
            .map(|value| value.map_or(f64::NAN, f64::from))
            .collect(),
        _ => return None,
    })
}

fn texts_of(array: &dyn Array) -> Option<Vec<Option<String>>> {
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
        _ => return None,
    })
}
