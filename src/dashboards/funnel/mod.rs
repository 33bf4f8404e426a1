//! Funnel diagnostics: where people stop between signing up and paying.

pub mod options;
pub mod panels;
pub mod sentence;

#[cfg(test)]
mod tests;

#[cfg(target_arch = "wasm32")]
pub mod page;

#[cfg(target_arch = "wasm32")]
pub use page::FunnelPage;
