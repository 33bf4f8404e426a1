//! The engine's program as the page's first script has it compiled (`scripts/begin_engine.js`, decision 0170).

use gloo::timers::callback::Interval;
use js_sys::{Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// Where the script leaves it.
const GLOBAL: &str = "metricflowEngine";
/// How often it is looked how many bytes have come.
const LOOK_EVERY_MS: u32 = 50;

#[wasm_bindgen]
extern "C" {
    /// What the script makes of the program.
    pub(super) type Program;

    #[wasm_bindgen(method, getter)]
    fn address(this: &Program) -> String;

    #[wasm_bindgen(method, getter)]
    fn bytes(this: &Program) -> f64;

    #[wasm_bindgen(method, getter)]
    fn total(this: &Program) -> f64;

    #[wasm_bindgen(method)]
    fn compiled(this: &Program) -> Promise;
}

/// The program at `address`, where the page's script has it compiled: not in development, and not after it failed.
pub(super) fn program_at(address: &str) -> Option<Program> {
    let program = Reflect::get(&js_sys::global(), &GLOBAL.into()).ok()?;
    if !program.is_object() {
        return None;
    }
    let program: Program = program.unchecked_into();
    (program.address() == address).then_some(program)
}

impl Program {
    /// The compiled module; `on_bytes` hears how many bytes have come, and of how many. After a failure the next start has the worker
    /// fetch the program anew.
    ///
    /// # Errors
    /// The browser's words when the program did not come, or not whole.
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "counts of bytes"
    )]
    pub(super) async fn module(
        self,
        on_bytes: impl Fn(u64, u64) + 'static,
    ) -> Result<JsValue, JsValue> {
        let compiled = self.compiled();
        let mut told = 0;
        let _looking = Interval::new(LOOK_EVERY_MS, move || {
            let bytes = self.bytes() as u64;
            if bytes > told {
                told = bytes;
                on_bytes(bytes, self.total() as u64);
            }
        });
        let module = JsFuture::from(compiled).await;
        if module.is_err() {
            let _ = Reflect::set(&js_sys::global(), &GLOBAL.into(), &JsValue::NULL);
        }
        module
    }
}
