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
use web_sys::{ErrorEvent, MessageEvent, WorkerType};

use super::{LearningRequest, LearningResponse, Written};
use crate::ml::{Card, Progress};
use crate::worker_start::start_worker;

/// Longest silence; a slow phone grows ten trees in a fraction of it.
const SILENCE_SECONDS: u32 = 120;

/// Why a model was not fitted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LearningError {
    /// The worker could not be started, or it crashed.
    #[error("the learning worker stopped ({message}); train the model again to restart it")]
    Stopped {
        /// The browser's own words.
        message: String,
    },
    /// Nothing was heard from it.
    #[error("the learning worker was silent for {seconds} s; train the model again to restart it")]
    TimedOut {
        /// How long it was waited for.
        seconds: u32,
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
    worker: web_sys::Worker,
    messages: RefCell<mpsc::UnboundedReceiver<Result<Array, String>>>,
    is_ready: Cell<bool>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(ErrorEvent)>,
}

impl Drop for LearningWorker {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

impl LearningWorker {
    /// Starts a worker from the module at `url`.
    ///
    /// # Errors
    /// [`LearningError::Stopped`] when the browser refuses.
    pub fn start(url: &str) -> Result<Self, LearningError> {
        let worker =
            start_worker(url, WorkerType::Module).map_err(|error| LearningError::Stopped {
                message: format!("{error:?}"),
            })?;
        let (sender, messages) = mpsc::unbounded();
        let failing = sender.clone();
        // Whoever stopped listening needs no message.
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let _ = sender.unbounded_send(Ok(event.data().unchecked_into()));
        });
        let on_error = Closure::<dyn FnMut(ErrorEvent)>::new(move |event: ErrorEvent| {
            let _ = failing.unbounded_send(Err(event.message()));
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(Self {
            worker,
            messages: RefCell::new(messages),
            is_ready: Cell::new(false),
            _on_message: on_message,
            _on_error: on_error,
        })
    }

    /// Fits a model; `buffers` are the inputs' Arrow IPC files, which are transferred.
    ///
    /// # Errors
    /// When the worker stopped, fell silent, or answered that it can't.
    pub async fn learn(
        self: &Rc<Self>,
        request: &LearningRequest,
        buffers: Vec<Uint8Array>,
        on_progress: impl Fn(Progress),
    ) -> Result<(Card, Vec<NewRows>), LearningError> {
        if !self.is_ready.get() {
            // Work sent before the worker listens is lost.
            self.next().await?;
            self.is_ready.set(true);
        }
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
            .post_message_with_transfer(&message, &transfer)
            .map_err(|error| LearningError::Stopped {
                message: format!("{error:?}"),
            })?;
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

    #[allow(
        clippy::await_holding_refcell_ref,
        reason = "one model at a time is asked for, so nobody else waits for a message"
    )]
    async fn next(&self) -> Result<(LearningResponse, Vec<Uint8Array>), LearningError> {
        let mut messages = self.messages.borrow_mut();
        let watchdog = TimeoutFuture::new(SILENCE_SECONDS * 1_000);
        let message = match select(messages.next(), watchdog).await {
            Either::Left((Some(Ok(message)), _)) => message,
            Either::Left((Some(Err(message)), _)) => {
                return Err(LearningError::Stopped { message });
            }
            Either::Left((None, _)) => {
                return Err(LearningError::Stopped {
                    message: "ended".to_owned(),
                });
            }
            Either::Right(((), _)) => {
                return Err(LearningError::TimedOut {
                    seconds: SILENCE_SECONDS,
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
