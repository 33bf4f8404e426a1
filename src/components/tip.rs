//! A definition beside a heading: on hover, on focus, and read out.

use leptos::prelude::*;

/// A small sign that tells what something means.
#[component]
pub fn Tip(
    /// Names it in test ids: `definition-<id>`.
    id: &'static str,
    /// What is defined, for those who don't see where it stands.
    #[prop(into)]
    label: String,
    /// Gives the text, once it is asked for.
    #[prop(optional_no_strip)]
    text: Option<Callback<(), String>>,
    /// The text, when nobody gives it.
    #[prop(optional)]
    fallback: &'static str,
) -> impl IntoView {
    let (shown, show) = signal(None::<String>);
    let fetch = move || {
        if shown.read_untracked().is_none() {
            let fetched = text.map(|text| text.run(()));
            show.set(Some(fetched.unwrap_or_else(|| fallback.to_owned())));
        }
    };
    let tip = format!("definition-{id}");
    view! {
        <span class="tip" on:pointerenter=move |_| fetch()>
            <button
                type="button"
                class="tip-sign"
                aria-label=label
                aria-describedby=tip.clone()
                data-testid=tip.clone()
                on:focus=move |_| fetch()
            >
                <span aria-hidden="true">"?"</span>
            </button>
            <span class="tip-text" role="tooltip" id=tip>
                {move || shown.get()}
            </span>
        </span>
    }
}
