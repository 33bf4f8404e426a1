//! The files that the build names, and the worker of templates that one of them starts.

use std::collections::BTreeMap;

use serde_json::Value;

use super::run_error::RunError;
use crate::transformation::{RenderedText, TextFault};
use crate::workers::TemplateRenderer;

/// The absolute address of a file that the build names in a `<meta name="asset:…">`.
pub(super) fn asset(name: &str) -> Result<String, RunError> {
    let missing = || RunError::MissingAsset {
        name: name.to_owned(),
    };
    let document = web_sys::window()
        .and_then(|window| window.document())
        .ok_or_else(missing)?;
    let content = document
        .query_selector(&format!("meta[name='asset:{name}']"))
        .ok()
        .flatten()
        .and_then(|meta| meta.get_attribute("content"))
        .ok_or_else(missing)?;
    let base = document.base_uri().ok().flatten().unwrap_or_default();
    web_sys::Url::new_with_base(&content, &base)
        .map(|url| url.href())
        .map_err(|_| missing())
}

/// Renders a text of a model in the worker for it.
pub(super) async fn render(
    renderer: &TemplateRenderer,
    model: &str,
    text: &str,
    vars: BTreeMap<String, Value>,
) -> Result<RenderedText, TextFault> {
    let url = asset("template-worker").map_err(|error| TextFault::of_text(error.to_string()))?;
    renderer.render(&url, model, text, vars).await
}
