//! Truth: planted values beside their estimates.

pub mod effects;
pub mod joint_fit;
#[cfg(target_arch = "wasm32")]
pub mod mark;
#[cfg(target_arch = "wasm32")]
pub mod page;
pub mod queries;
#[cfg(target_arch = "wasm32")]
mod rows;
pub mod scored;
pub mod text;

#[cfg(target_arch = "wasm32")]
pub use page::TruthPage;
