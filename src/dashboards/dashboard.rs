//! What all six dashboards share: the filters, the page's sentence, the grid.

use leptos::prelude::*;
use leptos_meta::Title;

use super::filter_bar::FilterBar;
use super::pages::Page;
use crate::state::{Dataset, Phase, Pipeline};

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
        // Raw rows that are made again change no figure.
        let running = pipeline.status.with(|status| {
            let is_changing = status.phase == Phase::Running && !status.is_making_rows;
            is_changing.then_some(status.revision)
        });
        pipeline.dataset.with(|dataset| {
            let is_opened = |one: &Dataset| one.is_from_device() && running == Some(one.revision);
            running.is_some() && dataset.as_ref().is_some_and(|one| !is_opened(one))
        })
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
