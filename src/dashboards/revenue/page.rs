//! The page: one sentence, eight panels.

use leptos::prelude::*;

use super::panels::dunning::Dunning;
use super::panels::ltv_deciles::LtvDeciles;
use super::panels::quick_ratio::QuickRatio;
use super::panels::refunds::Refunds;
use super::panels::revenue_anomalies::{Finders, RevenueAnomalies};
use super::panels::revenue_plans::RevenuePlans;
use super::panels::revenue_retention::RevenueRetention;
use super::panels::waterfall::Waterfall;
use super::sentence;
use crate::components::browser::Screen;
use crate::dashboards::dashboard::Dashboard;
use crate::dashboards::executive::panels::movements::Movements;
use crate::dashboards::executive::panels::mrr::Mrr;
use crate::dashboards::learned::{use_fits, why_missing};
use crate::dashboards::pages::Page;
use crate::dashboards::rows::Rows;
use crate::dashboards::show::{show, use_source};
use crate::ml::Model;
use crate::state::Pipeline;

/// The Revenue deep-dive page.
#[component]
pub fn RevenuePage() -> impl IntoView {
    let pipeline = expect_context::<Pipeline>();
    let screen = expect_context::<Screen>();
    let is_narrow = move || screen.is_narrow.get();
    let forests = use_fits(Model::Anomalies);
    let finders = move || Finders {
        forests: forests.get(),
        is_truth_shown: pipeline.switches.get().truth,
    };
    let movements = use_source::<Movements>(|| ());
    let plans = use_source::<Mrr>(|| ());
    let retention = use_source::<RevenueRetention>(|| ());
    let dunning = use_source::<Dunning>(|| ());
    let refunds = use_source::<Refunds>(|| ());
    let days = use_source::<RevenueAnomalies>(finders);
    let deciles = use_source::<LtvDeciles>(|| ());
    let sentence = Signal::derive_local(move || match movements.rows.get() {
        Rows::Here(movements) => {
            sentence::page(&movements.rows, movements.as_of).unwrap_or_default()
        }
        Rows::Failed(_) => "Some figures could not be loaded. See the panels below.".to_owned(),
        Rows::Missing(why) => why.to_owned(),
        Rows::Waiting => "Building the company in this tab …".to_owned(),
    });
    let found_by = move || {
        let why = why_missing(pipeline, Model::Anomalies, "The Isolation Forest");
        (finders(), why)
    };

    view! {
        <Dashboard page=Page::Revenue sentence>
            <div class="grid">
                {show::<Waterfall>(movements, is_narrow)}
                {show::<RevenuePlans>(plans, || ())}
                {show::<RevenueRetention>(retention, || ())}
                {show::<QuickRatio>(movements, || ())}
                {show::<Dunning>(dunning, is_narrow)}
                {show::<Refunds>(refunds, || ())}
                {show::<RevenueAnomalies>(days, found_by)}
                {show::<LtvDeciles>(deciles, || ())}
            </div>
        </Dashboard>
    }
}
