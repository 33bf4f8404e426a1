//! The list of shortcuts, and whether single keys do anything.

use leptos::prelude::*;

use super::over::Frame;
use super::pages;
use crate::components::dialog::Dialog;

const STORAGE_KEY: &str = "metricflow-single-keys";

/// Keys that act anywhere but in fields, and what they do; `super::keys` acts on them.
const KEYS: &[(&str, &str)] = &[
    ("?", "List the shortcuts"),
    ("/", "Find anything"),
    ("j", "Next panel"),
    ("k", "Previous panel"),
    ("s", "Share this page"),
];

/// Whether keys without Ctrl or Cmd act; kept in this browser. Those who speak to their computer
/// would set them off by accident (WCAG 2.1.4).
pub(super) fn are_single_keys_on() -> bool {
    let storage = window().local_storage().ok().flatten();
    let saved = storage.and_then(|storage| storage.get_item(STORAGE_KEY).ok().flatten());
    saved.as_deref() != Some("off")
}

fn switch_single_keys(is_on: bool) {
    if let Some(storage) = window().local_storage().ok().flatten() {
        // Storage may be forbidden or full; the keys then stay as they were.
        let _ = storage.set_item(STORAGE_KEY, if is_on { "on" } else { "off" });
    }
}

fn row(keys: AnyView, words: &'static str) -> impl IntoView {
    view! {
        <tr>
            <th scope="row">{keys}</th>
            <td>{words}</td>
        </tr>
    }
}

/// Every shortcut there is.
#[component]
pub fn ShortcutsDialog() -> impl IntoView {
    let frame = expect_context::<Frame>();
    let single = KEYS
        .iter()
        .map(|(key, words)| row(view! { <kbd>{*key}</kbd> }.into_any(), words));
    let goes = pages::all().map(|page| {
        let key = page.key.to_string();
        row(
            view! { <kbd>"g"</kbd> " " <kbd>{key}</kbd> }.into_any(),
            page.name,
        )
    });
    let (is_on, set_on) = signal(are_single_keys_on());
    let switch = move |event| {
        let wanted = event_target_checked(&event);
        switch_single_keys(wanted);
        set_on.set(wanted);
    };
    view! {
        <Dialog id="shortcuts" title="Shortcuts" on_close=Callback::new(move |()| frame.close())>
            <div class="shortcut-columns">
                <table class="shortcuts">
                    <caption>"Anywhere"</caption>
                    <tbody>
                        {row(
                            view! { <kbd>"Ctrl"</kbd> " or " <kbd>"Cmd"</kbd> " " <kbd>"K"</kbd> }
                                .into_any(),
                            "Find anything",
                        )}
                        {row(view! { <kbd>"Esc"</kbd> }.into_any(), "Close dialog")}
                        {single.collect_view()}
                    </tbody>
                </table>
                <table class="shortcuts">
                    <caption>"In sequence"</caption>
                    <tbody>{goes.collect_view()}</tbody>
                </table>
            </div>
            <label class="check single-keys">
                <input
                    type="checkbox"
                    data-testid="single-keys"
                    prop:checked=is_on
                    on:change=switch
                />
                <span>"Enable single-key shortcuts"</span>
            </label>
        </Dialog>
    }
}
