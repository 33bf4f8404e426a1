//! Revenue deep-dive: where revenue comes from, and where it leaks.

pub mod answers;
pub mod charts;
pub mod marks;
pub mod panels;
pub mod queries;

#[cfg(target_arch = "wasm32")]
pub mod page;

#[cfg(target_arch = "wasm32")]
pub use page::RevenuePage;
