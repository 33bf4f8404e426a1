//! The part of ECharts the page uses; the bundle of `scripts/vendor.mjs` makes the global.

use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

#[wasm_bindgen]
extern "C" {
    /// A chart in an element.
    #[derive(Clone)]
    pub type EChart;

    /// Makes a chart in `element`, with a theme and options such as the renderer.
    #[wasm_bindgen(js_namespace = echarts, catch)]
    pub fn init(
        element: &HtmlElement,
        theme: &JsValue,
        options: &JsValue,
    ) -> Result<EChart, JsValue>;

    /// Replaces what is drawn, when `not_merge`.
    #[wasm_bindgen(method, js_name = setOption, catch)]
    pub fn set_option(this: &EChart, option: &JsValue, not_merge: bool) -> Result<(), JsValue>;

    /// Fits the chart into its element.
    #[wasm_bindgen(method, catch)]
    pub fn resize(this: &EChart) -> Result<(), JsValue>;

    /// Frees the chart.
    #[wasm_bindgen(method, catch)]
    pub fn dispose(this: &EChart) -> Result<(), JsValue>;

    /// The chart as an image.
    #[wasm_bindgen(method, js_name = getDataURL, catch)]
    pub fn data_url(this: &EChart, options: &JsValue) -> Result<String, JsValue>;

    /// Calls `listener` on an event such as `click`.
    #[wasm_bindgen(method, catch)]
    pub fn on(this: &EChart, event: &str, listener: &js_sys::Function) -> Result<(), JsValue>;
}
