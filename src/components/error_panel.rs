//! What failed, what still works, what to do.

use leptos::prelude::*;

/// A failure, said plainly.
#[component]
pub fn ErrorPanel(
    /// What failed, as a sentence.
    #[prop(into)]
    what: String,
    /// The engine's own words.
    #[prop(into)]
    message: String,
    /// What still works and what to do, as sentences.
    #[prop(into)]
    advice: String,
    /// What the reader may do here.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="error-panel" role="alert">
            <strong>{what}</strong>
            <pre>{message}</pre>
            <span>{advice}</span>
            {children.map(|children| view! { <div>{children()}</div> })}
        </div>
    }
}
