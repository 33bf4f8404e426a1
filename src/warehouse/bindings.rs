//! The worker of DuckDB-WASM and its message protocol: the only file that touches JavaScript values.
//!
//! Each message is `{messageId, type, data}` and each answer `{requestId, type, data}`. The worker
//! works on one message at a time, so answers come in the order of the calls and calls may overlap.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use futures::channel::oneshot;
use gloo::timers::future::TimeoutFuture;
use js_sys::{Array, ArrayBuffer, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::WorkerType;

use super::WarehouseError;
use super::error::readable;
use crate::worker_start::{WatchedWorker, text_of};

/// A complete Arrow IPC stream on the JavaScript side, ready to be transferred to the engine.
#[derive(Debug, Clone)]
pub struct IpcBuffer(Uint8Array);

impl IpcBuffer {
    /// The bytes, for another worker.
    #[must_use]
    pub fn into_bytes(self) -> Uint8Array {
        self.0
    }

    /// Copies a stream out of this module's memory, which itself can't be transferred.
    #[must_use]
    pub fn copy_of(stream: &[u8]) -> Self {
        Self(Uint8Array::from(stream))
    }
}

impl From<ArrayBuffer> for IpcBuffer {
    /// Takes a buffer as it came from another worker, without a copy.
    fn from(buffer: ArrayBuffer) -> Self {
        Self(Uint8Array::new(&buffer))
    }
}

impl From<Uint8Array> for IpcBuffer {
    /// Takes a whole array; its buffer is detached by the transfer.
    fn from(bytes: Uint8Array) -> Self {
        Self(bytes)
    }
}

/// One message to the worker.
pub(super) enum Request<'a> {
    /// Starts the engine: its program is a compiled module, or the address to fetch it from.
    Instantiate { program: JsValue },
    /// Opens the in-memory database; a second one drops the first.
    Open,
    /// Makes a connection; answers its number.
    Connect,
    /// Ends a connection.
    Disconnect { connection: u32 },
    /// Parses and binds one statement and runs none of it; answers its number.
    Prepare { connection: u32, sql: &'a str },
    /// Forgets a prepared statement.
    ClosePrepared { connection: u32, statement: u32 },
    /// Runs a statement to its end; answers an Arrow IPC file.
    RunQuery { connection: u32, sql: &'a str },
    /// Begins a statement; answers the header of an Arrow IPC stream, or nothing yet.
    StartPending { connection: u32, sql: &'a str },
    /// Works on it a little; answers as `StartPending`.
    PollPending { connection: u32 },
    /// Cancels it.
    CancelPending { connection: u32 },
    /// Answers the next part of the stream, an empty one at the end, or nothing yet.
    FetchResults { connection: u32 },
    /// Appends an Arrow IPC stream to an existing table.
    InsertArrow {
        connection: u32,
        schema: &'a str,
        table: &'a str,
        stream: IpcBuffer,
    },
}

impl Request<'_> {
    const fn name(&self) -> &'static str {
        match self {
            Self::Instantiate { .. } => "INSTANTIATE",
            Self::Open => "OPEN",
            Self::Connect => "CONNECT",
            Self::Disconnect { .. } => "DISCONNECT",
            Self::Prepare { .. } => "CREATE_PREPARED",
            Self::ClosePrepared { .. } => "CLOSE_PREPARED",
            Self::RunQuery { .. } => "RUN_QUERY",
            Self::StartPending { .. } => "START_PENDING_QUERY",
            Self::PollPending { .. } => "POLL_PENDING_QUERY",
            Self::CancelPending { .. } => "CANCEL_PENDING_QUERY",
            Self::FetchResults { .. } => "FETCH_QUERY_RESULTS",
            Self::InsertArrow { .. } => "INSERT_ARROW_FROM_IPC_STREAM",
        }
    }

    /// The message's data, and the buffers that move with it.
    fn into_data(self) -> (JsValue, Array) {
        let transfer = Array::new();
        let data = match self {
            Self::Instantiate { program } => Array::of2(&program, &JsValue::NULL).into(),
            Self::Open => object(&[("query", Object::new().into())]),
            Self::Connect => JsValue::NULL,
            Self::Disconnect { connection }
            | Self::PollPending { connection }
            | Self::CancelPending { connection }
            | Self::FetchResults { connection } => connection.into(),
            Self::ClosePrepared {
                connection,
                statement,
            } => Array::of2(&connection.into(), &statement.into()).into(),
            Self::Prepare { connection, sql } | Self::RunQuery { connection, sql } => {
                Array::of2(&connection.into(), &sql.into()).into()
            }
            // `true` lets the result be fetched part by part, so a large one can be cancelled too.
            Self::StartPending { connection, sql } => {
                Array::of3(&connection.into(), &sql.into(), &JsValue::TRUE).into()
            }
            Self::InsertArrow {
                connection,
                schema,
                table,
                stream,
            } => {
                transfer.push(&stream.0.buffer());
                let options = object(&[
                    ("schema", schema.into()),
                    ("name", table.into()),
                    ("create", JsValue::FALSE),
                ]);
                Array::of3(&connection.into(), &stream.0, &options).into()
            }
        };
        (data, transfer)
    }
}

/// What the worker says to one message.
#[derive(Debug)]
pub(super) enum Answer {
    /// Done, or nothing yet.
    Nothing,
    /// A connection or a prepared statement.
    Number(u32),
    /// Bytes of a result or a file.
    Bytes(Vec<u8>),
    /// The same, still on the JavaScript side.
    Buffer(Uint8Array),
    /// The engine refused, in its own words.
    Refused(String),
}

struct Pending {
    /// Whether bytes are handed on as they are, outside of this module's memory.
    keeps_buffer: bool,
    sender: oneshot::Sender<Result<Answer, WarehouseError>>,
}

/// How often it is looked whether the worker said something, while somebody wants it to stop.
const LISTEN_EVERY_MS: u32 = 50;

/// Is told of the bytes downloaded and of all.
type OnDownload = dyn Fn(u64, u64);

struct Inner {
    worker: OnceCell<WatchedWorker>,
    pending: RefCell<BTreeMap<u32, Pending>>,
    next_id: Cell<u32>,
    /// Whether the engine's program has come and runs.
    is_loaded: Cell<bool>,
    /// When the worker last said anything, or was asked after a pause, in milliseconds of the page.
    heard_ms: Cell<f64>,
    /// How many messages came.
    heard: Cell<u64>,
    /// Told how many bytes of the engine have come, and of how many.
    on_download: RefCell<Option<Box<OnDownload>>>,
    stopped: RefCell<Option<WarehouseError>>,
}

/// The page's end of the worker. The worker ends with the last clone.
#[derive(Clone)]
pub(super) struct Port(Rc<Inner>);

impl Port {
    /// Starts the worker.
    pub(super) fn start(worker_url: &str) -> Result<Self, WarehouseError> {
        let inner = Rc::new(Inner {
            worker: OnceCell::new(),
            pending: RefCell::default(),
            next_id: Cell::new(1),
            is_loaded: Cell::new(false),
            heard_ms: Cell::new(now_ms()),
            heard: Cell::new(0),
            on_download: RefCell::default(),
            stopped: RefCell::default(),
        });
        let (hearing, ending) = (Rc::downgrade(&inner), Rc::downgrade(&inner));
        let on_message = move |message: JsValue| {
            if let Some(inner) = hearing.upgrade() {
                inner.receive(&message);
            }
        };
        let on_end = move |message: String| {
            if let Some(inner) = ending.upgrade() {
                inner.stop(if inner.is_loaded.get() {
                    WarehouseError::Stopped { message }
                } else {
                    WarehouseError::NotLoaded
                });
            }
        };
        let worker = WatchedWorker::start(worker_url, WorkerType::Classic, on_message, on_end)
            .map_err(|message| WarehouseError::Stopped { message })?;
        let _ = inner.worker.set(worker);
        Ok(Self(inner))
    }

    /// Sends one message and waits for its answer.
    ///
    /// A caller that goes away does not disturb the others: its answer is dropped.
    pub(super) async fn call(&self, request: Request<'_>) -> Result<Answer, WarehouseError> {
        self.call_for(request, false).await
    }

    /// As [`Self::call`]; with `keeps_buffer`, bytes come as [`Answer::Buffer`], without a copy.
    pub(super) async fn call_for(
        &self,
        request: Request<'_>,
        keeps_buffer: bool,
    ) -> Result<Answer, WarehouseError> {
        if let Some(error) = self.0.stopped.borrow().clone() {
            return Err(error);
        }
        let id = self.0.next_id.get();
        self.0.next_id.set(id.wrapping_add(1));
        let name = request.name();
        let (data, transfer) = request.into_data();
        let message = object(&[
            ("messageId", id.into()),
            ("type", name.into()),
            ("data", data),
        ]);
        if let Some(worker) = self.0.worker.get() {
            worker
                .post(&message, &transfer)
                .map_err(|message| WarehouseError::Stopped { message })?;
        }
        let (sender, receiver) = oneshot::channel();
        {
            let mut pending = self.0.pending.borrow_mut();
            if pending.is_empty() {
                self.0.heard_ms.set(now_ms());
            }
            pending.insert(
                id,
                Pending {
                    keeps_buffer,
                    sender,
                },
            );
        }
        receiver.await.unwrap_or(Err(WarehouseError::Cancelled))
    }

    /// Notes that the engine's program has come and runs: what ends it from here on is something else.
    pub(super) fn note_loaded(&self) {
        self.0.is_loaded.set(true);
    }

    /// Says how many bytes of the engine have come while it starts.
    pub(super) fn on_download(&self, tell: impl Fn(u64, u64) + 'static) {
        *self.0.on_download.borrow_mut() = Some(Box::new(tell));
    }

    /// Milliseconds since the worker last said anything; 0 when nothing is pending.
    pub(super) fn silent_ms(&self) -> f64 {
        if self.0.pending.borrow().is_empty() {
            0.0
        } else {
            now_ms() - self.0.heard_ms.get()
        }
    }

    /// Waits until every call made so far is answered; ends the worker when it says nothing for
    /// `grace_ms` meanwhile. Says whether it was ended.
    pub(super) async fn end_unless_answering(&self, grace_ms: u32) -> bool {
        let next = self.0.next_id.get();
        let (mut heard, mut silent_ms) = (self.0.heard.get(), 0);
        while self.0.pending.borrow().keys().any(|id| *id < next) {
            if silent_ms >= grace_ms {
                self.stop("it did not answer and was ended");
                return true;
            }
            TimeoutFuture::new(LISTEN_EVERY_MS).await;
            silent_ms += LISTEN_EVERY_MS;
            if self.0.heard.get() != heard {
                (heard, silent_ms) = (self.0.heard.get(), 0);
            }
        }
        false
    }

    /// Ends the worker; every pending and every later call fails with `message`.
    pub(super) fn stop(&self, message: &str) {
        let message = message.to_owned();
        self.0.stop(WarehouseError::Stopped { message });
    }

    /// As [`Self::stop`], because the engine's program is not there or not whole.
    pub(super) fn stop_unloaded(&self) {
        self.0.stop(WarehouseError::NotLoaded);
    }

    /// Says whether the worker has ended.
    pub(super) fn is_stopped(&self) -> bool {
        self.0.stopped.borrow().is_some()
    }
}

impl Inner {
    fn stop(&self, error: WarehouseError) {
        if self.stopped.borrow().is_some() {
            return;
        }
        *self.stopped.borrow_mut() = Some(error.clone());
        if let Some(worker) = self.worker.get() {
            worker.end();
        }
        let pending = self.pending.take();
        for call in pending.into_values() {
            // A caller that went away needs no answer.
            let _ = call.sender.send(Err(error.clone()));
        }
    }

    fn receive(&self, message: &JsValue) {
        self.heard_ms.set(now_ms());
        self.heard.set(self.heard.get() + 1);
        let kind = get(message, "type").as_string().unwrap_or_default();
        if kind == "INSTANTIATE_PROGRESS"
            && let Some(tell) = &*self.on_download.borrow()
        {
            let data = get(message, "data");
            let bytes = |key| get(&data, key).as_f64().unwrap_or_default() as u64;
            tell(bytes("bytesLoaded"), bytes("bytesTotal"));
        }
        if matches!(
            kind.as_str(),
            "LOG" | "PROGRESS_UPDATE" | "INSTANTIATE_PROGRESS"
        ) {
            return;
        }
        let Some(id) = number(&get(message, "requestId")) else {
            return;
        };
        let Some(call) = self.pending.borrow_mut().remove(&id) else {
            return;
        };
        let data = get(message, "data");
        // A trap leaves the engine's memory as it was in the middle of a statement: whatever is asked
        // next may be answered wrongly, or not at all.
        if kind == "ERROR" && get(&data, "name").as_string().as_deref() == Some("RuntimeError") {
            let message = format!("it broke: {}", text_of(&data));
            let error = WarehouseError::Stopped { message };
            self.stop(error.clone());
            let _ = call.sender.send(Err(error));
            return;
        }
        let answer = match kind.as_str() {
            "ERROR" => Answer::Refused(readable(&text_of(&data))),
            "CONNECTION_INFO" | "PREPARED_STATEMENT_ID" => {
                Answer::Number(number(&data).unwrap_or_default())
            }
            _ => data
                .dyn_ref::<Uint8Array>()
                .map_or(Answer::Nothing, |bytes| {
                    if call.keeps_buffer {
                        Answer::Buffer(bytes.clone())
                    } else {
                        Answer::Bytes(bytes.to_vec())
                    }
                }),
        };
        let _ = call.sender.send(Ok(answer));
    }
}

/// Milliseconds since the page was opened.
pub(super) fn now_ms() -> f64 {
    web_sys::window()
        .and_then(|window| window.performance())
        .map_or(0.0, |performance| performance.now())
}

fn object(entries: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (key, value) in entries {
        // Setting a key of a fresh plain object can't fail.
        let _ = Reflect::set(&object, &(*key).into(), value);
    }
    object.into()
}

fn get(value: &JsValue, key: &str) -> JsValue {
    Reflect::get(value, &key.into()).unwrap_or(JsValue::UNDEFINED)
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "numbers of messages and connections are small and positive"
)]
fn number(value: &JsValue) -> Option<u32> {
    value.as_f64().map(|number| number as u32)
}
