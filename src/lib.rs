//! MetricFlow: a whole SaaS analytics stack in one browser tab.
//!
//! The modules stand in the order of the data: `parameters → rows → warehouse → models → results
//! → charts`. `ARCHITECTURE.md` says who may import whom; `tests/architecture.rs` checks it.

pub mod generation;
pub mod parameters;
pub mod warehouse;

pub mod state;
