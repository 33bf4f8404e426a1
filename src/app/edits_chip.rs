//! Says on every page that models are edited, until they are reset.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::components::browser::site_path;
use crate::state::{Edits, Pipeline, query_for_another_page};

/// How many models are edited, with the way to them and the way back.
#[component]
pub fn EditsChip() -> impl IntoView {
    let pipeline = expect_context::<Pipeline>();
    let location = use_location();
    let site = StoredValue::new(site_path());
    let count = Memo::new(move |_| pipeline.edits.with(Edits::len));
    let address = move || {
        let first = pipeline
            .edits
            .with(|edits| edits.models().into_iter().next());
        let first = first.unwrap_or_default();
        let search = query_for_another_page(&location.search.get());
        let mut query = form_urlencoded::Serializer::new(String::new());
        let others = form_urlencoded::parse(search.as_bytes());
        query.extend_pairs(others);
        query.append_pair("model", &first).append_pair("tab", "sql");
        site.with_value(|site| format!("{site}/models/?{}", query.finish()))
    };
    let names = move || {
        let models = pipeline.edits.with(Edits::models);
        let models: Vec<String> = models.into_iter().collect();
        format!("Edited: {}", models.join(", "))
    };
    let words = move || match count.get() {
        1 => "1 edited model".to_owned(),
        many => format!("{many} edited models"),
    };
    view! {
        <Show when=move || { count.get() > 0 }>
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
