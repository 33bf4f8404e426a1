//! What the page and the template worker say to each other.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::transformation::{RenderedText, TextFault};

/// From the page to the worker; each is answered by one [`TemplateResponse::Rendered`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TemplateRequest {
    /// The model.
    pub model: String,
    /// Its edited text.
    pub text: String,
    /// Values of `var` that go before the project's own.
    pub vars: BTreeMap<String, Value>,
}

/// From the worker to the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum TemplateResponse {
    /// The worker has started and listens.
    Ready,
    /// What became of the text.
    Rendered(Result<RenderedText, TextFault>),
}
