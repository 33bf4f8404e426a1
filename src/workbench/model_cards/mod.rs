//! Model cards: what each learned model was fitted on, and how well it does on data it did not see.

pub mod answers;
pub mod charts;
#[cfg(target_arch = "wasm32")]
pub mod evidence;
#[cfg(target_arch = "wasm32")]
pub mod leakage;
#[cfg(target_arch = "wasm32")]
pub mod model_card;
#[cfg(target_arch = "wasm32")]
pub mod page;
#[cfg(target_arch = "wasm32")]
pub mod settings_form;

#[cfg(target_arch = "wasm32")]
pub use page::ModelCardsPage;
