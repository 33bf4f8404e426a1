//! Retention intelligence: are customers staying, and which ones leave?

pub mod cohort_heatmap;
pub mod curves;
pub mod options;
pub mod panels;
mod people;
pub mod sentence;

#[cfg(test)]
mod tests;

#[cfg(target_arch = "wasm32")]
pub mod page;

#[cfg(target_arch = "wasm32")]
pub use page::RetentionPage;
