//! A definition beside a heading: on hover, on focus, on a press, and read out.

use leptos::html::Span;
use leptos::prelude::*;
use web_sys::Element;

use super::popover::{dismiss, fits_above_only};

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
    /// The default text.
    #[prop(optional)]
    fallback: &'static str,
    /// The address where more is said.
    #[prop(optional_no_strip)]
    more: Option<Signal<Option<String>>>,
) -> impl IntoView {
    let (shown, show) = signal(None::<String>);
    let tip_box = NodeRef::<Span>::new();
    let is_up = RwSignal::new(false);
    let fetch = move || {
        // Anew each time: it may tell values that the reader changes.
        let fetched = text.map_or_else(|| fallback.to_owned(), |text| text.run(()));
        if shown.read_untracked().as_ref() != Some(&fetched) {
            show.set(Some(fetched));
        }
        // Measured with its text in it.
        request_animation_frame(move || {
            let tip_box = tip_box.try_get_untracked().flatten();
            if let Some(up) = tip_box.and_then(|tip_box| fits_above_only(&tip_box)) {
                is_up.try_set(up);
            }
        });
    };
    // Safari does not focus a button that is pressed.
    let is_open = RwSignal::new(false);
    let root = NodeRef::<Span>::new();
    dismiss(
        move || root.try_get_untracked().flatten().map(Element::from),
        is_open,
    );
    let press = move |_| {
        fetch();
        is_open.set(true);
    };
    let tip = format!("definition-{id}");
    view! {
        <span
            class="tip"
            class:open=is_open
            class:up=is_up
            node_ref=root
            on:pointerenter=move |_| fetch()
        >
            <button
                type="button"
                class="tip-sign"
                aria-label=label
                aria-describedby=tip.clone()
                data-testid=tip.clone()
                on:focus=move |_| fetch()
                on:click=press
            >
                <span aria-hidden="true">"?"</span>
            </button>
            <span class="tip-box" node_ref=tip_box class:filled=move || shown.read().is_some()>
                <span role="tooltip" id=tip>
                    {move || shown.get()}
                </span>
                {move || {
                    more.and_then(|more| more.get())
                        .map(|address| view! { <a href=address>"Worked example"</a> })
                }}
            </span>
        </span>
    }
}
