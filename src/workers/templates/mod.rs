//! The template worker: edited models are rendered off the main thread, one at a time.
//!
//! A template can be made to work for ever or to fill all memory in ways that its fuel does not
//! see (lists are added and cut lazily), so what bounds it is the worker's own memory and its end.
//! Messages are the JSON of a [`TemplateRequest`] or a [`TemplateResponse`].

#[cfg(target_arch = "wasm32")]
mod client;
mod protocol;
#[cfg(target_arch = "wasm32")]
mod serve;

#[cfg(target_arch = "wasm32")]
pub use client::TemplateRenderer;
pub use protocol::{TemplateRequest, TemplateResponse};
#[cfg(target_arch = "wasm32")]
pub use serve::serve_templates;
