//! Our definitions: each contested metric, worked out in numbers, beside what others count.

pub mod words;

#[cfg(target_arch = "wasm32")]
pub mod entry;
#[cfg(target_arch = "wasm32")]
pub mod page;

#[cfg(target_arch = "wasm32")]
pub use page::DefinitionsPage;
