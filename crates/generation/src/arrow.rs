//! Rows as Arrow: column buffers, IPC streams and checksums.

use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type, Int32Type, Int64Type, UInt8Type};
use arrow_array::{
    Array, ArrayRef, BooleanArray, Date32Array, DictionaryArray, Float64Array, Int32Array,
    Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray, UInt8Array,
};
use arrow_buffer::{NullBuffer, ScalarBuffer};
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{ArrowError, DataType, SchemaRef, TimeUnit};
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use super::tables::{ColumnKind, Table};

/// The key that stands for null in a column of dictionary keys.
pub(super) const NULL_KEY: u8 = u8::MAX;
/// The value that stands for null in a column of integers.
pub(super) const NULL_INTEGER: i64 = i64::MIN;

/// The word that a category holds when a defect puts one there that nobody declared.
pub const UNHEARD: &str = "unheard_of";

/// Column buffers on their way into a batch.
pub(super) enum Values {
    /// For `BigInt` and `Timestamp`.
    Long(Vec<i64>),
    /// For `Integer` and `Date`.
    Integer(Vec<i32>),
    /// For `Double`; NaN stands for null.
    Double(Vec<f64>),
    /// For `Boolean`.
    Boolean(Vec<bool>),
    /// For `Dictionary`.
    Keys(Vec<u8>),
    /// For `Dictionary`, with [`UNHEARD`] behind the words that are declared.
    UnheardKeys(Vec<u8>),
    /// For `Text`.
    Text(StringBuilder),
}

/// Makes a batch of `table` from one buffer a column. `with_nulls` looks for nulls in columns
/// that by contract have none.
///
/// # Errors
/// The buffers do not fit the declared columns: a fault in this crate.
pub(super) fn batch(
    table: Table,
    values: Vec<Values>,
    with_nulls: bool,
) -> Result<RecordBatch, ArrowError> {
    let columns: Result<Vec<ArrayRef>, ArrowError> = table
        .columns()
        .iter()
        .zip(values)
        .map(|(column, values)| array(column.kind, column.nullable || with_nulls, values))
        .collect();
    RecordBatch::try_new(table.schema(), columns?)
}

fn array(kind: ColumnKind, nullable: bool, values: Values) -> Result<ArrayRef, ArrowError> {
    Ok(match (kind, values) {
        (ColumnKind::BigInt, Values::Long(values)) => {
            let (values, nulls) = without_null_integers(values, nullable);
            Arc::new(Int64Array::try_new(values, nulls)?)
        }
        (ColumnKind::Timestamp, Values::Long(values)) => {
            let (values, nulls) = without_null_integers(values, nullable);
            Arc::new(TimestampMicrosecondArray::try_new(values, nulls)?)
        }
        (ColumnKind::Integer, Values::Integer(values)) => Arc::new(Int32Array::from(values)),
        (ColumnKind::Date, Values::Integer(values)) => Arc::new(Date32Array::from(values)),
        (ColumnKind::Double, Values::Double(mut values)) => {
            let nulls = nulls(nullable, &mut values, f64::is_nan, 0.0);
            Arc::new(Float64Array::try_new(ScalarBuffer::from(values), nulls)?)
        }
        (ColumnKind::Boolean, Values::Boolean(values)) => Arc::new(BooleanArray::from(values)),
        (ColumnKind::Text, Values::Text(mut values)) => Arc::new(values.finish()),
        (ColumnKind::Dictionary(names), Values::Keys(keys)) => {
            dictionary(names.to_vec(), nullable, keys)?
        }
        (ColumnKind::Dictionary(names), Values::UnheardKeys(keys)) => {
            let names = names.iter().copied().chain([UNHEARD]).collect();
            dictionary(names, nullable, keys)?
        }
        (kind, _) => {
            return Err(ArrowError::SchemaError(format!(
                "the buffer of a {kind:?} column has another type"
            )));
        }
    })
}

fn dictionary(
    names: Vec<&'static str>,
    nullable: bool,
    mut keys: Vec<u8>,
) -> Result<ArrayRef, ArrowError> {
    let nulls = nulls(nullable, &mut keys, |key| key == NULL_KEY, 0);
    let keys = UInt8Array::try_new(ScalarBuffer::from(keys), nulls)?;
    let names: ArrayRef = Arc::new(StringArray::from(names));
    Ok(Arc::new(DictionaryArray::<UInt8Type>::try_new(
        keys, names,
    )?))
}

fn without_null_integers(
    mut values: Vec<i64>,
    nullable: bool,
) -> (ScalarBuffer<i64>, Option<NullBuffer>) {
    let nulls = nulls(nullable, &mut values, |value| value == NULL_INTEGER, 0);
    (ScalarBuffer::from(values), nulls)
}

/// The validity of a nullable column; the values of null slots become `blank`, so that equal
/// columns have equal buffers.
fn nulls<T: Copy>(
    nullable: bool,
    values: &mut [T],
    is_null: impl Fn(T) -> bool,
    blank: T,
) -> Option<NullBuffer> {
    if !nullable || !values.iter().any(|&value| is_null(value)) {
        return None;
    }
    let valid: Vec<bool> = values.iter().map(|&value| !is_null(value)).collect();
    for value in values.iter_mut().filter(|value| is_null(**value)) {
        *value = blank;
    }
    Some(NullBuffer::from(valid))
}

/// Encodes `batches` as one complete, uncompressed Arrow IPC stream.
///
/// # Errors
/// A batch does not have this schema.
pub fn ipc_stream(schema: &SchemaRef, batches: &[RecordBatch]) -> Result<Vec<u8>, ArrowError> {
    let bytes: usize = batches.iter().map(RecordBatch::get_array_memory_size).sum();
    let mut writer = StreamWriter::try_new(Vec::with_capacity(bytes + bytes / 8 + 4096), schema)?;
    for batch in batches {
        writer.write(batch)?;
    }
    writer.finish()?;
    writer.into_inner()
}

