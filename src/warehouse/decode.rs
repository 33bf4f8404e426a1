//! Arrow IPC bytes → record batches.

use std::io::Cursor;

use arrow_array::RecordBatch;
use arrow_ipc::reader::{FileReader, StreamReader};
use arrow_schema::ArrowError;

use super::WarehouseError;

/// Decodes a complete Arrow IPC file, as the engine answers a statement.
///
/// A statement without rows gives no batch; one without a result gives no batch either.
///
/// # Errors
/// [`WarehouseError::Decode`] when the bytes are no Arrow file.
pub fn decode_file(bytes: Vec<u8>) -> Result<Vec<RecordBatch>, WarehouseError> {
    if bytes.is_empty() {
        return Ok(Vec::new());
    }
    FileReader::try_new(Cursor::new(bytes), None)
        .and_then(Iterator::collect)
        .map_err(decode_error)
}

/// Decodes a complete Arrow IPC stream, as generators write it and cancellable queries answer it.
///
/// # Errors
/// [`WarehouseError::Decode`] when the bytes are no Arrow stream.
pub fn decode_stream(bytes: Vec<u8>) -> Result<Vec<RecordBatch>, WarehouseError> {
    StreamReader::try_new(Cursor::new(bytes), None)
        .and_then(Iterator::collect)
        .map_err(decode_error)
}

fn decode_error(error: ArrowError) -> WarehouseError {
    WarehouseError::Decode {
        message: error.to_string(),
    }
}

/// Reads column `column` of the first row as a whole number, for counts and sizes.
///
/// # Errors
/// [`WarehouseError::Decode`] when there is no row or the value is no whole number.
pub fn first_number(batches: &[RecordBatch], column: usize) -> Result<i64, WarehouseError> {
    use arrow_array::cast::AsArray;
    use arrow_array::types::{
        Decimal128Type, Float64Type, Int32Type, Int64Type, UInt32Type, UInt64Type,
    };
    use arrow_schema::DataType;

    let batch = batches
        .iter()
        .find(|batch| batch.num_rows() > 0)
        .ok_or_else(|| WarehouseError::Decode {
            message: "a row was expected, none came".to_owned(),
        })?;
    let array = batch
        .columns()
        .get(column)
        .ok_or_else(|| WarehouseError::Decode {
            message: format!("column {column} was expected of {}", batch.num_columns()),
        })?;
    if array.is_null(0) {
        return Ok(0);
    }
    #[allow(
        clippy::cast_possible_truncation,
        reason = "a sum that the engine widened to HUGEINT or DOUBLE still counts rows or bytes"
    )]
    let number = match array.data_type() {
        DataType::Int32 => i64::from(array.as_primitive::<Int32Type>().value(0)),
        DataType::UInt32 => i64::from(array.as_primitive::<UInt32Type>().value(0)),
        DataType::Int64 => array.as_primitive::<Int64Type>().value(0),
        DataType::UInt64 => array
            .as_primitive::<UInt64Type>()
            .value(0)
            .try_into()
            .unwrap_or(i64::MAX),
        DataType::Decimal128(_, 0) => array.as_primitive::<Decimal128Type>().value(0) as i64,
        DataType::Float64 => array.as_primitive::<Float64Type>().value(0) as i64,
        other => {
            return Err(WarehouseError::Decode {
                message: format!("a whole number was expected, {other} came"),
            });
        }
    };
    Ok(number)
}
