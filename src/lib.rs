//! MetricFlow: a whole SaaS analytics stack in one browser tab.
//!
//! The modules stand in the order of the data: `parameters → rows → warehouse → models → results
//! → charts`. What knows no browser is a crate of its own in `crates/`. `ARCHITECTURE.md` says who
//! may import whom; Cargo and `tests/architecture.rs` check it.

#[cfg(target_arch = "wasm32")]
mod worker_start;

#[doc(no_inline)]
pub use parameters;

#[doc(no_inline)]
pub use statistics;

#[doc(no_inline)]
pub use generation;

pub mod warehouse;

pub mod transformation;

pub mod quality;

#[doc(no_inline)]
pub use ml;

pub mod results;

pub mod workers;

pub mod state;

pub mod components;

pub mod dashboards;

pub mod workbench;

pub mod app;
