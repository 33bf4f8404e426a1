//! The part of ECharts the page uses; the bundle of `scripts/vendor.mjs` makes the global.

use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

use super::script::load_script;

/// Loads ECharts, unless it is there; nothing below works before.
///
/// # Errors
/// When its file does not come.
pub async fn load() -> Result<(), JsValue> {
    load_script("echarts", "echarts").await
}

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

    /// Writes text on cells, in place of what was written before; `parts` come from [`super::cell_text`].
    #[wasm_bindgen(js_namespace = echarts, js_name = writeCells, catch)]
    pub fn write_cells(chart: &EChart, parts: &JsValue) -> Result<(), JsValue>;

    /// Puts what is written on cells back in its place after a change of size.
    #[wasm_bindgen(js_namespace = echarts, js_name = placeCells, catch)]
    pub fn place_cells(chart: &EChart) -> Result<(), JsValue>;

    /// Draws an option; `how` says what of the one before it stays (`notMerge`, `replaceMerge`).
    #[wasm_bindgen(method, js_name = setOption, catch)]
    pub fn set_option(this: &EChart, option: &JsValue, how: &JsValue) -> Result<(), JsValue>;

    /// Takes all that is drawn away.
    #[wasm_bindgen(method, catch)]
    pub fn clear(this: &EChart) -> Result<(), JsValue>;

    /// Width that the chart is drawn in, in CSS pixels.
    #[wasm_bindgen(method, js_name = getWidth)]
    pub fn width(this: &EChart) -> f64;

    /// Height that the chart is drawn in, in CSS pixels.
    #[wasm_bindgen(method, js_name = getHeight)]
    pub fn height(this: &EChart) -> f64;

    /// Fits the chart into its element.
    #[wasm_bindgen(method, catch)]
    pub fn resize(this: &EChart) -> Result<(), JsValue>;

    /// Gives the chart a size of its own.
    #[wasm_bindgen(method, js_name = resize, catch)]
    pub fn resize_to(this: &EChart, size: &JsValue) -> Result<(), JsValue>;

    /// Frees the chart.
    #[wasm_bindgen(method, catch)]
    pub fn dispose(this: &EChart) -> Result<(), JsValue>;

    /// The chart as a canvas.
    #[wasm_bindgen(method, js_name = getRenderedCanvas, catch)]
    pub fn rendered_canvas(
        this: &EChart,
        options: &JsValue,
    ) -> Result<web_sys::HtmlCanvasElement, JsValue>;

    /// The canvas below the marks.
    #[wasm_bindgen(method, js_name = getZr, catch)]
    pub fn zr(this: &EChart) -> Result<ZRender, JsValue>;

    /// What is drawn.
    #[wasm_bindgen(method, js_name = getOption, catch)]
    pub fn option(this: &EChart) -> Result<JsValue, JsValue>;

    /// Whether a place on the canvas lies in a part of the chart.
    #[wasm_bindgen(method, js_name = containPixel, catch)]
    pub fn contains(
        this: &EChart,
        finder: &JsValue,
        place: &js_sys::Array,
    ) -> Result<bool, JsValue>;

    /// A place on the canvas in the terms of the axes.
    #[wasm_bindgen(method, js_name = convertFromPixel, catch)]
    pub fn from_pixel(
        this: &EChart,
        finder: &JsValue,
        place: &js_sys::Array,
    ) -> Result<JsValue, JsValue>;

    /// The canvas that a chart is drawn on.
    pub type ZRender;

    /// Draws now what would be drawn with the next frame.
    #[wasm_bindgen(method, catch)]
    pub fn flush(this: &ZRender) -> Result<(), JsValue>;

    /// Calls `listener` on an event anywhere on the canvas.
    #[wasm_bindgen(method, catch)]
    pub fn on(this: &ZRender, event: &str, listener: &js_sys::Function) -> Result<(), JsValue>;

    /// Calls `listener` on an event such as `click`.
    #[wasm_bindgen(method, catch)]
    pub fn on(this: &EChart, event: &str, listener: &js_sys::Function) -> Result<(), JsValue>;
}
