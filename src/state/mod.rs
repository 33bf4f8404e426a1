//! What the page knows: the scenario in the URL, and how far its data has come.

#[cfg(target_arch = "wasm32")]
mod engine;
#[cfg(target_arch = "wasm32")]
mod flow;
mod ingest;
#[cfg(target_arch = "wasm32")]
mod pipeline;
#[cfg(target_arch = "wasm32")]
mod scripting;
mod status;
mod url;

pub use ingest::{blocks_per_insert, create_table, expected_rows};
#[cfg(target_arch = "wasm32")]
pub use pipeline::{Dataset, Pipeline};
pub use status::{Phase, Stage, StageState, StageStatus, Status};
pub use url::page_query;
