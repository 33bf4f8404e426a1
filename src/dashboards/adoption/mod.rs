//! Product adoption: what people use, how often, and which groups they form.

pub mod answers;
pub mod charts;
pub mod marks;
pub mod options;
#[cfg(target_arch = "wasm32")]
pub mod page;
pub mod panels;
pub mod queries;
pub mod tiles;

#[cfg(target_arch = "wasm32")]
pub use page::AdoptionPage;
