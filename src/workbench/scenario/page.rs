//! The page: presets, form, and the run beside it.

use std::time::Duration;

use leptos::leptos_dom::helpers::debounce;
use leptos::prelude::*;
use leptos_meta::Title;

use super::form::{ParameterForm, Presets, count_changes};
use super::kept::KeptView;
use super::run::{EstimateView, RunView};
use crate::components::browser::site_address;
use crate::parameters::Scenario;
use crate::state::Pipeline;

/// How long after the last change a run starts.
const PAUSE: Duration = Duration::from_millis(400);

/// The Scenario page.
#[component]
pub fn ScenarioPage() -> impl IntoView {
    let pipeline = expect_context::<Pipeline>();
    // What is being edited, until it is in the URL.
    let draft = RwSignal::new(None::<Scenario>);
    let scenario = Signal::derive(move || draft.get().unwrap_or_else(|| pipeline.scenario.get()));
    let commit = StoredValue::new_local(debounce(PAUSE, move |()| {
        if let Some(scenario) = draft.try_get_untracked().flatten() {
            pipeline.set_scenario(&scenario);
            draft.set(None);
        }
    }));
    let on_change = Callback::new(move |changed: Scenario| {
        draft.set(Some(changed));
        commit.update_value(|commit| commit(()));
    });
    let sentence = move || {
        scenario.with(|scenario| {
            let changes = count_changes(scenario);
            let company = scenario.base().label();
            match changes {
                0 => format!(
                    "{company}, with default settings. Change any value and the data is rebuilt."
                ),
                1 => format!("{company}, with one change."),
                more => format!("{company}, with {more} changes."),
            }
        })
    };
    let link = move || {
        let query = scenario.with(Scenario::to_query);
        let site = site_address();
        if query.is_empty() {
            site
        } else {
            format!("{site}?{query}")
        }
    };
    view! {
        <Title text="Scenario · MetricFlow" />
        <header class="page-head">
            <p class="label">"Scenario"</p>
            <h1 class="page-sentence" data-testid="page-sentence">{sentence}</h1>
        </header>
        <Presets scenario on_change />
        <div class="scenario-layout">
            <ParameterForm scenario on_change />
            <div class="run-panel">
                <RunView />
                <EstimateView scenario />
                <KeptView />
                <section aria-label="Link">
                    <h2>"Link to this data"</h2>
                    <code class="link-preview" data-testid="link-preview">{link}</code>
                </section>
            </div>
        </div>
    }
}
