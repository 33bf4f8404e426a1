//! What the page knows: the scenario in the URL, and how far its data has come.

#[cfg(target_arch = "wasm32")]
mod pipeline;
mod status;

#[cfg(target_arch = "wasm32")]
pub use pipeline::{Dataset, Pipeline};
pub use status::{Phase, Stage, StageState, StageStatus, Status};
