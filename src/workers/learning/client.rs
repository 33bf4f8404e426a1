//! The page's side: one worker that fits one model.
//!
//! A model under way can't be interrupted, so cancelling is dropping the worker.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures::StreamExt as _;
use futures::channel::mpsc;
use futures::future::{Either, select};
use gloo::timers::future::TimeoutFuture;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::WorkerType;

use super::{LearningRequest, LearningResponse, Written};
use crate::ml::{Card, Progress};
use crate::worker_start::WatchedWorker;

/// How long its program is waited for before that is told; it goes on coming.
const START_SECONDS: u32 = 30;

/// Why a model was not fitted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LearningError {
    /// Its program did not come, or not whole.
    #[error(
        "The program that trains models could not be loaded: the site was updated, or the connection was lost. Everything else works. Reload the page, or train the model again."
    )]
    NotLoaded,
    /// Its program has not come yet.
    #[error(
        "The program that trains models has not come within {START_SECONDS} s; it goes on loading. Everything else works. Train the model again in a while."
    )]
    NotYet,
    /// It crashed, or the browser ended it.
    #[error("the learning worker stopped ({message}); train the model again to restart it")]
    Stopped {
        /// The browser's own words.
        message: String,
    },
    /// It answered that it can't.
    #[error("{message}")]
    Failed {
        /// Its reason.
        message: String,
    },
}

/// New rows for a table, outside of this module's memory.
#[derive(Debug)]
pub struct NewRows {
    /// Where they belong, and how many there are.
    pub written: Written,
    /// An Arrow IPC stream.
    pub stream: Uint8Array,
}

/// A worker; it ends when it is dropped.
pub struct LearningWorker {
    worker: WatchedWorker,
    messages: RefCell<mpsc::UnboundedReceiver<Result<Array, String>>>,
    is_ready: Cell<bool>,
}

impl LearningWorker {
    /// Starts a worker from the module at `url`.
    ///
    /// # Errors
    /// [`LearningError::Stopped`] when the browser refuses.
    pub fn start(url: &str) -> Result<Self, LearningError> {
        let (sender, messages) = mpsc::unbounded();
        let failing = sender.clone();
        // Whoever stopped listening needs no message.
        let on_message = move |message: JsValue| {
            let _ = sender.unbounded_send(Ok(message.unchecked_into()));
        };
        let on_end = move |message| {
            let _ = failing.unbounded_send(Err(message));
        };
        let worker = WatchedWorker::start(url, WorkerType::Module, on_message, on_end);
        Ok(Self {
            worker: worker.map_err(|message| LearningError::Stopped { message })?,
            messages: RefCell::new(messages),
            is_ready: Cell::new(false),
        })
    }

    /// Says whether it can't be used any more.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.worker.has_ended()
    }

    /// Fits a model; `buffers` are the inputs' Arrow IPC files, which are transferred.
    ///
    /// # Errors
    /// When the worker's program has not come, when it stopped, or answered that it can't.
    pub async fn learn(
        self: &Rc<Self>,
        request: &LearningRequest,
        buffers: Vec<Uint8Array>,
        on_progress: impl Fn(Progress),
    ) -> Result<(Card, Vec<NewRows>), LearningError> {
        self.ready().await?;
        let json = serde_json::to_string(request).map_err(|error| LearningError::Failed {
            message: error.to_string(),
        })?;
        let message = Array::of2(&JsValue::from(1), &JsValue::from_str(&json));
        let transfer = Array::new();
        for buffer in buffers {
            transfer.push(&buffer.buffer());
            message.push(&buffer);
        }
        self.worker
            .post(&message, &transfer)
            .map_err(|message| LearningError::Stopped { message })?;
        loop {
            let (response, buffers) = self.next().await?;
            match response {
                LearningResponse::Ready => {}
                LearningResponse::Progress(progress) => on_progress(progress),
                LearningResponse::Failed { message } => {
                    return Err(LearningError::Failed { message });
                }
                LearningResponse::Learned { card, tables } => {
                    let rows = tables.into_iter().zip(buffers);
                    let rows = rows.map(|(written, stream)| NewRows { written, stream });
                    return Ok((*card, rows.collect()));
                }
            }
        }
    }

    /// Waits until it listens: work sent before is lost.
    async fn ready(&self) -> Result<(), LearningError> {
        if self.is_ready.get() {
            return Ok(());
        }
        let patience = TimeoutFuture::new(START_SECONDS * 1_000);
        match select(Box::pin(self.next()), patience).await {
            Either::Left((Ok(_), _)) => {
                self.is_ready.set(true);
                Ok(())
            }
            Either::Left((Err(_), _)) => Err(LearningError::NotLoaded),
            Either::Right(_) => Err(LearningError::NotYet),
        }
    }

    #[allow(
        clippy::await_holding_refcell_ref,
        reason = "one model at a time is asked for, so nobody else waits for a message"
    )]
    async fn next(&self) -> Result<(LearningResponse, Vec<Uint8Array>), LearningError> {
        let message = match self.messages.borrow_mut().next().await {
            Some(Ok(message)) => message,
            Some(Err(message)) => return Err(LearningError::Stopped { message }),
            None => {
                return Err(LearningError::Stopped {
                    message: "ended".to_owned(),
                });
            }
        };
        let json = message.get(1).as_string().unwrap_or_default();
        let response = serde_json::from_str(&json).map_err(|error| LearningError::Failed {
            message: format!("unreadable answer: {error}"),
        })?;
        let buffers = message.iter().skip(2).map(JsCast::unchecked_into).collect();
        Ok((response, buffers))
    }
}
