//! Workers: the generator off the main thread, as many as there are cores, one that learns, and one that renders
//! edited models.
//!
//! A message is a JavaScript array: its number (an answer bears that of its request), the JSON of a [`Request`] or [`Response`], then the buffers
//! it speaks of, which are transferred and never copied.

#[cfg(target_arch = "wasm32")]
mod client;
mod learning;
mod protocol;
#[cfg(target_arch = "wasm32")]
mod serve;
mod templates;

#[cfg(target_arch = "wasm32")]
pub use client::{GenerationPool, WorkerError};
#[cfg(target_arch = "wasm32")]
pub use learning::{LearningError, LearningWorker, NewRows, serve_learning};
pub use learning::{LearningRequest, LearningResponse, Written};
pub use protocol::{BlockChecksum, Request, Response, Stream};
#[cfg(target_arch = "wasm32")]
pub use serve::serve_generation;
#[cfg(target_arch = "wasm32")]
pub use templates::{TemplateRenderer, serve_templates};
pub use templates::{TemplateRequest, TemplateResponse};
