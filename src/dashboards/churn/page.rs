//! The page: one sentence, six tiles, the terms, eleven panels.

use leptos::prelude::*;

use super::evaluation::Evaluation;
use super::list::AtRiskList;
use super::options::{Terms, ThresholdPercent};
use super::panels::at_risk::{self, Asked, AtRisk};
use super::panels::calibration::Calibration;
use super::panels::health::Health;
use super::panels::health_fate::{self, HealthFate};
use super::panels::health_parts::{self, HealthParts};
use super::panels::lead_time::LeadTime;
use super::panels::lift::Lift;
use super::panels::mrr_at_risk::MrrAtRisk;
use super::panels::risk::Risk;
use super::panels::roc::{Beside, Roc};
use super::panels::threshold::Threshold;
use super::scores::{Scorer, Scores, churned};
use super::sentence;
use super::terms_form::TermsForm;
use super::tiles::{Figures, TILES, kpi};
use crate::components::kpi_tile::KpiTile;
use crate::dashboards::dashboard::Dashboard;
use crate::dashboards::pages::Page;
use crate::dashboards::panel::QueryPanel;
use crate::dashboards::rows::{FilteredRows, Rows};
use crate::dashboards::show::{declared, show, use_source};
use crate::results::churn::ScoreBin;
use crate::state::Pipeline;

/// The Churn early warning page.
#[component]
pub fn ChurnPage() -> impl IntoView {
    let pipeline = expect_context::<Pipeline>();
    let keys = ["threshold", "cost", "save", "value"].map(|key| (key, pipeline.page_key(key)));
    let terms = Memo::new(move |_| {
        let given: Vec<(&str, Option<String>)> =
            keys.iter().map(|(key, memo)| (*key, memo.get())).collect();
        Terms::from_keys(|name| {
            let pair = given.iter().find(|(key, _)| *key == name);
            pair.and_then(|(_, value)| value.as_deref())
        })
    });
    let threshold = Memo::new(move |_| ThresholdPercent(terms.get().threshold_percent));
    let truth = Memo::new(move |_| pipeline.switches.get().truth);
    let asked = move || Asked {
        threshold: threshold.get(),
        has_truth: truth.get(),
    };

    let scores = use_source::<Scores>(|| Scorer::Model);
    let oracle_scores = use_source::<Scores>(|| Scorer::Oracle);
    let risks = use_source::<Risk>(|| ());
    let list = use_source::<AtRisk>(asked);
    let plans = use_source::<MrrAtRisk>(move || threshold.get());
    let leads = use_source::<LeadTime>(move || threshold.get());
    let fates = use_source::<HealthFate>(|| ());
    let healths = use_source::<Health>(|| ());
    let parts = use_source::<HealthParts>(|| ());

    let evaluation = evaluated(scores);
    let oracle = evaluated(oracle_scores);
    let beside = move || Beside {
        threshold: threshold.get(),
        is_truth_shown: truth.get(),
        oracle: truth.get().then(|| oracle.get()).flatten(),
    };

    let sentence = Signal::derive_local(move || match risks.rows.get() {
        Rows::Here(risks) => {
            sentence::page(&risks.rows, threshold.get().0, risks.filters.has_users())
                .unwrap_or_else(|| "No scored customers match these filters.".to_owned())
        }
        Rows::Failed(_) => "The risks could not be loaded. See the panels below.".to_owned(),
        Rows::Missing(why) => why.to_owned(),
        Rows::Waiting => "The model is training.".to_owned(),
    });
    let tiles = TILES.iter().map(move |tile| {
        let kpi = Signal::derive_local(move || {
            let risks = risks.here()?;
            let evaluation = evaluation.get();
            let terms = terms.get();
            let figures = Figures {
                list: &risks.rows,
                evaluation: evaluation.as_ref(),
                terms: &terms,
            };
            kpi(tile, &figures)
        });
        view! { <KpiTile id=tile.id label=tile.label definition=tile.definition kpi /> }
    });
    let listed = Signal::derive_local(move || list.here());
    let customers = move || view! { <AtRiskList fetched=listed truth /> }.into_any();
    let to_call = move || {
        QueryPanel::new(&AtRisk::SPEC, list, move |list| {
            at_risk::sentence(&list.rows, threshold.get().0)
        })
        .caption(move |list| at_risk::caption(&list.rows, truth.get()))
        .marks(
            move |list| vec![at_risk::listed(&list.rows, asked(), &list.filters)],
            |_, _| None,
        )
        .body(customers)
        .view()
    };

    view! {
        <Dashboard page=Page::Churn sentence>
            <div class="tiles six">{tiles.collect_view()}</div>
            <TermsForm terms evaluation />
            <div class="grid">
                {to_call()}
                {show::<Risk>(risks, move || threshold.get())}
                {show::<MrrAtRisk>(plans, move || threshold.get())}
                {show::<Threshold>(scores, move || terms.get())}
                {declared::<Roc>(scores, beside).people("customers who churned", churned).view()}
                {show::<Calibration>(scores, || ())}
                {declared::<Lift>(scores, || ()).people("customers who churned", churned).view()}
                {show::<LeadTime>(leads, move || threshold.get())}
                {declared::<HealthFate>(fates, move || evaluation.get())
                    .people("customers", health_fate::people)
                    .view()}
                {show::<Health>(healths, || ())}
                {declared::<HealthParts>(parts, || ())
                    .people("customers", health_parts::people)
                    .view()}
            </div>
        </Dashboard>
    }
}

/// The scores as an evaluation; nothing while there are none.
fn evaluated(scores: FilteredRows<ScoreBin>) -> Signal<Option<Evaluation>, LocalStorage> {
    Signal::derive_local(move || Evaluation::new(&scores.here()?.rows))
}
