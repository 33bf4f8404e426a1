//! Choices of a page besides its filters, kept in the URL.

use leptos::prelude::*;

use crate::state::Pipeline;

/// A choice of one of a few, as buttons that stand together.
#[component]
pub fn Choice(
    /// What is chosen, in words.
    label: &'static str,
    /// The URL key that holds it.
    key: &'static str,
    /// The values of the key, each with its name; the first is the usual one and not written.
    options: Vec<(String, String)>,
    /// The value as the page understood it.
    #[prop(into)]
    chosen: Signal<String>,
) -> impl IntoView {
    let pipeline = expect_context::<Pipeline>();
    let usual = options.first().map(|(value, _)| value.clone());
    let buttons = options.into_iter().map(move |(value, name)| {
        let is_usual = usual.as_ref() == Some(&value);
        let pressed = {
            let value = value.clone();
            move || (chosen.get() == value).to_string()
        };
        let test_id = format!("{key}-{value}");
        let choose = move |_| {
            let written = (!is_usual).then(|| value.clone());
            pipeline.set_page_keys(&[(key, written)]);
        };
        view! {
            <button class="pick" aria-pressed=pressed data-testid=test_id on:click=choose>
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
