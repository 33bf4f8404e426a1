//! Executive growth: is the company growing, and what holds it back?

pub mod answers;
pub mod charts;
pub mod drivers;
pub mod marks;
pub mod panels;
pub mod queries;
pub mod tiles;

#[cfg(target_arch = "wasm32")]
pub mod driver_tree;
#[cfg(target_arch = "wasm32")]
pub mod page;

#[cfg(target_arch = "wasm32")]
pub use page::ExecutivePage;
