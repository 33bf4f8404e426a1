//! Starts workers so that the page's content security policy holds in them, and notices their end.
//!
//! The policy is a `meta` tag, which a worker loaded from an address does not inherit; one that
//! starts from a `blob:` does. So each begins as a few lines that load its program. See
//! `docs/decisions/0113-workers-under-the-pages-policy.md`; how an end is noticed: 0166.

use std::cell::Cell;
use std::rc::{Rc, Weak};

use js_sys::{Array, Function, JSON, Promise, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{Blob, BlobPropertyBag, Event, MessageEvent, Url, Worker, WorkerOptions, WorkerType};

/// What each worker does besides its program. An error that nobody catches reaches the page, also one
/// of a promise. A lock that it holds for life tells the page of its end, however it comes.
fn first_lines(lock: &str) -> String {
    format!(
        "self.addEventListener('unhandledrejection', ({{ reason }}) => {{ throw reason; }});\n\
        self.navigator.locks?.request({lock}, () => {{ postMessage({lock}); return new Promise(() => {{}}); }})\
        .catch(() => {{}});\n"
    )
}

/// What is said of a worker that gave no words of its own.
const NO_PROGRAM: &str = "its program could not be loaded";

/// A worker whose end is noticed; it ends when this is dropped.
pub(crate) struct WatchedWorker {
    watched: Rc<Watched>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(Event)>,
}

struct Watched {
    worker: Worker,
    has_ended: Cell<bool>,
    on_end: Box<dyn Fn(String)>,
}

impl Watched {
    fn note_end(&self, message: String) {
        // Once: an error may be followed by more, and by the end itself.
        if !self.has_ended.replace(true) {
            web_sys::console::warn_1(&format!("a worker stopped: {message}").into());
            (self.on_end)(message);
        }
    }
}

impl WatchedWorker {
    /// Starts a worker whose program is at `url`, an absolute address of the page's own host.
    ///
    /// `on_end` hears why it can't be used any more, in the browser's words: its program can't be loaded,
    /// it threw, or the browser ended it.
    ///
    /// # Errors
    /// The browser's words when it refuses to start one.
    pub(crate) fn start(
        url: &str,
        kind: WorkerType,
        on_message: impl Fn(JsValue) + 'static,
        on_end: impl Fn(String) + 'static,
    ) -> Result<Self, String> {
        let (worker, lock) = start_worker(url, kind).map_err(|error| text_of(&error))?;
        let watched = Rc::new(Watched {
            worker,
            has_ended: Cell::new(false),
            on_end: Box::new(on_end),
        });
        let weak = Rc::downgrade(&watched);
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let message = event.data();
            if message.as_string().is_some_and(|text| text == lock) {
                watch(&lock, Weak::clone(&weak));
            } else {
                on_message(message);
            }
        });
        let weak = Rc::downgrade(&watched);
        let on_error = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            // What became of it is told where it is used.
            event.prevent_default();
            // A program that could not be loaded gives a plain `Event` without a message.
            let message = Reflect::get(&event, &"message".into()).unwrap_or_default();
            let message = message.as_string().filter(|message| !message.is_empty());
            let message = message.unwrap_or_else(|| NO_PROGRAM.to_owned());
            if let Some(watched) = weak.upgrade() {
                watched.note_end(message);
            }
        });
        let worker = &watched.worker;
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(Self {
            watched,
            _on_message: on_message,
            _on_error: on_error,
        })
    }

    /// Sends a message; the buffers in `transfer` move with it.
    ///
    /// # Errors
    /// The browser's words when it can't be sent.
    pub(crate) fn post(&self, message: &JsValue, transfer: &Array) -> Result<(), String> {
        let worker = &self.watched.worker;
        worker
            .post_message_with_transfer(message, transfer)
            .map_err(|error| text_of(&error))
    }

    /// Ends it; nobody hears of that.
    pub(crate) fn end(&self) {
        self.watched.has_ended.set(true);
        let worker = &self.watched.worker;
        worker.set_onmessage(None);
        worker.set_onerror(None);
        worker.terminate();
    }

    /// Says whether it can't be used any more.
    pub(crate) fn has_ended(&self) -> bool {
        self.watched.has_ended.get()
    }
}

impl Drop for WatchedWorker {
    fn drop(&mut self) {
        self.end();
    }
}

/// Waits for the lock that a worker holds: the browser gives it on when the worker is no more.
fn watch(lock: &str, watched: Weak<Watched>) {
    let on_given = Closure::once_into_js(move || {
        if let Some(watched) = watched.upgrade() {
            watched.note_end("the browser ended it".to_owned());
        }
    });
    // A worker that holds a lock runs where there are locks; elsewhere its silence is told (0166).
    let asked = LOCKS.with(|locks| locks.request(lock, on_given.unchecked_ref()));
    if let Err(error) = asked {
        web_sys::console::warn_1(&error);
    }
}

#[wasm_bindgen]
extern "C" {
    /// `navigator.locks`, which web-sys does not have.
    type Locks;

    #[wasm_bindgen(thread_local_v2, js_namespace = navigator, js_name = locks)]
    static LOCKS: Locks;

    #[wasm_bindgen(method, catch)]
    fn request(this: &Locks, name: &str, on_given: &Function) -> Result<Promise, JsValue>;
}

/// A text that no other page or worker of this host has.
fn unique_name() -> Result<String, JsValue> {
    let name = Url::create_object_url_with_blob(&Blob::new()?)?;
    Url::revoke_object_url(&name)?;
    Ok(name)
}

/// Starts a worker; also gives the name of the lock that it takes.
fn start_worker(url: &str, kind: WorkerType) -> Result<(Worker, String), JsValue> {
    let lock = unique_name()?;
    let quoted: String = JSON::stringify(&lock.as_str().into())?.into();
    // As JSON, so that no address can be more than an address.
    let address: String = JSON::stringify(&url.into())?.into();
    let line = match kind {
        WorkerType::Module => format!("import {address};"),
        // The policy holds in there, too: the one address may become a script.
        _ => format!(
            "const address = {address}; const policy = self.trustedTypes?.createPolicy('metricflow-worker', \
             {{ createScriptURL: (url) => url === address ? url : null }}); \
             importScripts(policy ? policy.createScriptURL(address) : address);"
        ),
    };
    let options = BlobPropertyBag::new();
    options.set_type("text/javascript");
    let parts = Array::of1(&format!("{}{line}", first_lines(&quoted)).into());
    let blob = Blob::new_with_str_sequence_and_options(&parts, &options)?;
    // Kept for the page's life: not every browser has read it when the constructor returns.
    let start = Url::create_object_url_with_blob(&blob)?;
    let options = WorkerOptions::new();
    options.set_type(kind);
    // For the browser's tools: the address of the blob says nothing.
    options.set_name(url.rsplit('/').next().unwrap_or(url));
    let worker = Worker::new_with_options(&start, &options)?;
    Ok((worker, lock))
}

/// The message of an error, whatever its kind.
pub(crate) fn text_of(error: &JsValue) -> String {
    Reflect::get(error, &"message".into())
        .unwrap_or_default()
        .as_string()
        .or_else(|| error.as_string())
        .unwrap_or_else(|| format!("{error:?}"))
}
