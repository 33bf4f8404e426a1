//! Passing the page on: its link, and what the link holds in words.

use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_location;

use super::over::{Frame, Over};
use super::share_words::{Part, parts};
use crate::components::browser::{copy_text, site_path};
use crate::components::dialog::Dialog;
use crate::state::{Edits, Pipeline};

/// Opens the dialog, which copies the link.
#[component]
pub fn ShareButton() -> impl IntoView {
    let frame = expect_context::<Frame>();
    view! {
        <button
            class="text-button"
            data-testid="share"
            aria-haspopup="dialog"
            title="Copy the link to what is on screen"
            on:click=move |_| frame.over.set(Some(Over::Share))
        >
            "Share"
        </button>
    }
}

/// What the link of the page holds, followed.
pub(super) fn link_parts() -> Signal<Vec<Part>> {
    let pipeline = expect_context::<Pipeline>();
    let location = use_location();
    let site = site_path();
    Signal::derive(move || {
        let path = location.pathname.get();
        let path = path.strip_prefix(site.as_str()).unwrap_or_default();
        let query = location.search.get();
        pipeline.scenario.with(|scenario| {
            pipeline
                .filters
                .with(|filters| parts(path, &query, scenario, filters))
        })
    })
}

/// Whether the link lies on the clipboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Copied {
    NotYet,
    Yes,
    No,
}

/// Copies the link and says what it holds; where the browser refuses, the link stands there
/// selected.
#[component]
pub fn ShareDialog() -> impl IntoView {
    let frame = expect_context::<Frame>();
    let pipeline = expect_context::<Pipeline>();
    let address = window().location().href().unwrap_or_default();
    let held = link_parts();
    let copied = RwSignal::new(Copied::NotYet);
    let field = NodeRef::<Input>::new();
    let copy = {
        let address = address.clone();
        move || {
            let address = address.clone();
            spawn_local(async move {
                let outcome = if copy_text(&address).await {
                    Copied::Yes
                } else {
                    Copied::No
                };
                // The dialog may be closed by now.
                copied.try_set(outcome);
                if let Some(field) = field.try_get_untracked().flatten()
                    && outcome == Copied::No
                {
                    let _ = field.focus();
                    field.select();
                }
            });
        }
    };
    // Once the dialog is there: what it says is read out, what it selects can be selected.
    let first = copy.clone();
    field.on_load(move |_| request_animation_frame(first));
    let told = move || match copied.get() {
        Copied::NotYet => "",
        Copied::Yes => "Link copied.",
        Copied::No => "The browser blocked copying. The link is selected: press Ctrl+C or Cmd+C.",
    };
    let print = move || {
        let dataset = pipeline.dataset.get();
        dataset.map(|dataset| dataset.fingerprint.to_string())
    };
    let edits = move || match pipeline.edits.with(Edits::len) {
        0 => None,
        1 => {
            Some("One model is edited in this tab. The link does not include the edit.".to_owned())
        }
        many => Some(format!(
            "{many} models are edited in this tab. The link does not include the edits."
        )),
    };
    let variables = move || {
        let set = pipeline.edits.with(|edits| {
            let set = edits.vars().iter();
            let set: Vec<String> = set.map(|(var, value)| format!("{var} = {value}")).collect();
            set.join(", ")
        });
        (!set.is_empty()).then(|| format!("Set in this tab: {set}. The link does not include it."))
    };
    let list = move || {
        let parts = held.get().into_iter();
        let rows = parts.map(|(name, words)| view! { <dt>{name}</dt> <dd>{words}</dd> });
        rows.collect_view()
    };
    view! {
        <Dialog id="share-dialog" title="Share this page" on_close=Callback::new(move |()| frame.close())>
            <p class="share-told" role="status" data-testid="share-told">
                {told}
            </p>
            <div class="share-link">
                <input
                    node_ref=field
                    type="text"
                    readonly
                    aria-label="The link"
                    data-testid="share-link"
                    prop:value=address.clone()
                    on:focus=move |_| {
                        if let Some(field) = field.get_untracked() {
                            field.select();
                        }
                    }
                />
                <button class="button" data-testid="copy-again" on:click=move |_| copy()>
                    "Copy"
                </button>
            </div>
            <h3 class="share-heading">"This link opens"</h3>
            <dl class="share-parts" data-testid="share-parts">
                {list}
                {move || {
                    print()
                        .map(|print| {
                            view! {
                                <dt>"Rows"</dt>
                                <dd>
                                    "identical, dataset " <code>{print}</code>
                                </dd>
                            }
                        })
                }}
            </dl>
            {move || edits().map(|words| view! { <p class="share-not">{words}</p> })}
            {move || variables().map(|words| view! { <p class="share-not">{words}</p> })}
        </Dialog>
    }
}
