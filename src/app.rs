//! Router and shell.

pub mod link_notices;
pub mod pages;
pub mod palette;
pub mod share_words;

#[cfg(target_arch = "wasm32")]
pub mod edits_chip;
#[cfg(target_arch = "wasm32")]
pub mod frame;
#[cfg(target_arch = "wasm32")]
mod keys;
#[cfg(target_arch = "wasm32")]
mod over;
#[cfg(target_arch = "wasm32")]
pub mod print;
#[cfg(target_arch = "wasm32")]
pub mod progress;
#[cfg(target_arch = "wasm32")]
pub mod share;
#[cfg(target_arch = "wasm32")]
mod shell;
#[cfg(target_arch = "wasm32")]
pub mod shortcuts;
#[cfg(target_arch = "wasm32")]
pub mod theme_switch;
#[cfg(target_arch = "wasm32")]
pub mod top_line;

#[cfg(target_arch = "wasm32")]
pub use shell::mount;
