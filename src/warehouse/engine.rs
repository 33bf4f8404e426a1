//! DuckDB-WASM in its worker, and the databases it holds.

use std::cell::Cell;
use std::rc::Rc;

use arrow_array::RecordBatch;
use wasm_bindgen_futures::spawn_local;

use super::WarehouseError;
use super::bindings::{Answer, Port, Request};
use super::compiled::program_at;
use super::decode::{decode_file, first_number};

/// What the engine does before it takes statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartStep {
    /// Its program is downloaded.
    Downloading {
        /// Bytes that have come.
        bytes: u64,
        /// Bytes in all, when the host says so.
        total: Option<u64>,
    },
    /// Its program is compiled.
    Compiling,
    /// The database is opened.
    Opening,
}

/// A running engine in its own worker, without data. Clones share it; the worker ends when the last
/// of them and of its databases is gone.
#[derive(Clone)]
pub struct DuckDbEngine(pub(super) Rc<Worker>);

pub(super) struct Worker {
    pub(super) port: Port,
    /// For attaching and detaching: it uses no database that could be detached under it.
    pub(super) steward: u32,
    pub(super) databases: Cell<u32>,
}

/// A database of the engine; detached, and its memory freed, with the last that holds it.
#[derive(Clone)]
pub struct Home(pub(super) Rc<Attached>);

impl Home {
    /// The database's name, before which a statement puts a dot to read it from another one.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }
}

pub(super) struct Attached {
    pub(super) worker: Rc<Worker>,
    pub(super) name: String,
}

impl Drop for Attached {
    fn drop(&mut self) {
        let worker = Rc::clone(&self.worker);
        let sql = format!("detach {}", self.name);
        spawn_local(async move {
            // When the worker is gone, so is the database.
            let _ = run(&worker.port, worker.steward, &sql).await;
        });
    }
}

impl DuckDbEngine {
    /// Starts the engine and says how far it has come. Both addresses are absolute and of the page's
    /// own host (or `blob:`).
    ///
    /// # Errors
    /// [`WarehouseError::NotLoaded`] when the worker or the engine does not come whole.
    pub async fn start(
        worker_url: &str,
        wasm_url: &str,
        on_step: impl Fn(StartStep) + 'static,
    ) -> Result<Self, WarehouseError> {
        let port = Port::start(worker_url)?;
        let on_step = Rc::new(on_step);
        let on_bytes = Rc::clone(&on_step);
        // The engine's program is compiled while it comes, and for a while after its last byte.
        let on_bytes = Rc::new(move |bytes, total| {
            let total = Some(total).filter(|total| *total >= bytes);
            on_bytes(if total == Some(bytes) {
                StartStep::Compiling
            } else {
                StartStep::Downloading { bytes, total }
            });
        });
        on_step(StartStep::Downloading {
            bytes: 0,
            total: None,
        });
        let program = match program_at(wasm_url) {
            Some(program) => {
                let tell = Rc::clone(&on_bytes);
                let module = program.module(move |bytes, total| tell(bytes, total)).await;
                module.map_err(|_| {
                    port.stop_unloaded();
                    WarehouseError::NotLoaded
                })?
            }
            None => wasm_url.into(),
        };
        port.on_download(move |bytes, total| on_bytes(bytes, total));
        start(&port, Request::Instantiate { program }).await?;
        port.note_loaded();
        on_step(StartStep::Opening);
        start(&port, Request::Open).await?;
        let steward = connect(&port, None).await?;
        // A failed autoload would throw through the engine's frames and break it. No statement may
        // name a file or a host, and none may take that back: decision 0113.
        for statement in [
            "set autoinstall_known_extensions = false",
            "set autoload_known_extensions = false",
            "set allow_community_extensions = false",
            "set enable_external_access = false",
            "set lock_configuration = true",
        ] {
            run(&port, steward, statement).await?;
        }
        Ok(Self(Rc::new(Worker {
            port,
            steward,
            databases: Cell::new(0),
        })))
    }

    /// Bytes the engine holds for all tables and running statements.
    ///
    /// # Errors
    /// As [`Warehouse::query`].
    pub async fn memory_bytes(&self) -> Result<u64, WarehouseError> {
        let worker = &self.0;
        let sql = "select cast(sum(memory_usage_bytes) as bigint) from duckdb_memory()";
        let batches = run(&worker.port, worker.steward, sql).await?;
        Ok(u64::try_from(first_number(&batches, 0)?).unwrap_or_default())
    }

    /// Ends the worker unless it works off what it was asked before: when it says nothing for
    /// `grace_ms`, it is taken for stuck. Says whether it was ended.
    ///
    /// Statements that can be stopped answer several times a second; one that can't may be anywhere
    /// in a loop of the engine, which nothing but the end of its worker leaves.
    pub async fn end_unless_answering(&self, grace_ms: u32) -> bool {
        self.0.port.end_unless_answering(grace_ms).await
    }

    /// Milliseconds since the worker last said anything; 0 when nothing is asked of it.
    #[must_use]
    pub fn silent_ms(&self) -> f64 {
        self.0.port.silent_ms()
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
}

async fn start(port: &Port, request: Request<'_>) -> Result<(), WarehouseError> {
    let is_download = matches!(request, Request::Instantiate { .. });
    match port.call(request).await? {
        // Whatever the browser says of bytes that are no program.
        Answer::Refused(_) if is_download => {
            port.stop_unloaded();
            Err(WarehouseError::NotLoaded)
        }
        Answer::Refused(message) => {
            port.stop(&message);
            Err(WarehouseError::Stopped { message })
        }
        _ => Ok(()),
    }
}

pub(super) async fn connect(port: &Port, database: Option<&str>) -> Result<u32, WarehouseError> {
    let answer = port.call(Request::Connect).await?;
    let Answer::Number(connection) = answer else {
        return Err(WarehouseError::Stopped {
            message: format!("it gave no connection: {answer:?}"),
        });
    };
    if let Some(database) = database {
        run(port, connection, &format!("use {database}")).await?;
    }
    Ok(connection)
}

pub(super) async fn run(
    port: &Port,
    connection: u32,
    sql: &str,
) -> Result<Vec<RecordBatch>, WarehouseError> {
    let request = Request::RunQuery { connection, sql };
    match port.call(request).await? {
        Answer::Bytes(bytes) => decode_file(bytes),
        Answer::Refused(message) => Err(WarehouseError::Query {
            sql: sql.to_owned(),
            message,
        }),
        Answer::Nothing | Answer::Number(_) | Answer::Buffer(_) => Ok(Vec::new()),
    }
}
