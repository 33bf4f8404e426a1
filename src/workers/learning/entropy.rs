//! Entropy for libraries that ask for it through rand 0.8: always the same.
//!
//! Wasm has no entropy of its own, and a model must come out alike each time.

#![allow(
    unsafe_code,
    reason = "getrandom's macro exports a function, which is all it does"
)]

use std::cell::Cell;

thread_local! {
    static STATE: Cell<u64> = const { Cell::new(0) };
}

/// Begins the sequence anew; called before each model.
pub(super) fn reset() {
    STATE.set(0x4D65_7472_6963_466C);
}

/// # Source
/// Steele, Lea & Flood (2014), SplitMix64.
fn fill(buffer: &mut [u8]) -> Result<(), getrandom_02::Error> {
    for chunk in buffer.chunks_mut(8) {
        let state = STATE.get().wrapping_add(0x9E37_79B9_7F4A_7C15);
        STATE.set(state);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let bytes = (mixed ^ (mixed >> 31)).to_le_bytes();
        chunk.copy_from_slice(&bytes[..chunk.len()]);
    }
    Ok(())
}

getrandom_02::register_custom_getrandom!(fill);
