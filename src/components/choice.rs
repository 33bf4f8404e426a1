//! One of a few, as a row of buttons.

use leptos::prelude::*;

/// A group of radio buttons drawn as one row.
#[component]
pub fn Choice(
    /// What is chosen, for those who don't see it.
    label: &'static str,
    /// The group's name, unique on the page; also its test id.
    name: &'static str,
    /// Keys and labels.
    options: Vec<(&'static str, &'static str)>,
    /// The chosen key.
    #[prop(into)]
    value: Signal<String>,
    /// Another one was chosen.
    on_choose: Callback<String>,
) -> impl IntoView {
    let options = options
        .into_iter()
        .map(|(key, text)| {
            view! {
                <label>
                    <input
                        type="radio"
                        name=name
                        value=key
                        data-testid=format!("{name}-{key}")
                        prop:checked=move || value.get() == key
                        on:change=move |_| on_choose.run(key.to_owned())
                    />
                    <span>{text}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="choice">
            <legend class="visually-hidden">{label}</legend>
            {options}
        </fieldset>
    }
}