/// Hashes the content of a batch: equal rows give equal hashes, however their buffers came about.
#[must_use]
pub fn checksum(batch: &RecordBatch) -> u64 {
    let mut hasher = Xxh3::new();
    hasher.update(&(batch.num_rows() as u64).to_le_bytes());
    for column in batch.columns() {
        hash_array(&mut hasher, column.as_ref());
    }
    hasher.digest()
}

fn hash_array(hasher: &mut Xxh3, array: &dyn Array) {
    let nulls = array.nulls().filter(|nulls| nulls.null_count() > 0);
    if let Some(nulls) = nulls {
        let valid: Vec<u8> = nulls.iter().map(u8::from).collect();
        hasher.update(&valid);
    }
    match array.data_type() {
        DataType::Int64 => hash_fixed(
            hasher,
            array.as_primitive::<Int64Type>().values(),
            nulls,
            i64::to_le_bytes,
        ),
        DataType::Timestamp(TimeUnit::Microsecond, None) => {
            let values = array.as_primitive::<arrow_array::types::TimestampMicrosecondType>();
            hash_fixed(hasher, values.values(), nulls, i64::to_le_bytes);
        }
        DataType::Int32 => hash_fixed(
            hasher,
            array.as_primitive::<Int32Type>().values(),
            nulls,
            i32::to_le_bytes,
        ),
        DataType::Date32 => hash_fixed(
            hasher,
            array.as_primitive::<Date32Type>().values(),
            nulls,
            i32::to_le_bytes,
        ),
        DataType::Float64 => hash_fixed(
            hasher,
            array.as_primitive::<Float64Type>().values(),
            nulls,
            f64::to_le_bytes,
        ),
        DataType::Boolean => {
            let values: Vec<u8> = array
                .as_boolean()
                .iter()
                .map(|value| u8::from(value == Some(true)))
                .collect();
            hasher.update(&values);
        }
        DataType::Utf8 => hash_text(hasher, array.as_string::<i32>()),
        DataType::Dictionary(_, _) => {
            if let Some(dictionary) = array.as_any_dictionary_opt() {
                hash_array(hasher, dictionary.values().as_ref());
                if let Some(keys) = dictionary.keys().as_primitive_opt::<UInt8Type>() {
                    hash_fixed(hasher, keys.values(), nulls, u8::to_le_bytes);
                }
            }
        }
        other => {
            // No declared column has another type; its name keeps the hash honest all the same.
            hasher.update(other.to_string().as_bytes());
        }
    }
}

fn hash_text(hasher: &mut Xxh3, array: &StringArray) {
    let offsets = array.value_offsets();
    let (first, last) = match (offsets.first(), offsets.last()) {
        (Some(&first), Some(&last)) => (first, last),
        _ => return,
    };
    for offset in offsets {
        hasher.update(&(offset - first).to_le_bytes());
    }
    if let Some(bytes) = array.value_data().get(first as usize..last as usize) {
        hasher.update(bytes);
    }
}

/// Hashes values through a small buffer of little-endian bytes; null slots count as zeros.
fn hash_fixed<T: Copy, const N: usize>(
    hasher: &mut Xxh3,
    values: &[T],
    nulls: Option<&NullBuffer>,
    bytes_of: impl Fn(T) -> [u8; N],
) {
    const CHUNK: usize = 1024;
    let mut buffer = Vec::with_capacity(CHUNK * N);
    for (chunk_index, chunk) in values.chunks(CHUNK).enumerate() {
        buffer.clear();
        for (index, &value) in chunk.iter().enumerate() {
            let null = nulls.is_some_and(|nulls| nulls.is_null(chunk_index * CHUNK + index));
            buffer.extend_from_slice(&if null { [0; N] } else { bytes_of(value) });
        }
        hasher.update(&buffer);
    }
}

/// The fingerprint of a dataset: one hash a table and one of them all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fingerprint {
    parts: Vec<(Table, u64, u64)>,
}

impl Fingerprint {
    /// A fingerprint of nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the checksum of one table in one block; blocks may arrive in any order.
    pub fn add(&mut self, table: Table, block: u64, checksum: u64) {
        self.parts.push((table, block, checksum));
    }

    /// Forgets what was added for `table`, before it is made anew.
    pub fn forget(&mut self, table: Table) {
        self.parts.retain(|part| part.0 != table);
    }

    /// The hash of one table, over its blocks in order; `None` when nothing was added for it.
    #[must_use]
    pub fn table(&self, table: Table) -> Option<u64> {
        let mut blocks: Vec<(u64, u64)> = self
            .parts
            .iter()
            .filter(|part| part.0 == table)
            .map(|part| (part.1, part.2))
            .collect();
        if blocks.is_empty() {
            return None;
        }
        blocks.sort_unstable();
        let bytes: Vec<u8> = blocks
            .iter()
            .flat_map(|(block, checksum)| [block.to_le_bytes(), checksum.to_le_bytes()])
            .flatten()
            .collect();
        Some(xxh3_64(&bytes))
    }

    /// The hash of the whole dataset.
    #[must_use]
    pub fn dataset(&self) -> u64 {
        let mut hasher = Xxh3::new();
        for table in Table::ALL {
            if let Some(hash) = self.table(table) {
                hasher.update(table.qualified().as_bytes());
                hasher.update(&hash.to_le_bytes());
            }
        }
        hasher.digest()
    }
}

impl std::fmt::Display for Fingerprint {
    /// Writes the dataset's hash as 16 hexadecimal digits.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{:016x}", self.dataset())
    }
}
