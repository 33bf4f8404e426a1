//! The page: one sentence, five panels.

use leptos::prelude::*;

use super::cohort_heatmap::{count, height};
use super::options::{Grain, Mode, OnScreen, RetentionOptions, Revenue};
use super::panels::cohorts::{self, Cohorts};
use super::panels::lifecycle::Lifecycle;
use super::panels::retention_curves::RetentionCurves;
use super::panels::revenue_cohorts::{self, RevenueCohorts};
use super::panels::survival::Survival;
use super::sentence;
use crate::components::browser::Screen;
use crate::dashboards::choice::Choice;
use crate::dashboards::dashboard::Dashboard;
use crate::dashboards::fetched::Fetched;
use crate::dashboards::pages::Page;
use crate::dashboards::rows::Rows;
use crate::dashboards::show::{declared, show, use_source};
use crate::results::retention::SegmentPeriod;
use crate::state::Pipeline;
use crate::state::filters::Dimension;

/// The Retention intelligence page.
#[component]
pub fn RetentionPage() -> impl IntoView {
    let screen = expect_context::<Screen>();
    let options = use_options();
    // In the order they are asked: what takes longest to draw first, so that the engine answers meanwhile.
    let revenues = use_source::<RevenueCohorts>(|| ());
    let cells = use_source::<Cohorts>(move || options.get());
    let curves = use_source::<RetentionCurves>(move || options.get());
    let split = Signal::derive(move || options.get().by);
    let spells = use_source::<Survival>(|| ());
    let states = use_source::<Lifecycle>(|| ());

    let sentence = Signal::derive_local(move || match (cells.rows.get(), states.rows.get()) {
        (Rows::Here(cells), Rows::Here(states)) => {
            let said = sentence::page(&cells.rows, &states.rows, &options.get_untracked());
            said.unwrap_or_else(|| "No cohort has been observed long enough for a rate.".to_owned())
        }
        (Rows::Failed(_), _) | (_, Rows::Failed(_)) => {
            "Some figures could not be loaded. See the panels below.".to_owned()
        }
        (Rows::Missing(why), _) | (_, Rows::Missing(why)) => why.to_owned(),
        _ => "Building the company in this tab …".to_owned(),
    });
    let cohorts = move || {
        cells
            .here()
            .map_or(0, |here| count(&cohorts::observed(&here.rows)))
    };
    let revenue_cohorts = move || {
        let observed = |rows: &[_]| revenue_cohorts::observed(rows, Revenue::Net);
        revenues
            .here()
            .map_or(0, |here| count(&observed(&here.rows)))
    };
    // Rows of older choices stay until those of the new ones are here, and are told as what they are.
    let asked = move || options.get_untracked();
    let on_screen = move || OnScreen {
        chosen: asked(),
        is_narrow: screen.is_narrow.get(),
    };
    // The rows hold both revenues: a choice is drawn at once.
    let of_revenue = move || OnScreen {
        chosen: options.get(),
        is_narrow: screen.is_narrow.get(),
    };
    let people = |curves: &Fetched<SegmentPeriod>| {
        curves
            .rows
            .iter()
            .map(|row| row.retention().whole)
            .collect()
    };

    view! {
        <Dashboard page=Page::Retention sentence>
            <Choices />
            <div class="grid">
                <div class="sized" style:--chart-height=move || height(cohorts())>
                    {show::<Cohorts>(cells, on_screen)}
                </div>
                {declared::<RetentionCurves>(curves, asked)
                    .by(split)
                    .people("people", people)
                    .view()}
                {show::<Survival>(spells, || ())}
                {show::<Lifecycle>(states, || ())}
                <div class="sized" style:--chart-height=move || height(revenue_cohorts())>
                    {show::<RevenueCohorts>(revenues, of_revenue)}
                </div>
            </div>
        </Dashboard>
    }
}

/// What the URL chooses, as it changes.
fn use_options() -> Memo<RetentionOptions> {
    let pipeline = expect_context::<Pipeline>();
    let keys = ["grain", "mode", "by", "revenue"].map(|key| (key, pipeline.page_key(key)));
    let value = move |key| keys.iter().find(|(one, _)| *one == key)?.1.get();
    Memo::new(move |_| RetentionOptions::read(value))
}

/// What can be chosen besides the filters.
#[component]
fn Choices() -> impl IntoView {
    let usual = RetentionOptions::default();
    let splits = Dimension::ALL.map(|one| (one.key(), one.label().to_owned()));
    view! {
        <div class="pick-bar" data-testid="choices">
            <Choice label="Cohorts" key="grain" options=Grain::buttons() usual=usual.grain.key() />
            <Choice label="Came back" key="mode" options=Mode::buttons() usual=usual.mode.key() />
            <Choice label="Break down by" key="by" options=splits.to_vec() usual=usual.by.key() />
            <Choice label="Revenue" key="revenue" options=Revenue::buttons() usual=usual.revenue.key() />
        </div>
    }
}
