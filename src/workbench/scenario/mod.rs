//! The Scenario page: from which assumptions the data is made, and how far it has come.

#[cfg(target_arch = "wasm32")]
pub mod fields;
#[cfg(target_arch = "wasm32")]
pub mod form;
#[cfg(target_arch = "wasm32")]
pub mod kept;
#[cfg(target_arch = "wasm32")]
pub mod page;
#[cfg(target_arch = "wasm32")]
pub mod run;

#[cfg(target_arch = "wasm32")]
pub use page::ScenarioPage;
