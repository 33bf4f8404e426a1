//! What the page knows: the scenario in the URL, and how far its data has come.

#[cfg(target_arch = "wasm32")]
mod all_rows;
#[cfg(target_arch = "wasm32")]
mod assets;
#[cfg(target_arch = "wasm32")]
mod awaited;
#[cfg(target_arch = "wasm32")]
mod beside;
#[cfg(target_arch = "wasm32")]
mod clock;
#[cfg(target_arch = "wasm32")]
mod data_tests;
#[cfg(target_arch = "wasm32")]
mod dataset;
#[cfg(target_arch = "wasm32")]
mod editing;
mod edits;
#[cfg(target_arch = "wasm32")]
mod engine;
#[cfg(target_arch = "wasm32")]
mod engine_watch;
pub mod filters;
#[cfg(target_arch = "wasm32")]
mod flow;
mod ingest;
pub mod kept;
mod kept_edits;
#[cfg(target_arch = "wasm32")]
mod learning;
#[cfg(target_arch = "wasm32")]
mod loading;
pub mod metric;
#[cfg(target_arch = "wasm32")]
mod modelling;
#[cfg(target_arch = "wasm32")]
mod pipeline;
#[cfg(target_arch = "wasm32")]
mod run;
#[cfg(target_arch = "wasm32")]
mod run_control;
#[cfg(target_arch = "wasm32")]
mod run_error;
#[cfg(target_arch = "wasm32")]
mod scripting;
#[cfg(target_arch = "wasm32")]
mod serving;
pub mod size;
pub mod statement;
mod status;
mod switches;
#[cfg(target_arch = "wasm32")]
mod training;
mod url;
#[cfg(target_arch = "wasm32")]
mod url_state;
#[cfg(target_arch = "wasm32")]
mod vars;

pub use crate::generation::{AnomalyKind, Happening, HappeningKind, chronicle};
#[cfg(target_arch = "wasm32")]
pub use all_rows::{AllRows, MOST_EXPORTED};
#[cfg(target_arch = "wasm32")]
pub use dataset::Dataset;
pub use edits::Edits;
pub use ingest::{blocks_per_insert, changed_table, create_table, expected_rows};
#[cfg(target_arch = "wasm32")]
pub use kept::{Keeping, keep_results};
pub use kept_edits::{Built, KeptEdits};
#[cfg(target_arch = "wasm32")]
pub use learning::{Fit, Job, Learning};
#[cfg(target_arch = "wasm32")]
pub use pipeline::{Busy, Pipeline};
#[cfg(target_arch = "wasm32")]
pub use scripting::expose_to_scripts;
#[cfg(target_arch = "wasm32")]
pub use serving::ServingStatus;
pub use status::{Phase, Stage, StageState, StageStatus, Starting, Status, TestStatus};
pub use switches::Switches;
pub use url::{page_key, page_query, plain_case, query_for_another_page, with_page_keys};

/// Most workers that generate at once; beyond it the warehouse is the slower part.
pub const MOST_WORKERS: usize = 4;
