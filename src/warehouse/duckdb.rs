//! DuckDB-WASM as a [`Warehouse`].

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use futures::lock::Mutex;
use wasm_bindgen_futures::spawn_local;

use super::bindings::{Answer, IpcBuffer, Request, now_ms};
use super::decode::{decode_stream, first_number};
use super::engine::{Attached, DuckDbEngine, Home, connect, run};
use super::enums::{has_nested_enum, is_enum, is_selectable, looks_like_another, with_text_for};
use super::stall::Stall;
use super::{CancelFlag, Warehouse, WarehouseError, create_schema_sql, create_view_sql};

/// Rows after which appended data is compressed. At the end only, the heap would grow fivefold.
const CHECKPOINT_EVERY_ROWS: u64 = 400_000;

/// An in-memory, compressed database with its connections. Clones share it.
///
/// Calls may overlap: the worker takes them one after the other in the order they were made.
/// Statements, appends and cancellable queries have a connection each, so that a failed append or a
/// query under way does not disturb the others.
#[derive(Clone)]
pub struct DuckDb(Rc<Session>);

/// What came of a statement that was worked on bit by bit.
enum Worked {
    /// Its rows, as an Arrow IPC stream.
    Done(Vec<u8>),
    /// The engine refused it, in its own words.
    Refused(String),
    /// It got nowhere and was stopped.
    Stalled,
}

struct Session {
    home: Home,
    /// Other databases that views of this one read.
    bases: RefCell<Vec<Home>>,
    /// For statements that run to their end.
    connection: u32,
    /// For appends, which are counted and so go one at a time; replaced after a failure.
    appending: Mutex<u32>,
    /// For cancellable queries: one can be pending on a connection. Whoever writes into tables holds
    /// it, too (decision 0146). It is given in the order it was asked for: a reader's statement
    /// waits for one of the data tests, not for all.
    pending: tokio::sync::Mutex<u32>,
    rows_since_checkpoint: Cell<u64>,
}

impl Drop for Session {
    fn drop(&mut self) {
        let worker = Rc::clone(&self.home.0.worker);
        let connections = [
            self.connection,
            *self.appending.get_mut(),
            *self.pending.get_mut(),
        ];
        // Before the database itself is dropped and detached: a connection would keep it in use.
        spawn_local(async move {
            // All at once, so that they are ahead of the detaching.
            let ended = connections.map(|connection| {
                let request = Request::Disconnect { connection };
                worker.port.call(request)
            });
            futures::future::join_all(ended).await;
        });
    }
}

impl DuckDbEngine {
    /// Makes an empty database beside those that are there.
    ///
    /// # Errors
    /// [`WarehouseError::Stopped`] when the engine is gone.
    pub async fn new_database(&self) -> Result<DuckDb, WarehouseError> {
        let worker = &self.0;
        let number = worker.databases.get() + 1;
        worker.databases.set(number);
        let name = format!("metricflow_{number}");
        // Version 1.32 compresses in memory only what is attached so.
        let attach = format!("attach ':memory:' as {name} (compress)");
        run(&worker.port, worker.steward, &attach).await?;
        let home = Home(Rc::new(Attached {
            worker: Rc::clone(worker),
            name,
        }));
        DuckDb::connect(home).await
    }
}

impl DuckDb {
    /// Starts an engine and makes its first database.
    ///
    /// # Errors
    /// As [`DuckDbEngine::start`].
    pub async fn open(worker_url: &str, wasm_url: &str) -> Result<Self, WarehouseError> {
        let engine = DuckDbEngine::start(worker_url, wasm_url, |_| ()).await?;
        engine.new_database().await
    }

    /// Opens the connections of a database.
    async fn connect(home: Home) -> Result<Self, WarehouseError> {
        let worker = Rc::clone(&home.0.worker);
        let connect = || connect(&worker.port, Some(&home.0.name));
        let connection = connect().await?;
        let appending = Mutex::new(connect().await?);
        let pending = tokio::sync::Mutex::new(connect().await?);
        Ok(Self(Rc::new(Session {
            home,
            bases: RefCell::default(),
            connection,
            appending,
            pending,
            rows_since_checkpoint: Cell::new(0),
        })))
    }

    /// The engine it runs on.
    #[must_use]
    pub fn engine(&self) -> DuckDbEngine {
        DuckDbEngine(Rc::clone(&self.0.home.0.worker))
    }

    /// The database, for others to read from.
    #[must_use]
    pub fn home(&self) -> Home {
        self.0.home.clone()
    }

    /// Lets `relation` (`schema.table`) be the one of another database, without a copy; that
    /// database stays as long as this one.
    ///
    /// # Errors
    /// As [`Warehouse::query`].
    pub async fn adopt(&self, relation: &str, home: &Home) -> Result<(), WarehouseError> {
        if let Some((schema, _)) = relation.split_once('.') {
            self.query(&create_schema_sql(schema)).await?;
        }
        let name = &home.0.name;
        let select = format!("select * from {name}.{relation}");
        self.declare_view(relation, &select).await?;
        let mut bases = self.0.bases.borrow_mut();
        if !bases.iter().any(|base| Rc::ptr_eq(&base.0, &home.0)) {
            bases.push(home.clone());
        }
        Ok(())
    }

