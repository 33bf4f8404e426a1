//! The page's side: one worker, started with the first edit, and ended when a text is too much for it.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

use futures::StreamExt as _;
use futures::channel::mpsc;
use futures::future::{Either, select};
use futures::lock::Mutex;
use gloo::timers::future::TimeoutFuture;
use js_sys::Array;
use serde_json::Value;
use wasm_bindgen::prelude::*;
use web_sys::WorkerType;

use super::{TemplateRequest, TemplateResponse};
use crate::transformation::{RenderedText, TextFault};
use crate::worker_start::WatchedWorker;

/// How long its program is waited for before that is told; it goes on coming.
const START_SECONDS: u32 = 30;

/// Longest work on one text. The fuel of a template is burnt in about a tenth of a second.
const RENDER_SECONDS: u32 = 2;

/// What is said of a text that the worker had to be ended for, or that ended it.
const TOO_MUCH: &str = "the template was stopped because it does too much work or makes values that are too large: shorten its loops and lists";

/// Renders edited texts, one at a time; the worker is replaced when a text was too much for it.
#[derive(Clone, Default)]
pub struct TemplateRenderer(Rc<Mutex<Option<TemplateWorker>>>);

struct TemplateWorker {
    worker: WatchedWorker,
    messages: mpsc::UnboundedReceiver<Result<TemplateResponse, String>>,
    is_ready: Cell<bool>,
}

impl TemplateRenderer {
    /// Renders a text of `model` in the worker of the module at `url`.
    ///
    /// # Errors
    /// When the text can't be rendered, or not within two seconds and the worker's memory; also when
    /// the worker can't be started.
    pub async fn render(
        &self,
        url: &str,
        model: &str,
        text: &str,
        vars: BTreeMap<String, Value>,
    ) -> Result<RenderedText, TextFault> {
        let request = TemplateRequest {
            model: model.to_owned(),
            text: text.to_owned(),
            vars,
        };
        let mut held = self.0.lock().await;
        // Taken out while it works: a worker that did not answer, or whoever stopped waiting for it, leaves none.
        let standing = held.take().filter(|one| !one.worker.has_ended());
        let mut worker = match standing {
            Some(worker) => worker,
            None => TemplateWorker::start(url)?,
        };
        if !worker.make_ready().await? {
            *held = Some(worker);
            return Err(not_started(&format!(
                "its program has not come within {START_SECONDS} s and goes on loading"
            )));
        }
        let rendered = worker.render(&request).await?;
        *held = Some(worker);
        rendered
    }
}

impl TemplateWorker {
    fn start(url: &str) -> Result<Self, TextFault> {
        let (sender, messages) = mpsc::unbounded();
        let failing = sender.clone();
        // Whoever stopped listening needs no message.
        let on_message = move |message: JsValue| {
            let json = message.as_string().unwrap_or_default();
            let message = serde_json::from_str(&json).map_err(|error| error.to_string());
            let _ = sender.unbounded_send(message);
        };
        let on_end = move |message| {
            let _ = failing.unbounded_send(Err(message));
        };
        let worker = WatchedWorker::start(url, WorkerType::Module, on_message, on_end);
        Ok(Self {
            worker: worker.map_err(|message| not_started(&message))?,
            messages,
            is_ready: Cell::new(false),
        })
    }

    /// Waits until it listens, since work sent before is lost; says whether it does.
    async fn make_ready(&mut self) -> Result<bool, TextFault> {
        if self.is_ready.get() {
            return Ok(true);
        }
        match self.next(START_SECONDS).await {
            Some(Ok(TemplateResponse::Ready)) => {
                self.is_ready.set(true);
                Ok(true)
            }
            Some(Err(_)) => Err(not_started(
                "its program could not be loaded: the site was updated, or the connection was lost",
            )),
            Some(Ok(_)) => Err(not_started("it answered unasked")),
            None => Ok(false),
        }
    }

    /// The worker's answer; an error of its own ends it.
    async fn render(
        &mut self,
        request: &TemplateRequest,
    ) -> Result<Result<RenderedText, TextFault>, TextFault> {
        let too_much = || TextFault::of_text(TOO_MUCH.to_owned());
        let json = serde_json::to_string(request)
            .map_err(|error| TextFault::of_text(error.to_string()))?;
        self.worker
            .post(&JsValue::from_str(&json), &Array::new())
            .map_err(TextFault::of_text)?;
        match self.next(RENDER_SECONDS).await {
            Some(Ok(TemplateResponse::Rendered(rendered))) => Ok(rendered),
            _ => Err(too_much()),
        }
    }

    async fn next(&mut self, seconds: u32) -> Option<Result<TemplateResponse, String>> {
        let watchdog = TimeoutFuture::new(seconds * 1_000);
        match select(self.messages.next(), watchdog).await {
            Either::Left((message, _)) => message,
            Either::Right(_) => None,
        }
    }
}

fn not_started(why: &str) -> TextFault {
    TextFault::of_text(format!(
        "templates can't be rendered, because their worker did not start ({why}); reload the page"
    ))
}
