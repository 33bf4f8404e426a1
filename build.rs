//! Tells the browser tests whether the engine's files are there, and how much the template worker may take.

use std::env;
use std::path::Path;

/// Most bytes that the worker may take that renders edited models; the project's dearest takes a few.
const TEMPLATE_MEMORY: u32 = 256 << 20;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(duckdb_vendored)");
    let engine = "public/vendor/duckdb-eh.wasm";
    println!("cargo::rerun-if-changed={engine}");
    if Path::new(engine).exists() {
        println!("cargo::rustc-cfg=duckdb_vendored");
    }

    // A template that fills all memory ends its worker before it is felt elsewhere.
    if env::var("CARGO_CFG_TARGET_ARCH").as_deref() == Ok("wasm32") {
        println!("cargo::rustc-link-arg-bin=template_worker=--max-memory={TEMPLATE_MEMORY}");
    }
}
