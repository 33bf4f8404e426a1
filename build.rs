//! Tells the browser tests whether the engine's files are there.

use std::path::Path;

fn main() {
    println!("cargo::rustc-check-cfg=cfg(duckdb_vendored)");
    let engine = "public/vendor/duckdb/duckdb-eh.wasm";
    println!("cargo::rerun-if-changed={engine}");
    if Path::new(engine).exists() {
        println!("cargo::rustc-cfg=duckdb_vendored");
    }
}
