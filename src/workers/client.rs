//! The page's side: a pool of generation workers.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use futures::channel::oneshot;
use futures::future::{Either, select};
use gloo::timers::future::TimeoutFuture;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{ErrorEvent, MessageEvent, WorkerType};

use super::{Request, Response};
use crate::worker_start::start_worker;

/// Longest wait for one answer; a block group takes a fraction of a second.
const WATCHDOG_SECONDS: u32 = 90;

/// The number of the message by which a worker says that it listens.
const READY: u32 = 0;

/// Why a worker gave no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WorkerError {
    /// It could not be started, or it crashed.
    #[error("a generation worker stopped ({message}); run the scenario again to restart it")]
    Stopped {
        /// The browser's own words.
        message: String,
    },
    /// It did not answer in time.
    #[error(
        "a generation worker did not answer within {seconds} s; run the scenario again to restart it"
    )]
    TimedOut {
        /// How long it was waited for.
        seconds: u32,
    },
    /// It answered that it can't.
    #[error("rows could not be generated: {message}")]
    Failed {
        /// Its reason.
        message: String,
    },
}

type Answer = Result<(Response, Vec<Uint8Array>), WorkerError>;
/// Who waits for which answer. An answer nobody waits for belongs to a cancelled run.
type Pending = Rc<RefCell<BTreeMap<u32, oneshot::Sender<Answer>>>>;

/// One worker; it answers its requests one after the other.
struct Member {
    worker: web_sys::Worker,
    pending: Pending,
    asked: Cell<u32>,
    ready: RefCell<Option<oneshot::Receiver<Answer>>>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(ErrorEvent)>,
}

impl Drop for Member {
    fn drop(&mut self) {
        self.worker.terminate();
        // Whoever still waits learns it at once, not from the watchdog.
        self.pending.borrow_mut().clear();
    }
}

/// Generation workers that share a scenario's blocks; dropping the pool ends them.
pub struct GenerationPool {
    members: Vec<Member>,
    open_query: RefCell<String>,
    blocks: Cell<u64>,
}

impl GenerationPool {
    /// Starts `size` workers from the module at `url`.
    ///
    /// # Errors
    /// [`WorkerError::Stopped`] when the browser refuses to start one.
    pub fn start(url: &str, size: usize) -> Result<Self, WorkerError> {
        let members = (0..size.max(1))
            .map(|_| Member::start(url))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            members,
            open_query: RefCell::default(),
            blocks: Cell::new(0),
        })
    }

    /// How many workers there are.
    #[must_use]
    pub fn size(&self) -> usize {
        self.members.len()
    }

    /// Opens a scenario in every worker and returns its number of blocks.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn open(&self, query: &str) -> Result<u64, WorkerError> {
        if self.blocks.get() > 0 && *self.open_query.borrow() == query {
            return Ok(self.blocks.get());
        }
        self.blocks.set(0);
        let requests = (0..self.size()).map(|index| {
            self.ask(
                index,
                Request::Open {
                    query: query.to_owned(),
                },
            )
        });
        let mut blocks = 0;
        for answer in futures::future::join_all(requests).await {
            if let (Response::Opened { blocks: opened }, _) = answer? {
                blocks = opened;
            }
        }
        query.clone_into(&mut self.open_query.borrow_mut());
        self.blocks.set(blocks);
        Ok(blocks)
    }

    /// Sums the expected activity of all blocks, shared among the workers.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn total_exposure(&self, blocks: u64) -> Result<u64, WorkerError> {
        let size = self.size() as u64;
        let requests = (0..size).map(|index| {
            let (first, end) = (blocks * index / size, blocks * (index + 1) / size);
            self.ask(index as usize, Request::Exposure { first, end })
        });
        let mut total = 0_u64;
        for answer in futures::future::join_all(requests).await {
            if let (Response::Exposure { sum }, _) = answer? {
                total = total.wrapping_add(sum);
            }
        }
        Ok(total)
    }

    /// Puts one request to one worker, behind those it has already.
    ///
    /// # Errors
    /// When the worker stopped, did not answer in time, or answered that it can't.
    pub async fn ask(&self, index: usize, request: Request) -> Answer {
        self.members[index].ask(&request).await
    }
}

impl Member {
    fn start(url: &str) -> Result<Self, WorkerError> {
        let worker = start_worker(url, WorkerType::Module).map_err(|error| stopped(&error))?;
        let (sender, receiver) = oneshot::channel();
        let pending: Pending = Rc::new(RefCell::new(BTreeMap::from([(READY, sender)])));

        let on_message = {
            let pending = Rc::clone(&pending);
            Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
                let message: Array = event.data().unchecked_into();
                let number = message.get(0).as_f64().unwrap_or_default() as u32;
                let awaited = pending.borrow_mut().remove(&number);
                if let Some(sender) = awaited {
                    // The receiver is gone when its run was cancelled.
                    let _ = sender.send(read(&message));
                }
            })
        };
        let on_error = {
            let pending = Rc::clone(&pending);
            Closure::<dyn FnMut(ErrorEvent)>::new(move |event: ErrorEvent| {
                for sender in std::mem::take(&mut *pending.borrow_mut()).into_values() {
                    let message = event.message();
                    let _ = sender.send(Err(WorkerError::Stopped { message }));
                }
            })
        };
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(Self {
            worker,
            pending,
            asked: Cell::new(READY),
            ready: RefCell::new(Some(receiver)),
            _on_message: on_message,
            _on_error: on_error,
        })
    }

    async fn ask(&self, request: &Request) -> Answer {
        // Work sent before the worker listens is lost, so its first message is awaited.
        let ready = self.ready.borrow_mut().take();
        if let Some(ready) = ready {
            within_watchdog(ready).await?;
        }
        let (sender, receiver) = oneshot::channel();
        let number = self.asked.get().wrapping_add(1);
        self.asked.set(number);
        self.pending.borrow_mut().insert(number, sender);
        let json = serde_json::to_string(request).map_err(|error| WorkerError::Failed {
            message: error.to_string(),
        })?;
        let message = Array::of2(&JsValue::from(number), &JsValue::from_str(&json));
        self.worker
            .post_message(&message)
            .map_err(|error| stopped(&error))?;
        match within_watchdog(receiver).await? {
            (Response::Failed { message }, _) => Err(WorkerError::Failed { message }),
            answer => Ok(answer),
        }
    }
}

async fn within_watchdog(receiver: oneshot::Receiver<Answer>) -> Answer {
    let watchdog = TimeoutFuture::new(WATCHDOG_SECONDS * 1_000);
    match select(receiver, watchdog).await {
        Either::Left((Ok(answer), _)) => answer,
        Either::Left((Err(_), _)) => Err(WorkerError::Stopped {
            message: "ended".to_owned(),
        }),
        Either::Right(((), _)) => Err(WorkerError::TimedOut {
            seconds: WATCHDOG_SECONDS,
        }),
    }
}

fn read(message: &Array) -> Answer {
    let json = message.get(1).as_string().unwrap_or_default();
    let response = serde_json::from_str(&json).map_err(|error| WorkerError::Failed {
        message: format!("unreadable answer: {error}"),
    })?;
    let buffers = message.iter().skip(2).map(JsCast::unchecked_into).collect();
    Ok((response, buffers))
}

fn stopped(error: &JsValue) -> WorkerError {
    let message = error
        .dyn_ref::<js_sys::Error>()
        .map_or_else(|| format!("{error:?}"), |error| error.message().into());
    WorkerError::Stopped { message }
}