    /// Makes `relation` a view, whatever stands there.
    ///
    /// # Errors
    /// As [`Warehouse::query`].
    pub async fn declare_view(&self, relation: &str, select: &str) -> Result<(), WarehouseError> {
        let sql = create_view_sql(relation, select);
        match self.query(&sql).await {
            // The engine replaces no table with a view.
            Err(WarehouseError::Query { message, .. }) if message.contains("Existing object") => {
                self.query(&format!("drop table if exists {relation}"))
                    .await?;
                self.query(&sql).await.map(|_| ())
            }
            answer => answer.map(|_| ()),
        }
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
        let _no_statement_waits = self.0.pending.lock().await;
        let before = self.count(table).await?;
        let (schema, name) = table.split_once('.').unwrap_or(("main", table));
        let request = Request::InsertArrow {
            connection: *connection,
            schema,
            table: name,
            stream: stream.into(),
        };
        let answer = self.call(request).await?;
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
            self.call(request).await?;
            let worker = &self.0.home.0.worker;
            let name = &self.0.home.0.name;
            *connection = connect(&worker.port, Some(name)).await?;
            return Err(WarehouseError::Ingest {
                table: table.to_owned(),
                sent: rows,
                arrived,
                message,
            });
        }
        let fresh = self.0.rows_since_checkpoint.get() + rows;
        if fresh >= CHECKPOINT_EVERY_ROWS {
            self.checkpoint_alone().await?;
        } else {
            self.0.rows_since_checkpoint.set(fresh);
        }
        Ok(())
    }

    /// Runs one statement and hands on its rows as an Arrow IPC file that was never copied into this
    /// module's memory, for another worker to read.
    ///
    /// # Errors
    /// As [`Warehouse::query`].
    pub async fn query_buffer(&self, sql: &str) -> Result<IpcBuffer, WarehouseError> {
        let worker = &self.0.home.0.worker;
        let request = Request::RunQuery {
            connection: self.0.connection,
            sql,
        };
        match worker.port.call_for(request, true).await? {
            Answer::Buffer(bytes) => Ok(IpcBuffer::from(bytes)),
            Answer::Refused(message) => Err(WarehouseError::Query {
                sql: sql.to_owned(),
                message,
            }),
            Answer::Nothing | Answer::Number(_) | Answer::Bytes(_) => Ok(IpcBuffer::copy_of(&[])),
        }
    }

    /// A checkpoint, for whoever holds `pending`.
    async fn checkpoint_alone(&self) -> Result<(), WarehouseError> {
        match self.query("checkpoint").await {
            Ok(_) => {
                self.0.rows_since_checkpoint.set(0);
                Ok(())
            }
            // The data stays as it is until the next time.
            Err(WarehouseError::Query { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Runs a statement that `cancel` can stop within about 100 ms, as long as the engine answers.
    ///
    /// On this way ENUM columns would arrive without their dictionaries, so they are cast to text; a
    /// statement with ENUMs inside of lists or structs runs to its end. Everything else is as in
    /// [`Warehouse::query`].
    ///
    /// # Errors
    /// [`WarehouseError::Query`] with the SQL, [`WarehouseError::Cancelled`] after a cancel.
    pub async fn query_cancellable(
        &self,
        sql: &str,
        cancel: &CancelFlag,
    ) -> Result<Vec<RecordBatch>, WarehouseError> {
        if cancel.is_set() {
            return Err(WarehouseError::Cancelled);
        }
        match self.without_enums(sql).await? {
            Some(plain) => self.run_until(sql, &plain, cancel).await,
            None => self.query(sql).await,
        }
    }

    /// Begins `plain`, works on it a little with each message, and stops it when `cancel` is raised.
    ///
    /// One that stalls is begun again, and then run to its end.
    async fn run_until(
        &self,
        sql: &str,
        plain: &str,
        cancel: &CancelFlag,
    ) -> Result<Vec<RecordBatch>, WarehouseError> {
        let held = self.0.pending.lock().await;
        for _ in 0..2 {
            match self.work_on(*held, plain, cancel).await? {
                Worked::Done(stream) => return decode_stream(stream),
                Worked::Refused(message) => {
                    return Err(WarehouseError::Query {
                        sql: sql.to_owned(),
                        message,
                    });
                }
                Worked::Stalled => {}
            }
        }
        self.query(plain).await
    }

    /// One try at a statement, on the connection for pending ones.
    async fn work_on(
        &self,
        connection: u32,
        plain: &str,
        cancel: &CancelFlag,
    ) -> Result<Worked, WarehouseError> {
        if cancel.is_set() {
            return Err(WarehouseError::Cancelled);
        }
        let mut request = Request::StartPending {
            connection,
            sql: plain,
        };
        let (mut stream, mut has_header) = (Vec::new(), false);
        let mut stall = Stall::default();
        loop {
            let asked_ms = now_ms();
            let brought_something = match self.call(request).await? {
                Answer::Refused(message) => return Ok(Worked::Refused(message)),
                Answer::Bytes(bytes) if bytes.is_empty() && has_header => {
                    return Ok(Worked::Done(stream));
                }
                Answer::Bytes(bytes) => {
                    has_header = true;
                    stream.extend_from_slice(&bytes);
                    true
                }
                Answer::Nothing | Answer::Number(_) | Answer::Buffer(_) => false,
            };
            let has_stalled = stall.after(now_ms() - asked_ms, brought_something);
            if cancel.is_set() || has_stalled {
                self.call(Request::CancelPending { connection }).await?;
                return if cancel.is_set() {
                    Err(WarehouseError::Cancelled)
                } else {
                    Ok(Worked::Stalled)
                };
            }
            request = if has_header {
                Request::FetchResults { connection }
            } else {
                Request::PollPending { connection }
            };
        }
    }

    /// As [`DuckDbEngine::memory_bytes`].
    ///
    /// # Errors
    /// As [`Warehouse::query`].
    pub async fn memory_bytes(&self) -> Result<u64, WarehouseError> {
        self.engine().memory_bytes().await
    }

    /// As [`DuckDbEngine::terminate`].
    pub fn terminate(&self) {
        self.engine().terminate();
    }

    /// As [`DuckDbEngine::is_stopped`].
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.engine().is_stopped()
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

    async fn call(&self, request: Request<'_>) -> Result<Answer, WarehouseError> {
        self.0.home.0.worker.port.call(request).await
    }

    /// Wraps a query when it has ENUM columns; `None` when that won't do.
    async fn without_enums(&self, sql: &str) -> Result<Option<String>, WarehouseError> {
        let sql = sql.trim().trim_end_matches(';');
        // `table raw.users` and its like can't be wrapped, and may have ENUM columns, too.
        if !is_selectable(sql) {
            return Ok(None);
        }
        let columns = self.columns_of(sql).await?;
        if has_nested_enum(&columns) {
            return Ok(None);
        }
        let wrapped = with_text_for(sql, &columns, is_enum);
        Ok(Some(wrapped.unwrap_or_else(|| sql.to_owned())))
    }

    /// As [`Warehouse::query`], with columns as text whose type looks like another one in Arrow.
    ///
    /// # Errors
    /// As [`Warehouse::query`].
    pub async fn query_told_apart(&self, sql: &str) -> Result<Vec<RecordBatch>, WarehouseError> {
        let sql = sql.trim().trim_end_matches(';');
        let columns = self.columns_of(sql).await?;
        match with_text_for(sql, &columns, looks_like_another) {
            Some(told_apart) => self.query(&told_apart).await,
            None => self.query(sql).await,
        }
    }

    /// Names and types of a query's columns; none where it is no query or can't be described.
    async fn columns_of(&self, sql: &str) -> Result<Vec<(String, String)>, WarehouseError> {
        if !is_selectable(sql) {
            return Ok(Vec::new());
        }
        let described = match self.query(&format!("describe {sql}")).await {
            // What is wrong is said of the statement itself.
            Err(WarehouseError::Query { .. }) => return Ok(Vec::new()),
            described => described?,
        };
        let mut columns = Vec::new();
        for batch in described {
            let names = batch.column(0).as_string::<i32>().iter();
            let types = batch.column(1).as_string::<i32>().iter();
            let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
            columns.extend(
                names
                    .zip(types)
                    .map(|(name, kind)| (text(name), text(kind))),
            );
        }
        Ok(columns)
    }
}

impl Warehouse for DuckDb {
    async fn query(&self, sql: &str) -> Result<Vec<RecordBatch>, WarehouseError> {
        let worker = &self.0.home.0.worker;
        run(&worker.port, self.0.connection, sql).await
    }

    async fn prepare(&self, sql: &str) -> Result<(), WarehouseError> {
        let connection = self.0.connection;
        let request = Request::Prepare { connection, sql };
        match self.call(request).await? {
            Answer::Refused(message) => Err(WarehouseError::Query {
                sql: sql.to_owned(),
                message,
            }),
            Answer::Number(statement) => {
                let request = Request::ClosePrepared {
                    connection,
                    statement,
                };
                self.call(request).await.map(|_| ())
            }
            Answer::Nothing | Answer::Bytes(_) | Answer::Buffer(_) => Ok(()),
        }
    }

    async fn query_until(
        &self,
        sql: &str,
        cancel: &CancelFlag,
    ) -> Result<Vec<RecordBatch>, WarehouseError> {
        self.run_until(sql, sql, cancel).await
    }

    async fn checkpoint(&self) -> Result<(), WarehouseError> {
        let _no_statement_waits = self.0.pending.lock().await;
        self.checkpoint_alone().await
    }

    async fn append(&self, table: &str, stream: Vec<u8>, rows: u64) -> Result<(), WarehouseError> {
        let copy = IpcBuffer::copy_of(&stream);
        drop(stream);
        self.append_buffer(table, copy, rows).await
    }
}
