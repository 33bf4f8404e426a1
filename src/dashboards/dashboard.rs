//! What all six dashboards share: the page's sentence, the filters, the grid.

use leptos::prelude::*;
use leptos_meta::Title;

use super::filter_bar::FilterBar;
use super::spec::Page;
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
        <header class="page-head">
            <p class="label">{page.title()}</p>
            <h1 class="page-sentence" data-testid="page-sentence">
                {sentence}
            </h1>
        </header>
        <FilterBar />
        <div class:stale=is_stale data-testid="dashboard">
            {children()}
        </div>
    }
}
