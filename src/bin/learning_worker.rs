//! A web worker that fits models; empty when built natively.

fn main() {
    #[cfg(target_arch = "wasm32")]
    {
        console_error_panic_hook::set_once();
        metricflow::workers::serve_learning();
    }
}
