//! Keys that act anywhere on the page; `super::shortcuts` lists them.

use leptos::ev::keydown;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement, KeyboardEvent};

use super::over::{Frame, Over};
use super::pages;
use super::palette::use_dashboard;
use super::shortcuts::are_single_keys_on;
use crate::dashboards::pages::Page;
use crate::workbench::page_keys::use_page_keys;

/// How long the second key may take, in milliseconds between the two presses, however late the page hears of them.
const SECOND_KEY_WITHIN_MS: f64 = 1500.0;

/// Listens for as long as the page lives; called once, below `<Router>`.
pub(super) fn listen(frame: Frame) {
    let keys = use_page_keys();
    let here = use_dashboard();
    let going_since_ms = StoredValue::new(None::<f64>);
    let listener = window_event_listener(keydown, move |event: KeyboardEvent| {
        let key = event.key();
        if (event.ctrl_key() || event.meta_key())
            && !event.alt_key()
            && key.eq_ignore_ascii_case("k")
        {
            // Browsers would go to their own search field.
            event.prevent_default();
            frame.over.update(|over| {
                *over = (*over != Some(Over::Palette)).then_some(Over::Palette);
            });
            return;
        }
        let has_modifier = event.ctrl_key() || event.meta_key() || event.alt_key();
        if has_modifier || event.is_composing() || is_taken(&event) || !are_single_keys_on() {
            return;
        }
        let pressed_ms = event.time_stamp();
        let since_ms = going_since_ms.get_value();
        going_since_ms.set_value(None);
        if since_ms.is_some_and(|since_ms| pressed_ms - since_ms <= SECOND_KEY_WITHIN_MS) {
            let page = pages::all().find(|page| key.chars().eq([page.key]));
            if let Some(page) = page {
                event.prevent_default();
                keys.open(page.route, &[("panel", "")]);
                return;
            }
        }
        match key.as_str() {
            "?" => frame.over.set(Some(Over::Shortcuts)),
            "/" => frame.over.set(Some(Over::Palette)),
            "s" => frame.over.set(Some(Over::Share)),
            "j" => step(here.get_untracked(), 1),
            "k" => step(here.get_untracked(), -1),
            "g" => {
                going_since_ms.set_value(Some(pressed_ms));
                return;
            }
            _ => return,
        }
        event.prevent_default();
    });
    on_cleanup(move || listener.remove());
}

/// Whether the key is meant for a field, an editor, or what is open over the page.
fn is_taken(event: &KeyboardEvent) -> bool {
    let target = event.composed_path().get(0).dyn_into::<HtmlElement>().ok();
    let takes_text = target.is_some_and(|target| {
        target.is_content_editable()
            || matches!(target.tag_name().as_str(), "TEXTAREA" | "SELECT")
            || target
                .dyn_ref::<HtmlInputElement>()
                // A box keeps the focus after a click, and letters mean nothing to it.
                .is_some_and(|input| !matches!(input.type_().as_str(), "checkbox" | "radio"))
    });
    takes_text || matches!(document().query_selector("dialog[open]"), Ok(Some(_)))
}

/// Goes to the next panel of a dashboard, or to the one before.
fn step(dashboard: Option<Page>, by: i32) {
    let panels: Vec<HtmlElement> = dashboard
        .map(Page::panels)
        .unwrap_or_default()
        .iter()
        .filter_map(|panel| {
            let element = document().get_element_by_id(&format!("panel-{}", panel.id))?;
            element.dyn_into().ok()
        })
        .collect();
    let active: Option<Element> = document().active_element();
    let here = panels.iter().position(|panel| {
        active
            .as_ref()
            .is_some_and(|active| panel.contains(Some(active)))
    });
    let last = panels.len().saturating_sub(1);
    let next = match (here, by > 0) {
        (None, true) => 0,
        (None, false) => last,
        (Some(here), true) => (here + 1).min(last),
        (Some(here), false) => here.saturating_sub(1),
    };
    if let Some(panel) = panels.get(next) {
        panel.scroll_into_view();
        let _ = panel.focus();
    }
}
