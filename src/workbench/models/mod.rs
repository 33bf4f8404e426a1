//! Models: the catalogue of the dbt project, to read and to edit.

pub mod catalogue;
pub mod error_place;
pub mod failing;
pub mod readers;
pub mod row_changes;
pub mod row_key;
pub mod variable_words;

#[cfg(target_arch = "wasm32")]
pub mod changes;
#[cfg(target_arch = "wasm32")]
pub mod columns;
#[cfg(target_arch = "wasm32")]
pub mod model_view;
#[cfg(target_arch = "wasm32")]
pub mod page;
#[cfg(target_arch = "wasm32")]
pub mod sql_tab;
#[cfg(target_arch = "wasm32")]
pub mod variables;

#[cfg(target_arch = "wasm32")]
pub use page::ModelsPage;
