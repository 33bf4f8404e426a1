//! The learning worker: models are fitted off the main thread, one at a time.
//!
//! Messages are as those of the generation workers: an array of a number, the JSON of a
//! [`LearningRequest`] or [`LearningResponse`], then the buffers it speaks of.

#[cfg(target_arch = "wasm32")]
mod client;
#[cfg(target_arch = "wasm32")]
mod entropy;
mod protocol;
#[cfg(target_arch = "wasm32")]
mod serve;

#[cfg(target_arch = "wasm32")]
pub use client::{LearningError, LearningWorker, NewRows};
pub use protocol::{LearningRequest, LearningResponse, Written};
#[cfg(target_arch = "wasm32")]
pub use serve::serve_learning;
