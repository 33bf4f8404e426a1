//! Scripts that are loaded when they are first needed, rather than before the first paint.

use std::cell::RefCell;
use std::collections::BTreeMap;

use js_sys::Promise;
use leptos::prelude::{document, window};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

thread_local! {
    /// Scripts under way or loaded, by asset: each is asked for once a page.
    static LOADING: RefCell<BTreeMap<&'static str, Promise>> = const { RefCell::new(BTreeMap::new()) };
}

/// Loads the script that a `<meta name="asset:…">` names, which defines the global `global`.
///
/// # Errors
/// When the page does not name it or its file does not come; the next call asks again.
pub async fn load_script(asset: &'static str, global: &str) -> Result<(), JsValue> {
    if js_sys::Reflect::has(&window(), &global.into())? {
        return Ok(());
    }
    let known = LOADING.with_borrow(|loading| loading.get(asset).cloned());
    let loading = match known {
        Some(loading) => loading,
        None => {
            let loading = ask_for(asset)?;
            LOADING.with_borrow_mut(|all| all.insert(asset, loading.clone()));
            loading
        }
    };
    // A file that was cut, or a page in its place, comes without an error and defines nothing.
    let has_come = JsFuture::from(loading).await.is_ok();
    if has_come && js_sys::Reflect::has(&window(), &global.into())? {
        return Ok(());
    }
    LOADING.with_borrow_mut(|all| all.remove(asset));
    Err(JsValue::from_str("its file did not come"))
}

fn ask_for(asset: &str) -> Result<Promise, JsValue> {
    let meta = document().query_selector(&format!("meta[name='asset:{asset}']"))?;
    let address = meta
        .and_then(|meta| meta.get_attribute("content"))
        .ok_or_else(|| JsValue::from_str("the page does not name it"))?;
    let script = document().create_element("script")?;
    script.set_attribute("src", &address)?;
    let loading = Promise::new(&mut |resolve, reject| {
        for (event, settle) in [("load", resolve), ("error", reject)] {
            // Adding a listener to a fresh element can't fail.
            let _ = script.add_event_listener_with_callback(event, &settle);
        }
    });
    if let Some(head) = document().head() {
        head.append_child(&script)?;
    }
    Ok(loading)
}
