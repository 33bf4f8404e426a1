//! Stage 6, **charts**: the dashboards.

pub mod executive;
#[cfg(target_arch = "wasm32")]
pub mod rows;
pub mod tables;
