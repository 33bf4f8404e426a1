//! Funnel diagnostics: where people stop between signing up and paying.

pub mod answers;
pub mod charts;
pub mod marks;
pub mod options;
pub mod panels;
pub mod queries;

#[cfg(target_arch = "wasm32")]
pub mod page;

#[cfg(target_arch = "wasm32")]
pub use page::FunnelPage;
