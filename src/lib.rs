//! MetricFlow: a whole SaaS analytics stack in one browser tab.
//!
//! The modules stand in the order of the data: `parameters → rows → warehouse → models → results
//! → charts`. `ARCHITECTURE.md` says who may import whom; `tests/architecture.rs` checks it.

#[cfg(target_arch = "wasm32")]
mod worker_start;

pub mod parameters;

pub mod statistics;

pub mod generation;

pub mod warehouse;

pub mod transformation;

pub mod quality;

pub mod ml;

pub mod results;

pub mod workers;

pub mod state;

pub mod components;

pub mod dashboards;

pub mod workbench;

pub mod app;
