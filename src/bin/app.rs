//! The page.

#[cfg(target_arch = "wasm32")]
fn main() {
    metricflow::app::mount();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {}
