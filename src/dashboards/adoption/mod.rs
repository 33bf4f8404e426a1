//! Product adoption: what people use, how often, and which groups they form.

pub mod features;
pub mod matrix;
pub mod options;
pub mod panels;
pub mod sentence;
pub mod tiles;
pub mod window;
pub mod words;

#[cfg(test)]
mod tests;

#[cfg(target_arch = "wasm32")]
pub mod page;

#[cfg(target_arch = "wasm32")]
pub use page::AdoptionPage;
