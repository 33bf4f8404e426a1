//! Everything the page can do, by typing a few letters of it.

pub mod entries;
pub mod ranking;

#[cfg(target_arch = "wasm32")]
mod act;
#[cfg(target_arch = "wasm32")]
pub mod view;

#[cfg(target_arch = "wasm32")]
pub(super) use act::use_dashboard;
#[cfg(target_arch = "wasm32")]
pub use view::{Palette, PaletteButton};
