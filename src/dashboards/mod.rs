//! Stage 6, **charts**: the dashboards.

pub mod adoption;
#[cfg(target_arch = "wasm32")]
pub mod choice;
pub mod churn;
pub mod claims;
pub mod compared;
#[cfg(target_arch = "wasm32")]
pub mod dashboard;
#[cfg(target_arch = "wasm32")]
pub mod drill_down;
pub mod executive;
#[cfg(target_arch = "wasm32")]
pub mod filter_bar;
pub mod filter_words;
pub mod funnel;
#[cfg(target_arch = "wasm32")]
pub mod learned;
pub mod marks;
pub mod movements_sql;
pub mod notes;
#[cfg(target_arch = "wasm32")]
pub mod options_bar;
#[cfg(target_arch = "wasm32")]
pub mod panel;
pub mod period_columns;
pub mod periods;
#[cfg(target_arch = "wasm32")]
mod query_warm_up;
pub mod remarks;
pub mod retention;
pub mod revenue;
#[cfg(target_arch = "wasm32")]
pub mod rows;
pub mod segment_colours;
pub mod spec;
pub mod tables;
