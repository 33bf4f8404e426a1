//! The time by which the page measures how long things take; no data is made from it.

/// Milliseconds since the page was opened.
pub(super) fn now_ms() -> f64 {
    web_sys::window()
        .and_then(|window| window.performance())
        .map_or(0.0, |performance| performance.now())
}
