//! The page's side: a pool of generation workers.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use futures::FutureExt as _;
use futures::channel::oneshot;
use futures::future::Shared;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::WorkerType;

use super::{Request, Response};
use crate::worker_start::WatchedWorker;

/// The number of the message by which a worker says that it listens.
const READY: u32 = 0;

/// Why a worker gave no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WorkerError {
    /// Its program did not come, or not whole.
    #[error(
        "The program that generates rows could not be loaded: the site was updated, or the connection was lost. Reload the page."
    )]
    NotLoaded,
    /// It crashed, or the browser ended it.
    #[error("a generation worker stopped ({message}); run the scenario again to restart it")]
    Stopped {
        /// The browser's own words.
        message: String,
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
type Pending = RefCell<BTreeMap<u32, oneshot::Sender<Answer>>>;

/// One worker; it answers its requests one after the other.
struct Member {
    worker: WatchedWorker,
    state: Rc<State>,
    asked: Cell<u32>,
    /// Settled when it listens, or never will.
    listens: Shared<oneshot::Receiver<()>>,
}

#[derive(Default)]
struct State {
    pending: Pending,
    /// Whoever waits until it listens.
    ready: RefCell<Option<oneshot::Sender<()>>>,
    /// Why it can't be asked any more.
    fault: RefCell<Option<WorkerError>>,
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

    /// Says whether none of them has ended.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        !self.members.iter().any(|member| member.worker.has_ended())
    }

    /// How many workers there are.
    #[must_use]
    pub fn size(&self) -> usize {
        self.members.len()
    }

    /// Waits until every worker listens.
    ///
    /// # Errors
    /// [`WorkerError::NotLoaded`] when a program did not come.
    pub async fn ready(&self) -> Result<(), WorkerError> {
        let all = self.members.iter().map(Member::ready);
        futures::future::try_join_all(all).await.map(|_| ())
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
    /// When the worker stopped, or answered that it can't.
    pub async fn ask(&self, index: usize, request: Request) -> Answer {
        self.members[index].ask(&request).await
    }
}

impl Member {
    fn start(url: &str) -> Result<Self, WorkerError> {
        let (sender, receiver) = oneshot::channel();
        let state = Rc::new(State::default());
        *state.ready.borrow_mut() = Some(sender);
        let (hearing, ending) = (Rc::clone(&state), Rc::clone(&state));
        let on_message = move |message: JsValue| hearing.receive(&message.unchecked_into());
        let worker = WatchedWorker::start(url, WorkerType::Module, on_message, move |message| {
            ending.end(message);
        });
        Ok(Self {
            worker: worker.map_err(|message| WorkerError::Stopped { message })?,
            state,
            asked: Cell::new(READY),
            listens: receiver.shared(),
        })
    }

    /// Waits until it listens: work sent before is lost.
    async fn ready(&self) -> Result<(), WorkerError> {
        // Whoever settled it left a fault, or none.
        let _ = self.listens.clone().await;
        self.state.fault.borrow().clone().map_or(Ok(()), Err)
    }

    async fn ask(&self, request: &Request) -> Answer {
        self.ready().await?;
        let (sender, receiver) = oneshot::channel();
        let number = self.asked.get().wrapping_add(1);
        self.asked.set(number);
        self.state.pending.borrow_mut().insert(number, sender);
        let json = serde_json::to_string(request).map_err(|error| WorkerError::Failed {
            message: error.to_string(),
        })?;
        let message = Array::of2(&JsValue::from(number), &JsValue::from_str(&json));
        self.worker
            .post(&message, &Array::new())
            .map_err(|message| WorkerError::Stopped { message })?;
        // Dropped with the pool, which nobody waits for then.
        let ended = || WorkerError::Stopped {
            message: "ended".to_owned(),
        };
        match receiver.await.map_err(|_| ended())?? {
            (Response::Failed { message }, _) => Err(WorkerError::Failed { message }),
            answer => Ok(answer),
        }
    }
}

impl State {
    fn receive(&self, message: &Array) {
        let number = message.get(0).as_f64().unwrap_or_default() as u32;
        if number == READY {
            self.settle();
            return;
        }
        let awaited = self.pending.borrow_mut().remove(&number);
        if let Some(sender) = awaited {
            // The receiver is gone when its run was cancelled.
            let _ = sender.send(read(message));
        }
    }

    /// Answers all that is under way, and all that is asked later, with why it ended.
    fn end(&self, message: String) {
        let fault = if self.ready.borrow().is_some() {
            WorkerError::NotLoaded
        } else {
            WorkerError::Stopped { message }
        };
        *self.fault.borrow_mut() = Some(fault.clone());
        self.settle();
        let pending = self.pending.take();
        for sender in pending.into_values() {
            let _ = sender.send(Err(fault.clone()));
        }
    }

    fn settle(&self) {
        if let Some(ready) = self.ready.take() {
            let _ = ready.send(());
        }
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
