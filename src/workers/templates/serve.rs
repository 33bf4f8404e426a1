//! The worker's side: renders texts until it is ended.

use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use super::{TemplateRequest, TemplateResponse};
use crate::transformation::{Manifest, TextFault};

/// Listens for texts, says so, and never returns to its caller's work.
pub fn serve_templates() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    // A built program's manifest can be read; without one no text could be rendered.
    let project = Manifest::embedded().unwrap_or_default();
    let answering = scope.clone();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let json = event.data().as_string().unwrap_or_default();
        let rendered = serde_json::from_str(&json)
            .map_err(|error| TextFault::of_text(format!("unreadable request: {error}")))
            .and_then(|TemplateRequest { model, text, vars }| {
                project.render_text(&model, &text, &vars)
            });
        post(&answering, &TemplateResponse::Rendered(rendered));
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // The worker lives as long as its scope.
    on_message.forget();
    post(&scope, &TemplateResponse::Ready);
}

fn post(scope: &DedicatedWorkerGlobalScope, response: &TemplateResponse) {
    let json = serde_json::to_string(response).unwrap_or_default();
    if let Err(error) = scope.post_message(&JsValue::from_str(&json)) {
        web_sys::console::error_1(&error);
    }
}
