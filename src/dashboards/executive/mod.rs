//! Executive growth: is the company growing, and what holds it back?

pub mod drivers;
pub mod panels;
pub mod sentence;
pub mod tiles;

#[cfg(test)]
mod tests;

/// Months of history a tile's sparkline needs, with those its averages look back on.
const HISTORY_MONTHS: u32 = 40;

#[cfg(target_arch = "wasm32")]
pub mod driver_tree;
#[cfg(target_arch = "wasm32")]
pub mod page;

#[cfg(target_arch = "wasm32")]
pub use page::ExecutivePage;
