//! What all six dashboards share: the filters, the page's sentence, the grid.

use leptos::prelude::*;
use leptos_meta::Title;

use super::filter_bar::FilterBar;
use super::pages::Page;
use crate::state::{Phase, Pipeline};

/// A dashboard: its heading, its filters, and `children` below, dimmed while a run is under way.
#[component]
pub fn Dashboard(
    /// Which one it is.
    page: Page,
    /// The sentence that sums the page up.
    #[prop(into)]
    sentence: Signal<String, LocalStorage>,
    /// Its tiles and panels.
    children: Children,
) -> impl IntoView {
    let pipeline = expect_context::<Pipeline>();
    let is_stale = move || {
        let is_running = pipeline
            .status
            .with(|status| status.phase == Phase::Running);
        is_running && pipeline.dataset.with(Option::is_some)
    };
    view! {
        <Title text=format!("{} · MetricFlow", page.title()) />
        <p class="label page-name">{page.title()}</p>
        // Above the sentence: its lines come and go with what is chosen, and would move the menu under
        // the reader's pointer.
        <FilterBar />
        <header class="page-head">
            <h1 class="page-sentence" data-testid="page-sentence">
                {sentence}
            </h1>
        </header>
        <div
            class:stale=is_stale
            class:nothing=move || pipeline.why_no_data().is_some()
            data-testid="dashboard"
        >
            {children()}
        </div>
    }
}
