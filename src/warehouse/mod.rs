//! Stage 3, **warehouse**: DuckDB in its own worker, behind a small trait.
//!
//! Rows reach it as Arrow IPC streams and results leave it as record batches. Only `bindings`
//! touches JavaScript values.

#[cfg(target_arch = "wasm32")]
mod bindings;
mod cancel;
#[cfg(target_arch = "wasm32")]
mod compiled;
mod conditions;
mod decode;
#[cfg(target_arch = "wasm32")]
mod duckdb;
#[cfg(target_arch = "wasm32")]
mod engine;
#[cfg(any(target_arch = "wasm32", test))]
mod enums;
mod error;
mod guard;
#[cfg(any(target_arch = "wasm32", test))]
mod stall;
mod statements;

use arrow_array::RecordBatch;

#[cfg(target_arch = "wasm32")]
pub use bindings::IpcBuffer;
pub use cancel::CancelFlag;
pub use conditions::{between_sql, is_one_of_sql};
pub use decode::{decode_file, decode_stream, first_number};
#[cfg(target_arch = "wasm32")]
pub use duckdb::DuckDb;
#[cfg(target_arch = "wasm32")]
pub use engine::{DuckDbEngine, Home, StartStep};
pub use error::WarehouseError;
pub use guard::{ONE_SELECT, ONLY_READING, Place, prove, reading};
pub use statements::{
    all_rows_sql, columns_sql, count_sql, counts_sql, create_schema_sql, create_table_sql,
    create_view_sql, failing_sql, first_rows_sql, literal,
};

/// A columnar SQL engine that takes Arrow and gives Arrow.
///
/// Futures are not `Send`: the page has one thread.
#[allow(
    async_fn_in_trait,
    reason = "the page has one thread, so no caller needs Send futures"
)]
pub trait Warehouse {
    /// Runs one statement and returns its rows.
    ///
    /// # Errors
    /// [`WarehouseError::Query`] with the SQL when the engine refuses it.
    async fn query(&self, sql: &str) -> Result<Vec<RecordBatch>, WarehouseError>;

    /// Parses and binds one statement, for the sake of the error it gives; runs none of it.
    ///
    /// # Errors
    /// As [`Self::query`].
    async fn prepare(&self, sql: &str) -> Result<(), WarehouseError>;

    /// As [`Self::query`], for a statement that may run long: `cancel` stops it where the engine can
    /// stop a statement under way. What it answers has no ENUM columns: `create table … as`, counts.
    ///
    /// # Errors
    /// As [`Self::query`]; [`WarehouseError::Cancelled`] after a cancel.
    async fn query_until(
        &self,
        sql: &str,
        cancel: &CancelFlag,
    ) -> Result<Vec<RecordBatch>, WarehouseError> {
        if cancel.is_set() {
            return Err(WarehouseError::Cancelled);
        }
        self.query(sql).await
    }

    /// Compresses what was written since the last time. An engine that can't do so now does it the
    /// next time.
    ///
    /// # Errors
    /// [`WarehouseError::Stopped`].
    async fn checkpoint(&self) -> Result<(), WarehouseError> {
        match self.query("checkpoint").await {
            Ok(_) | Err(WarehouseError::Query { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Appends a complete Arrow IPC stream (schema, dictionaries, batches, end) to an existing
    /// table, and checks that `rows` arrived.
    ///
    /// # Errors
    /// [`WarehouseError::Ingest`] when the engine refuses it or the count differs.
    async fn append(&self, table: &str, stream: Vec<u8>, rows: u64) -> Result<(), WarehouseError>;
}
