//! Lineage: which model reads which, and how each came out.

pub mod graph;
pub mod layout;
pub mod status;
pub mod walk;
pub mod words;

#[cfg(target_arch = "wasm32")]
pub mod detail;
#[cfg(target_arch = "wasm32")]
pub mod drawing;
#[cfg(target_arch = "wasm32")]
pub mod list;
#[cfg(target_arch = "wasm32")]
pub mod page;

#[cfg(target_arch = "wasm32")]
pub use page::LineagePage;
