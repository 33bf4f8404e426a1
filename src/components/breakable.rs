//! Identifiers that break between their words.

use leptos::prelude::*;

/// An identifier, which may go on in the next line after each `_` and `.`: `int_marketing_touches`.
pub fn breakable(name: &str) -> impl IntoView + use<> {
    let parts = name.split_inclusive(['_', '.']).map(str::to_owned);
    let parts = parts.map(|part| view! { {part} <wbr /> });
    parts.collect_view()
}
