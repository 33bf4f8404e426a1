//! Settings as ECharts reads them: plain JavaScript objects and lists.

use serde_json::Value;
use wasm_bindgen::prelude::*;

/// A value as JavaScript has it.
pub(super) fn to_js(value: &Value) -> JsValue {
    js_sys::JSON::parse(&value.to_string()).unwrap_or(JsValue::UNDEFINED)
}

/// What stands under `key`; undefined where nothing does.
pub(super) fn get(object: &JsValue, key: &str) -> JsValue {
    js_sys::Reflect::get(object, &JsValue::from_str(key)).unwrap_or(JsValue::UNDEFINED)
}

/// Puts `value` under `key`.
pub(super) fn set(object: &JsValue, key: &str, value: &JsValue) {
    // Fails for primitives only, which ECharts would not read either.
    let _ = js_sys::Reflect::set(object, &JsValue::from_str(key), value);
}

/// The object under `key`, made when there is none.
pub(super) fn child(object: &JsValue, key: &str) -> JsValue {
    let found = get(object, key);
    if found.is_object() {
        return found;
    }
    let made: JsValue = js_sys::Object::new().into();
    set(object, key, &made);
    made
}

/// The members of an array, or the one thing itself.
pub(super) fn each(value: &JsValue) -> Vec<JsValue> {
    if value.is_undefined() {
        Vec::new()
    } else if js_sys::Array::is_array(value) {
        js_sys::Array::from(value).to_vec()
    } else {
        vec![value.clone()]
    }
}
