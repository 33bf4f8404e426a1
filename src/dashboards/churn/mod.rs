//! Churn early warning: who is about to leave, why, and what acting on it is worth.

pub mod answers;
pub mod charts;
pub mod evaluation;
#[cfg(target_arch = "wasm32")]
pub mod list;
pub mod marks;
pub mod options;
#[cfg(target_arch = "wasm32")]
pub mod page;
pub mod panels;
pub mod queries;
pub mod reasons;
#[cfg(target_arch = "wasm32")]
pub mod terms_form;
pub mod tiles;

#[cfg(target_arch = "wasm32")]
pub use page::ChurnPage;
