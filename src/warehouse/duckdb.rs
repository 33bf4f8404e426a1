//! DuckDB-WASM as a [`Warehouse`].

use std::cell::Cell;
use std::rc::Rc;

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use futures::lock::Mutex;

use super::bindings::{Answer, IpcBuffer, Port, Request};
use super::decode::{decode_file, decode_stream, first_number};
use super::enums::{is_selectable, with_text_for_enums};
use super::{CancelFlag, Warehouse, WarehouseError};

/// How many seconds of silence mean that the worker is dead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SilenceLimits {
    /// While the engine downloads and starts; its progress messages break the silence.
    pub start_secs: u32,
    /// While one statement runs.
    pub statement_secs: u32,
}

impl Default for SilenceLimits {
    /// A slow phone compiles the engine in well under a minute; the slowest model takes seconds.
    fn default() -> Self {
        Self {
            start_secs: 60,
            statement_secs: 300,
        }
    }
}

/// Rows after which appended data is compressed. At the end only, the heap would grow fivefold.
const CHECKPOINT_EVERY_ROWS: u64 = 400_000;
/// The database's name; version 1.32 compresses in memory only what is attached so.
const DATABASE: &str = "metricflow";

/// An open engine in its own worker. Clones share it; the worker ends with the last one.
///
/// Calls may overlap: the worker takes them one after the other in the order they were made.
/// Statements, appends and cancellable queries have a connection each, so that a failed append or a
/// query under way does not disturb the others.
#[derive(Clone)]
pub struct DuckDb(Rc<Engine>);

struct Engine {
    port: Port,
    limits: SilenceLimits,
    /// For statements that run to their end.
    connection: u32,
    /// For appends, which are counted and so go one at a time; replaced after a failure.
    appending: Mutex<u32>,
    /// For cancellable queries: one can be pending on a connection.
    pending: Mutex<u32>,
    rows_since_checkpoint: Cell<u64>,
}

impl DuckDb {
    /// Starts the engine and opens an empty, compressed in-memory database.
    ///
    /// Both addresses are absolute and of the page's own host (or `blob:`).
    ///
    /// # Errors
    /// [`WarehouseError::Stopped`] when the worker or the engine can't be loaded,
    /// [`WarehouseError::TimedOut`] when nothing is heard from it.
    pub async fn open(worker_url: &str, wasm_url: &str) -> Result<Self, WarehouseError> {
        Self::open_within(worker_url, wasm_url, SilenceLimits::default()).await
    }

