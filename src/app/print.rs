//! The page on paper: light, and with a line on top that says what is seen.
//!
//! The rest is `public/css/print.css`, and charts redraw themselves (`components::chart`).

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;

use super::share::link_parts;
use super::theme_switch::Choice;
use crate::state::Pipeline;

/// Switches to the light theme for as long as the page is printed.
///
/// Must be called before any chart is made: charts ask for the theme when they hear the same event.
pub(super) fn follow() {
    let choice = expect_context::<Choice>();
    let on = |event: &str, is_printing: bool| {
        let listener = Closure::<dyn FnMut()>::new(move || choice.is_printing.set(is_printing));
        let heard =
            window().add_event_listener_with_callback(event, listener.as_ref().unchecked_ref());
        if heard.is_ok() {
            // It lives as long as the page.
            listener.forget();
        }
    };
    on("beforeprint", true);
    on("afterprint", false);
}

/// What a reader of paper can't see in the address bar; on paper only.
#[component]
pub fn PrintLine() -> impl IntoView {
    let pipeline = expect_context::<Pipeline>();
    let held = link_parts();
    let words = move || {
        let kept = |name: &str| matches!(name, "Scenario" | "Days" | "Filters" | "Choices");
        let parts = held.get().into_iter().filter(|(name, _)| kept(name));
        let parts: Vec<String> = parts
            .map(|(name, words)| format!("{name}: {words}"))
            .collect();
        parts.join(" · ")
    };
    let dataset = move || {
        let dataset = pipeline.dataset.get()?;
        Some(format!("Dataset {}", dataset.fingerprint))
    };
    view! {
        <div class="print-line" aria-hidden="true" data-testid="print-line">
            <strong>"MetricFlow"</strong>
            <span>{words}</span>
            <span>{dataset}</span>
        </div>
    }
}
