//! DuckDB-WASM for browser tests.
//!
//! The engine's two files come from `public/vendor`; `build.rs` sets `duckdb_vendored` when
//! they are there. They reach the page as blobs, since the test runner serves nothing else.

// Not every test file uses all of it.
#![allow(dead_code)]

use metricflow::warehouse::DuckDb;
use web_sys::{Blob, BlobPropertyBag, Url};

static WORKER: &[u8] = include_bytes!("../../public/vendor/duckdb-browser-eh.worker.js");
static ENGINE: &[u8] = include_bytes!("../../public/vendor/duckdb-eh.wasm");

/// An address of these bytes within the page.
pub(crate) fn blob_url(bytes: &[u8], mime: &str) -> String {
    let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes));
    let options = BlobPropertyBag::new();
    options.set_type(mime);
    let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &options).unwrap();
    Url::create_object_url_with_blob(&blob).unwrap()
}

/// Addresses of the worker's script and of the engine.
pub(crate) fn engine_urls() -> (String, String) {
    (
        blob_url(WORKER, "text/javascript"),
        blob_url(ENGINE, "application/wasm"),
    )
}

/// An open engine.
pub(crate) async fn open() -> DuckDb {
    let (worker, engine) = engine_urls();
    let database = DuckDb::open(&worker, &engine).await.unwrap();
    Url::revoke_object_url(&worker).unwrap();
    Url::revoke_object_url(&engine).unwrap();
    database
}
