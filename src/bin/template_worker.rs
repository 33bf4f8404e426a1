//! A web worker that renders edited models; empty when built natively.

fn main() {
    #[cfg(target_arch = "wasm32")]
    {
        console_error_panic_hook::set_once();
        metricflow::workers::serve_templates();
    }
}
