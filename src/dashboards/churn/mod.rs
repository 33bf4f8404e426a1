//! Churn early warning: who is about to leave, why, and what acting on it is worth.

pub mod evaluation;
pub mod figures;
pub mod options;
pub mod panels;
pub mod reasons;
pub mod scored;
pub mod scores;
pub mod sentence;
pub mod share_plane;
pub mod tiles;

#[cfg(test)]
mod tests;

#[cfg(target_arch = "wasm32")]
pub mod list;
#[cfg(target_arch = "wasm32")]
pub mod page;
#[cfg(target_arch = "wasm32")]
pub mod terms_form;

#[cfg(target_arch = "wasm32")]
pub use page::ChurnPage;