    /// As [`Self::open`], with other limits.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub async fn open_within(
        worker_url: &str,
        wasm_url: &str,
        limits: SilenceLimits,
    ) -> Result<Self, WarehouseError> {
        let port = Port::start(worker_url)?;
        start(&port, Request::Instantiate { wasm_url }, limits).await?;
        start(&port, Request::Open, limits).await?;
        let connection = connect(&port, limits, None).await?;
        // A failed autoload would throw through the engine's frames and break it.
        for statement in [
            "set autoinstall_known_extensions = false",
            "set autoload_known_extensions = false",
            &format!("attach ':memory:' as {DATABASE} (compress)"),
            &format!("use {DATABASE}"),
        ] {
            run(&port, limits, connection, statement).await?;
        }
        let appending = Mutex::new(connect(&port, limits, Some(DATABASE)).await?);
        let pending = Mutex::new(connect(&port, limits, Some(DATABASE)).await?);
        Ok(Self(Rc::new(Engine {
            port,
            limits,
            connection,
            appending,
            pending,
            rows_since_checkpoint: Cell::new(0),
        })))
    }

    /// As [`Warehouse::append`], for a stream that is already outside of this module's memory.
    ///
    /// # Errors
    /// [`WarehouseError::Ingest`] when the engine refuses it or the count differs.
    pub async fn append_buffer(
        &self,
        table: &str,
        stream: impl Into<IpcBuffer>,
        rows: u64,
    ) -> Result<(), WarehouseError> {
        let mut connection = self.0.appending.lock().await;
        let before = self.count(table).await?;
        let (schema, name) = table.split_once('.').unwrap_or(("main", table));
        let request = Request::InsertArrow {
            connection: *connection,
            schema,
            table: name,
            stream: stream.into(),
        };
        let answer = self.call(request, "append rows").await?;
        let arrived = self.count(table).await?.saturating_sub(before);
        let refusal = match answer {
            Answer::Refused(message) => Some(message),
            // Garbage and a stream without its end are answered with success.
            _ if arrived != rows => Some("the stream was cut or is no Arrow stream".to_owned()),
            _ => None,
        };
        if let Some(message) = refusal {
            // The connection still holds the broken stream: the next insert would read on in it.
            let request = Request::Disconnect {
                connection: *connection,
            };
            self.call(request, "disconnect").await?;
            *connection = connect(&self.0.port, self.0.limits, Some(DATABASE)).await?;
            return Err(WarehouseError::Ingest {
                table: table.to_owned(),
                sent: rows,
                arrived,
                message,
            });
        }
        let fresh = self.0.rows_since_checkpoint.get() + rows;
        if fresh >= CHECKPOINT_EVERY_ROWS {
            self.checkpoint().await?;
        } else {
            self.0.rows_since_checkpoint.set(fresh);
        }
        Ok(())
    }

    /// Compresses what was written since the last time.
    ///
    /// # Errors
    /// [`WarehouseError::Stopped`] or [`WarehouseError::TimedOut`]. That another statement is under
    /// way is no error: the data stays as it is until the next time.
    pub async fn checkpoint(&self) -> Result<(), WarehouseError> {
        match self.query("checkpoint").await {
            Ok(_) => {
                self.0.rows_since_checkpoint.set(0);
                Ok(())
            }
            Err(WarehouseError::Query { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Runs a read-only query that `cancel` can stop within about 100 ms.
    ///
    /// On this way ENUM columns would arrive without their dictionaries, so they are cast to text;
    /// everything else is as in [`Warehouse::query`].
    ///
    /// # Errors
    /// [`WarehouseError::Query`] with the SQL, [`WarehouseError::Cancelled`] after a cancel.
    pub async fn query_cancellable(
        &self,
        sql: &str,
        cancel: &CancelFlag,
    ) -> Result<Vec<RecordBatch>, WarehouseError> {
        let held = self.0.pending.lock().await;
        let connection = *held;
        if cancel.is_set() {
            return Err(WarehouseError::Cancelled);
        }
        let plain = self.without_enums(sql).await?;
        let refused = |message| WarehouseError::Query {
            sql: sql.to_owned(),
            message,
        };
        let mut request = Request::StartPending {
            connection,
            sql: &plain,
        };
        let mut stream = Vec::new();
        let mut has_header = false;
        loop {
            match self.call(request, "run a query").await? {
                Answer::Refused(message) => return Err(refused(message)),
                Answer::Bytes(bytes) if bytes.is_empty() && has_header => break,
                Answer::Bytes(bytes) => {
                    has_header = true;
                    stream.extend_from_slice(&bytes);
                }
                Answer::Nothing | Answer::Number(_) => {}
            }
            if cancel.is_set() {
                self.call(Request::CancelPending { connection }, "cancel a query")
                    .await?;
                return Err(WarehouseError::Cancelled);
            }
            request = if has_header {
                Request::FetchResults { connection }
            } else {
                Request::PollPending { connection }
            };
        }
        decode_stream(stream)
    }

    /// Bytes the engine holds for tables and running statements.
    ///
    /// # Errors
    /// As [`Warehouse::query`].
    pub async fn memory_bytes(&self) -> Result<u64, WarehouseError> {
        let sql = "select cast(sum(memory_usage_bytes) as bigint) from duckdb_memory()";
        let bytes = first_number(&self.query(sql).await?, 0)?;
        Ok(u64::try_from(bytes).unwrap_or_default())
    }

    /// Ends the worker and frees its memory; pending and later calls fail with
    /// [`WarehouseError::Stopped`].
    pub fn terminate(&self) {
        self.0.port.stop("it was shut down");
    }

    /// Says whether the worker has ended, by itself or by [`Self::terminate`].
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.0.port.is_stopped()
    }

    /// Rows of a table.
    ///
    /// # Errors
    /// As [`Warehouse::query`].
    pub async fn count(&self, table: &str) -> Result<u64, WarehouseError> {
        let sql = format!("select count(*) from {table}");
        let rows = first_number(&self.query(&sql).await?, 0)?;
        Ok(u64::try_from(rows).unwrap_or_default())
    }

    async fn call(
        &self,
        request: Request<'_>,
        what: &'static str,
    ) -> Result<Answer, WarehouseError> {
        let limit_secs = self.0.limits.statement_secs;
        self.0.port.call(request, what, limit_secs).await
    }

    /// Describes a query first, and wraps it when it has ENUM columns.
    async fn without_enums(&self, sql: &str) -> Result<String, WarehouseError> {
        let sql = sql.trim().trim_end_matches(';');
        if !is_selectable(sql) {
            return Ok(sql.to_owned());
        }
        let mut columns = Vec::new();
        for batch in self.query(&format!("describe {sql}")).await? {
            let names = batch.column(0).as_string::<i32>().iter();
            let types = batch.column(1).as_string::<i32>().iter();
            let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
            columns.extend(
                names
                    .zip(types)
                    .map(|(name, kind)| (text(name), text(kind))),
            );
        }
        Ok(with_text_for_enums(sql, &columns).unwrap_or_else(|| sql.to_owned()))
    }
}

impl Warehouse for DuckDb {
    async fn query(&self, sql: &str) -> Result<Vec<RecordBatch>, WarehouseError> {
        run(&self.0.port, self.0.limits, self.0.connection, sql).await
    }

    async fn append(&self, table: &str, stream: Vec<u8>, rows: u64) -> Result<(), WarehouseError> {
        let copy = IpcBuffer::copy_of(&stream);
        drop(stream);
        self.append_buffer(table, copy, rows).await
    }
}

async fn start(
    port: &Port,
    request: Request<'_>,
    limits: SilenceLimits,
) -> Result<(), WarehouseError> {
    let answer = port.call(request, "start", limits.start_secs).await?;
    if let Answer::Refused(message) = answer {
        port.stop(&message);
        return Err(WarehouseError::Stopped { message });
    }
    Ok(())
}

async fn connect(
    port: &Port,
    limits: SilenceLimits,
    database: Option<&str>,
) -> Result<u32, WarehouseError> {
    let answer = port
        .call(Request::Connect, "connect", limits.start_secs)
        .await?;
    let Answer::Number(connection) = answer else {
        return Err(WarehouseError::Stopped {
            message: format!("it gave no connection: {answer:?}"),
        });
    };
    if let Some(database) = database {
        run(port, limits, connection, &format!("use {database}")).await?;
    }
    Ok(connection)
}

async fn run(
    port: &Port,
    limits: SilenceLimits,
    connection: u32,
    sql: &str,
) -> Result<Vec<RecordBatch>, WarehouseError> {
    let request = Request::RunQuery { connection, sql };
    let limit_secs = limits.statement_secs;
    match port.call(request, "run a statement", limit_secs).await? {
        Answer::Bytes(bytes) => decode_file(bytes),
        Answer::Refused(message) => Err(WarehouseError::Query {
            sql: sql.to_owned(),
            message,
        }),
        Answer::Nothing | Answer::Number(_) => Ok(Vec::new()),
    }
}
