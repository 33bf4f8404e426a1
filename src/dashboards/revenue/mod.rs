//! Revenue deep-dive: where revenue comes from, and where it leaks.

pub mod panels;
pub mod sentence;

#[cfg(test)]
mod tests;

#[cfg(target_arch = "wasm32")]
pub mod page;

#[cfg(target_arch = "wasm32")]
pub use page::RevenuePage;
