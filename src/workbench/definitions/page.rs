//! The page: a list of names, and an entry for each.

use leptos::prelude::*;
use leptos_meta::Title;

use super::entry::Entry;
use crate::components::browser::show_element;
use crate::transformation::{Manifest, MetricDefinition};
use crate::workbench::page_keys::use_page_keys;

/// The link's key of the metric that was asked for.
const METRIC: &str = "metric";

/// The page "Our definitions".
#[component]
pub fn DefinitionsPage() -> impl IntoView {
    let keys = use_page_keys();
    let asked = keys.memo(METRIC);
    let manifest = Manifest::embedded().unwrap_or_default();
    let definitions = manifest.definitions.clone();
    let number = definitions.len();
    Effect::new(move |_| {
        let id = asked.get();
        if !id.is_empty() {
            show_element(format!("metric-{id}"));
        }
    });
    let link = move |definition: &MetricDefinition| {
        let id = definition.id.clone();
        let current = definition.id.clone();
        view! {
            <li>
                <a
                    href=move || keys.href("definitions/", &[(METRIC, &id)])
                    aria-current=move || (asked.get() == current).then_some("true")
                >
                    {definition.name.clone()}
                </a>
            </li>
        }
    };
    let links = definitions.iter().map(link).collect_view();
    let entries = definitions
        .into_iter()
        .map(|definition| {
            let model = model_of(&manifest, &definition).map(|name| {
                let address = keys.href("models/", &[("model", &name), ("tab", "sql")]);
                (name, address)
            });
            view! { <Entry definition model /> }
        })
        .collect_view();
    view! {
        <Title text="Our definitions · MetricFlow" />
        <header class="page-head">
            <p class="label">"Our definitions"</p>
            <h1 class="page-sentence" data-testid="page-sentence">
                {format!("{number} metrics that people count in different ways.")}
            </h1>
            <p class="page-lead">
                "Each is worked out in numbers, beside what others would count in the same case. Examples are small and made up; a test does every sum."
            </p>
        </header>
        <nav class="metric-names" aria-label="Metrics">
            <ul>{links}</ul>
        </nav>
        <div class="metric-definitions">{entries}</div>
    }
}

/// The model whose SQL counts the metric.
fn model_of(manifest: &Manifest, definition: &MetricDefinition) -> Option<String> {
    let is_model = |name: &&String| manifest.models.iter().any(|model| model.name == **name);
    definition.docs.iter().find(is_model).cloned()
}
