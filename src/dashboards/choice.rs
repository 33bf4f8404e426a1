//! A choice of a page among a few, kept in the URL.

use leptos::prelude::*;

use crate::state::Pipeline;

/// One of the things that can be chosen: its value in the URL and its name on screen.
pub type ChoiceOption = (&'static str, String);

/// Buttons side by side, of which one is pressed.
#[component]
pub fn Choice(
    /// What is chosen.
    label: &'static str,
    /// The URL key that holds it; one of `parameters::PAGE_KEYS`.
    key: &'static str,
    /// What there is to choose from.
    options: Vec<ChoiceOption>,
    /// What is chosen when the URL says nothing; it is not written there.
    usual: &'static str,
) -> impl IntoView {
    let pipeline = expect_context::<Pipeline>();
    let values: Vec<&'static str> = options.iter().map(|(value, _)| *value).collect();
    let held = pipeline.page_key(key);
    let chosen = Memo::new(move |_| {
        let held = held.get();
        let known = values.iter().find(|value| held.as_deref() == Some(**value));
        known.copied().unwrap_or(usual)
    });
    let buttons = options.into_iter().map(|(value, name)| {
        view! {
            <button
                class="pick"
                data-testid=format!("choice-{key}-{value}")
                aria-pressed=move || (chosen.get() == value).to_string()
                on:click=move |_| {
                    let written = (value != usual).then(|| value.to_owned());
                    pipeline.set_page_keys(&[(key, written)]);
                }
            >
                {name}
            </button>
        }
    });
    view! {
        <div class="picks" role="group" aria-label=label>
            <span class="label" aria-hidden="true">
                {label}
            </span>
            <div class="pick-row">{buttons.collect_view()}</div>
        </div>
    }
}
