//! Data quality: every data test, what it said, and the rows that fail it.

pub mod checks;

#[cfg(target_arch = "wasm32")]
pub mod page;
#[cfg(target_arch = "wasm32")]
pub mod test_row;
#[cfg(target_arch = "wasm32")]
pub mod totals;

#[cfg(target_arch = "wasm32")]
pub use page::QualityPage;
