//! Truth: planted values beside their estimates.

#[cfg(target_arch = "wasm32")]
pub mod mark;
#[cfg(target_arch = "wasm32")]
pub mod page;
pub mod queries;
#[cfg(target_arch = "wasm32")]
mod rows;
pub mod text;

#[cfg(target_arch = "wasm32")]
pub use page::TruthPage;
