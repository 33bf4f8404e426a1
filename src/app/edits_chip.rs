//! Says on every page that models or variables are edited, or that edits wait to be run, until they are reset.

use std::collections::BTreeMap;

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::components::browser::site_path;
use crate::state::{Edits, Pipeline, query_for_another_page};

/// How many models and variables are edited and how many edits were not run, with the way to them and the way back.
#[component]
pub fn EditsChip() -> impl IntoView {
    let pipeline = expect_context::<Pipeline>();
    let location = use_location();
    let site = StoredValue::new(site_path());
    let count = Memo::new(move |_| pipeline.edits.with(Edits::len));
    let variables = Memo::new(move |_| pipeline.edits.with(|edits| edits.vars().len()));
    let waiting = Memo::new(move |_| pipeline.drafts.with(BTreeMap::len));
    let address = move || {
        let edited = pipeline
            .edits
            .with(|edits| edits.models().into_iter().next());
        let typed = || pipeline.drafts.with(|drafts| drafts.keys().next().cloned());
        let first = edited.or_else(typed).unwrap_or_default();
        let search = query_for_another_page(&location.search.get());
        let mut query = form_urlencoded::Serializer::new(String::new());
        let others = form_urlencoded::parse(search.as_bytes());
        query.extend_pairs(others);
        if !first.is_empty() {
            query.append_pair("model", &first).append_pair("tab", "sql");
        }
        site.with_value(|site| format!("{site}/models/?{}", query.finish()))
    };
    let names = move || {
        let models = pipeline.edits.with(Edits::models);
        let models: Vec<String> = models.into_iter().collect();
        let typed: Vec<String> = pipeline
            .drafts
            .with(|drafts| drafts.keys().cloned().collect());
        let set = pipeline.edits.with(|edits| {
            let set = edits.vars().iter();
            set.map(|(var, value)| format!("{var} = {value}")).collect()
        });
        let parts = [("Edited", models), ("Changed", set), ("Not run", typed)];
        let parts = parts.into_iter().filter(|(_, models)| !models.is_empty());
        let parts: Vec<String> = parts
            .map(|(what, models)| format!("{what}: {}", models.join(", ")))
            .collect();
        parts.join("; ")
    };
    let words = move || {
        let edited = match count.get() {
            0 => None,
            1 => Some("1 edited model".to_owned()),
            many => Some(format!("{many} edited models")),
        };
        let changed = match variables.get() {
            0 => None,
            1 => Some("1 changed variable".to_owned()),
            many => Some(format!("{many} changed variables")),
        };
        let waiting = match waiting.get() {
            0 => None,
            1 => Some("1 edit not run".to_owned()),
            many => Some(format!("{many} edits not run")),
        };
        let parts: Vec<String> = edited.into_iter().chain(changed).chain(waiting).collect();
        parts.join(", ")
    };
    view! {
        <Show when=move || { count.get() + variables.get() + waiting.get() > 0 }>
            <div class="edits-chip" data-testid="edits-chip">
                <a href=address title=names>
                    {words}
                </a>
                <button
                    class="text-button"
                    data-testid="reset-edits"
                    on:click=move |_| pipeline.reset_edits()
                >
                    "Reset all"
                </button>
            </div>
        </Show>
    }
}
