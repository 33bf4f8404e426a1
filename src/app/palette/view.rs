//! The palette: a field, and a list that the arrow keys go through.

use leptos::html::Ul;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use super::act::{use_act, use_dashboard};
use super::entries::{Entry, Here, entries};
use super::ranking::ranked;
use crate::app::over::{Frame, Over};
use crate::components::dialog::Dialog;
use crate::state::Pipeline;

/// Lines that Page Up and Page Down go by.
const PAGE_STEP: usize = 8;

/// Opens the palette.
#[component]
pub fn PaletteButton() -> impl IntoView {
    let frame = expect_context::<Frame>();
    view! {
        <button
            class="palette-button"
            data-testid="open-palette"
            aria-haspopup="dialog"
            aria-keyshortcuts="Control+K Meta+K"
            on:click=move |_| frame.over.set(Some(Over::Palette))
        >
            <span>"Find"</span>
            <kbd aria-hidden="true">"Ctrl K"</kbd>
        </button>
    }
}

/// Everything the page can do, by name.
#[component]
pub fn Palette() -> impl IntoView {
    let frame = expect_context::<Frame>();
    let pipeline = expect_context::<Pipeline>();
    let act = use_act();
    let dashboard = use_dashboard();
    // As things stand when it is opened; nothing changes behind it.
    let list = StoredValue::new(pipeline.filters.with_untracked(|filters| {
        pipeline.scenario.with_untracked(|scenario| {
            entries(&Here {
                dashboard: dashboard.get_untracked(),
                filters,
                scenario,
                is_truth_shown: pipeline.page_key("truth").get_untracked().is_some(),
            })
        })
    }));
    let (query, set_query) = signal(String::new());
    let found = Memo::new(move |_| list.with_value(|list| ranked(list, &query.get())));
    let (active, set_active) = signal(0_usize);
    let items = NodeRef::<Ul>::new();

    let go = move |index: usize| {
        set_active.set(index);
        request_animation_frame(move || {
            let Some(items) = items.try_get_untracked().flatten() else {
                return;
            };
            let option = items
                .query_selector("[aria-selected='true']")
                .ok()
                .flatten();
            if let Some(option) = option.and_then(|one| one.dyn_into::<HtmlElement>().ok()) {
                keep_in_sight(&items, &option);
            }
        });
    };
    let carry_out = move |place: usize| {
        let chosen = found.with_untracked(|found| found.get(place).copied());
        let command = chosen
            .and_then(|index| list.with_value(|list| list.get(index).map(|entry| entry.command)));
        if let Some(command) = command {
            frame.close();
            act(command);
        }
    };
    let on_key = move |event: KeyboardEvent| {
        let last = found.with_untracked(Vec::len).saturating_sub(1);
        let here = active.get_untracked();
        match event.key().as_str() {
            "ArrowDown" => go(if here >= last { 0 } else { here + 1 }),
            "ArrowUp" => go(if here == 0 { last } else { here - 1 }),
            "PageDown" => go((here + PAGE_STEP).min(last)),
            "PageUp" => go(here.saturating_sub(PAGE_STEP)),
            "Enter" if !event.is_composing() => carry_out(here),
            _ => return,
        }
        event.prevent_default();
    };
    let type_in = move |event| {
        set_query.set(event_target_value(&event));
        go(0);
    };
    let told = move || match found.with(Vec::len) {
        0 => "No results".to_owned(),
        1 => "1 result".to_owned(),
        many => format!("{many} results"),
    };
    let option = move |(place, index): (usize, usize)| {
        let Entry { name, hint, .. } = list.with_value(|list| list[index].clone());
        let is_key = hint.len() == 1;
        view! {
            <li
                role="option"
                id=format!("palette-{place}")
                aria-selected=move || (active.get() == place).to_string()
                on:pointermove=move |_| {
                    if active.get_untracked() != place {
                        set_active.set(place);
                    }
                }
                on:click=move |_| carry_out(place)
            >
                <span class="name">{name}</span>
                <span class="hint" class:key=is_key>
                    {hint}
                </span>
            </li>
        }
    };
    let options = move || {
        let found = found.get().into_iter().enumerate();
        found.map(option).collect_view()
    };
    view! {
        <Dialog
            id="palette"
            title="Find"
            class="palette"
            on_close=Callback::new(move |()| frame.close())
        >
            <input
                class="palette-field"
                autofocus
                type="text"
                role="combobox"
                placeholder="A page, a panel, a filter, a preset …"
                autocomplete="off"
                spellcheck="false"
                aria-label="Find a page, a panel, a filter, a preset, an export"
                aria-expanded="true"
                aria-controls="palette-list"
                aria-autocomplete="list"
                aria-activedescendant=move || {
                    (!found.read().is_empty()).then(|| format!("palette-{}", active.get()))
                }
                data-testid="palette-field"
                on:input=type_in
                on:keydown=on_key
            />
            <p class="palette-told label" role="status" data-testid="palette-told">
                {told}
            </p>
            <ul
                node_ref=items
                class="palette-list"
                id="palette-list"
                role="listbox"
                aria-label="Results"
                data-testid="palette-list"
            >
                {options}
            </ul>
            <p class="palette-foot label" aria-hidden="true">
                <kbd>"↑"</kbd>
                <kbd>"↓"</kbd>
                " choose "
                <kbd>"Enter"</kbd>
                " go "
                <kbd>"Esc"</kbd>
                " close "
                <kbd>"?"</kbd>
                " shortcuts"
            </p>
        </Dialog>
    }
}

/// Scrolls a list no further than it takes to show one of its lines.
fn keep_in_sight(list: &Element, line: &HtmlElement) {
    let (top, bottom) = (line.offset_top(), line.offset_top() + line.offset_height());
    if top < list.scroll_top() {
        list.set_scroll_top(top);
    } else if bottom > list.scroll_top() + list.client_height() {
        list.set_scroll_top(bottom - list.client_height());
    }
}
