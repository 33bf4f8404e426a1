//! The workbench: where data is made, inspected and taken away.

pub mod definitions;
pub mod doc_text;
pub mod lineage;
pub mod model_cards;
pub mod models;
pub mod names;
pub mod page_keys;
pub mod quality;
pub mod scenario;
pub mod truth;

#[cfg(target_arch = "wasm32")]
pub mod project;
#[cfg(target_arch = "wasm32")]
pub mod rows_csv;
#[cfg(target_arch = "wasm32")]
pub mod rows_view;
