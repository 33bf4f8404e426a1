//! A window over the page that holds the keyboard until it is closed.

use leptos::html::Dialog as DialogElement;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// A modal dialog, open as long as it is mounted; Escape and its button close it.
#[component]
pub fn Dialog(
    /// Names it in test ids.
    #[prop(into)]
    id: String,
    /// Its heading.
    #[prop(into)]
    title: String,
    /// A class for its size.
    #[prop(optional)]
    class: &'static str,
    /// Called when the reader closes it.
    on_close: Callback<()>,
    /// What it holds.
    children: Children,
) -> impl IntoView {
    let element = NodeRef::<DialogElement>::new();
    Effect::new(move |_| {
        if let Some(dialog) = element.get() {
            // It is not open yet, so this can't fail; a browser without dialogs shows it in place.
            request_animation_frame(move || {
                if !dialog.open() && dialog.is_connected() {
                    let _ = dialog.show_modal();
                }
            });
        }
    });
    // A dialog that leaves the page does not give the keyboard back by itself.
    let before = document().active_element();
    let before = StoredValue::new_local(before);
    on_cleanup(move || {
        let Some(Some(element)) = before.try_get_value() else {
            return;
        };
        request_animation_frame(move || {
            let is_free = document()
                .active_element()
                .is_none_or(|active| active.tag_name() == "BODY");
            let element = element.dyn_into::<web_sys::HtmlElement>().ok();
            if let Some(element) = element.filter(|element| is_free && element.is_connected()) {
                let _ = element.focus();
            }
        });
    });
    let heading = format!("{id}-heading");
    let labelled_by = heading.clone();
    view! {
        <dialog
            node_ref=element
            class=format!("dialog {class}")
            data-testid=id
            aria-labelledby=labelled_by
            on:cancel=move |event: web_sys::Event| {
                event.prevent_default();
                on_close.run(());
            }
        >
            <header class="dialog-head">
                <h2 id=heading>{title}</h2>
                <button
                    class="text-button"
                    data-testid="close-dialog"
                    on:click=move |_| on_close.run(())
                >
                    "Close"
                </button>
            </header>
            <div class="dialog-body">{children()}</div>
        </dialog>
    }
}
