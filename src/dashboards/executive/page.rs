//! The page: one sentence, seven tiles, five panels.

use leptos::prelude::*;

use super::driver_tree::DriverTree;
use super::panels::active_users::{ActiveUsers, Forecast};
use super::panels::drivers::{self, Drivers};
use super::panels::headline::Headline;
use super::panels::movements::Movements;
use super::panels::mrr::{Mrr, Unusual, UnusualDays};
use super::panels::signups::Signups;
use super::sentence;
use super::tiles::{TILES, kpi};
use crate::components::kpi_tile::KpiTile;
use crate::dashboards::compared::Against;
use crate::dashboards::dashboard::Dashboard;
use crate::dashboards::learned::{use_fits, why_missing};
use crate::dashboards::pages::Page;
use crate::dashboards::panel::QueryPanel;
use crate::dashboards::rows::Rows;
use crate::dashboards::show::{show, use_source};
use crate::ml::Model;
use crate::parameters::Parameter;
use crate::state::Pipeline;

/// The Executive growth page.
#[component]
pub fn ExecutivePage() -> impl IntoView {
    let pipeline = expect_context::<Pipeline>();
    let headline = use_source::<Headline>(|| ());
    let plans = use_source::<Mrr>(|| ());
    let unusual = use_source::<UnusualDays>(|| ());
    let movements = use_source::<Movements>(|| ());
    let forecasts = use_fits(Model::Forecast);
    let active = use_source::<ActiveUsers>(move || forecasts.get());
    let signups = use_source::<Signups>(|| ());
    let drivers = use_source::<Drivers>(|| ());

    let sentence =
        Signal::derive_local(move || match (headline.rows.get(), movements.rows.get()) {
            (Rows::Here(headline), Rows::Here(movements)) => {
                let against = Against::of(&headline.filters);
                sentence::page(&headline.rows, &movements.rows, against, headline.as_of)
                    .unwrap_or_default()
            }
            (Rows::Failed(_), _) | (_, Rows::Failed(_)) => {
                "Some figures could not be loaded. See the panels below.".to_owned()
            }
            (Rows::Missing(why), _) | (_, Rows::Missing(why)) => why.to_owned(),
            _ => "Building the company in this tab …".to_owned(),
        });
    let tiles = TILES.iter().map(move |tile| {
        let kpi = Signal::derive_local(move || {
            let headline = headline.here()?;
            let against = Against::of(&headline.filters);
            kpi(tile, &headline.rows, against, headline.as_of)
        });
        // With the values of vars that the figures were made with.
        let definition = Signal::derive(move || {
            let dataset = pipeline.dataset.read();
            let told = dataset
                .as_ref()
                .map(|one| one.manifest().with_values(tile.definition));
            told.unwrap_or_default()
        });
        view! { <KpiTile id=tile.id label=tile.label definition kpi /> }
    });
    let unusual = move || Unusual {
        days: unusual
            .here()
            .map(|days| days.rows.clone())
            .unwrap_or_default(),
        why_missing: why_missing(pipeline, Model::Anomalies, "The search for unusual days"),
    };
    // Of the company that is shown: a run that was cancelled leaves another in the link.
    let planted_churn = move || {
        pipeline.shown.with(|dataset| {
            let scenario = &dataset.as_ref()?.scenario;
            Some(scenario.text(Parameter::MonthlyChurn))
        })
    };
    let forecast = move || Forecast {
        why_missing: why_missing(pipeline, Model::Forecast, "The forecast"),
        coverage: pipeline.learning.with(|learning| {
            let fit = learning.of(Model::Forecast);
            fit.card()?.score("coverage").map(|score| score.value)
        }),
    };
    let tree = move || {
        (move || {
            let drivers = drivers.here()?;
            Some(view! { <DriverTree days=drivers.rows.clone() /> })
        })
        .into_any()
    };

    view! {
        <Dashboard page=Page::Executive sentence>
            <div class="tiles">{tiles.collect_view()}</div>
            <div class="grid">
                {show::<Mrr>(plans, unusual)}
                {show::<Movements>(movements, planted_churn)}
                {show::<ActiveUsers>(active, forecast)}
                {show::<Signups>(signups, || ())}
                {QueryPanel::new(&Drivers::SPEC, drivers, |days| drivers::sentence(&days.rows))
                    .caption(|days| drivers::caption(&days.filters))
                    .body(tree)
                    .view()}
            </div>
        </Dashboard>
    }
}
