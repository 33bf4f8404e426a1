//! Starts workers so that the page's content security policy holds in them, too.
//!
//! The policy is a `meta` tag, which a worker loaded from an address does not inherit; one that
//! starts from a `blob:` does. So each begins as one line that loads its program. See
//! `docs/decisions/0113-workers-under-the-pages-policy.md`.

use js_sys::{Array, JSON};
use wasm_bindgen::prelude::*;
use web_sys::{Blob, BlobPropertyBag, Url, Worker, WorkerOptions, WorkerType};

/// Starts a worker whose program is at `url`, an absolute address of the page's own host.
///
/// A program that can't be loaded shows as the worker's `error` event.
///
/// # Errors
/// When the browser refuses to start it.
pub(crate) fn start_worker(url: &str, kind: WorkerType) -> Result<Worker, JsValue> {
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
    let parts = Array::of1(&line.into());
    let blob = Blob::new_with_str_sequence_and_options(&parts, &options)?;
    // Kept for the page's life: not every browser has read it when the constructor returns.
    let start = Url::create_object_url_with_blob(&blob)?;
    let options = WorkerOptions::new();
    options.set_type(kind);
    // For the browser's tools: the address of the blob says nothing.
    options.set_name(url.rsplit('/').next().unwrap_or(url));
    Worker::new_with_options(&start, &options)
}
