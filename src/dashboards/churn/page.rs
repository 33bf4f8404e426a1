//! The page: one sentence, six tiles, the terms, eleven panels.

use leptos::prelude::*;

use super::charts::{
    calibration, health, health_fate, health_parts, lead_time, lift, mrr_at_risk,
    risk_distribution, roc, savings,
};
use super::evaluation::Evaluation;
use super::list::AtRiskList;
use super::options::Terms;
use super::terms_form::TermsForm;
use super::tiles::{Figures, TILES, kpi};
use super::{answers, marks, panels, queries};
use crate::components::format::{ValueFormat, day};
use crate::components::kpi_tile::KpiTile;
use crate::dashboards::dashboard::Dashboard;
use crate::dashboards::fetched::Fetched;
use crate::dashboards::learned::use_learned_filtered_rows;
use crate::dashboards::panel::QueryPanel;
use crate::dashboards::rows::{FilteredRows, Rows, use_filtered_rows};
use crate::dashboards::spec::Page;
use crate::ml::Model;
use crate::results::churn::{
    AtRisk, HealthBin, HealthFate, HealthParts, LeadTime, PlanRisk, RiskBin, ScoreBin,
};
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
    let percent = Memo::new(move |_| terms.get().threshold_percent);
    let truth = Memo::new(move |_| pipeline.switches.get().truth);

    let scores = use_learned_filtered_rows::<ScoreBin>(Model::Churn, queries::scores);
    let oracle_scores = use_learned_filtered_rows::<ScoreBin>(Model::Churn, queries::oracle_scores);
    let risks = use_learned_filtered_rows::<RiskBin>(Model::Churn, queries::risk_distribution);
    let list = use_learned_filtered_rows::<AtRisk>(Model::Churn, move |filters| {
        queries::at_risk(filters, percent.get(), truth.get())
    });
    let plans = use_learned_filtered_rows::<PlanRisk>(Model::Churn, move |filters| {
        queries::mrr_at_risk(filters, percent.get())
    });
    let leads = use_learned_filtered_rows::<LeadTime>(Model::Churn, move |filters| {
        queries::lead_time(filters, percent.get())
    });
    let fates = use_learned_filtered_rows::<HealthFate>(Model::Churn, queries::health_fate);
    let healths = use_filtered_rows::<HealthBin>(queries::health);
    let parts = use_filtered_rows::<HealthParts>(queries::health_parts);

    let evaluation = evaluated(scores);
    let oracle = evaluated(oracle_scores);
    // The oracle's curve only where what is planted may be seen.
    let shown_oracle = Signal::derive_local(move || truth.get().then(|| oracle.get()).flatten());

    let sentence = Signal::derive_local(move || match risks.rows.get() {
        Rows::Here(risks) => answers::page(&risks.rows, &terms.get(), risks.filters.has_users())
            .unwrap_or_else(|| "No scored customers match these filters.".to_owned()),
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

    view! {
        <Dashboard page=Page::Churn sentence>
            <div class="tiles six">{tiles.collect_view()}</div>
            <TermsForm terms evaluation />
            <div class="grid">
                {QueryPanel::new(
                        &panels::AT_RISK,
                        list,
                        move |list| answers::at_risk(&list.rows, &terms.get()),
                    )
                    .caption(move |list| {
                        let told = truth.get().then(|| answers::fate(&list.rows)).flatten();
                        let reasons = list.rows.iter().any(|row| row.reason_1.is_some());
                        let why = (!reasons && !list.rows.is_empty())
                            .then(|| "Reasons are available for the latest date only.".to_owned());
                        let parts: Vec<String> = told.into_iter().chain(why).collect();
                        (!parts.is_empty()).then(|| parts.join(" "))
                    })
                    .marks(
                        move |list| marks::listed(list.rows.len(), &terms.get(), truth.get(), &list.filters),
                        |_, _| None,
                    )
                    .body(customers)
                    .view()}
                {QueryPanel::new(
                        &panels::RISK,
                        risks,
                        move |risks| answers::risk(&risks.rows, &terms.get()),
                    )
                    .caption(dated)
                    .chart(
                        ValueFormat::Count,
                        move |risks, theme| {
                            risk_distribution::chart(&risks.rows, percent.get(), theme)
                        },
                        move |risks, _, mark| {
                            risk_distribution::tooltip(&risks.rows, percent.get_untracked(), mark)
                        },
                    )
                    .marks(
                        move |risks| {
                            let columns = risk_distribution::columns(&risks.rows, percent.get());
                            marks::risks(&columns, &risks.filters)
                        },
                        |_, mark| Some(mark.index),
                    )
                    .view()}
                {QueryPanel::new(
                        &panels::MRR_AT_RISK,
                        plans,
                        |plans| answers::mrr_at_risk(&plans.rows),
                    )
                    .chart(
                        ValueFormat::Money,
                        |plans, theme| mrr_at_risk::chart(&plans.rows, theme),
                        |plans, theme, mark| mrr_at_risk::tooltip(&plans.rows, theme, mark),
                    )
                    .marks(
                        move |plans| marks::plans(&plans.rows, &terms.get(), &plans.filters),
                        |plans, mark| mrr_at_risk::row_at(&plans.rows, mark),
                    )
                    .view()}
                {QueryPanel::new(
                        &panels::THRESHOLD,
                        scores,
                        move |scores| {
                            let evaluation = Evaluation::new(&scores.rows)?;
                            answers::threshold(&evaluation, &terms.get())
                        },
                    )
                    .caption(|_| {
                        Some(
                            "Horizontal axis: risk threshold, %. Precision and recall run from 0 to 100% of the height."
                                .to_owned(),
                        )
                    })
                    .chart(
                        ValueFormat::Money,
                        move |scores, theme| {
                            let evaluation = Evaluation::new(&scores.rows).unwrap_or_default();
                            savings::chart(&evaluation, &terms.get(), theme)
                        },
                        move |scores, theme, mark| {
                            let evaluation = Evaluation::new(&scores.rows)?;
                            savings::tooltip(&evaluation, &terms.get_untracked(), theme, mark)
                        },
                    )
                    .marks(
                        move |scores| {
                            Evaluation::new(&scores.rows)
                                .map(|evaluation| {
                                    marks::threshold(&evaluation, &terms.get(), &scores.filters)
                                })
                                .unwrap_or_default()
                        },
                        |_, _| Some(0),
                    )
                    .view()}
                {QueryPanel::new(
                        &panels::ROC,
                        scores,
                        move |scores| {
                            let evaluation = Evaluation::new(&scores.rows)?;
                            answers::roc(&evaluation, shown_oracle.get().as_ref())
                        },
                    )
                    .caption(move |_| {
                        truth.get().then(|| "Dashed: an oracle that knows the planted hazards.".to_owned())
                    })
                    .people("customers who churned", churned)
                    .chart(
                        ValueFormat::Percent,
                        move |scores, theme| {
                            let evaluation = Evaluation::new(&scores.rows).unwrap_or_default();
                            let oracle = shown_oracle.get();
                            roc::chart(&evaluation, oracle.as_ref(), percent.get(), theme)
                        },
                        |scores, theme, mark| {
                            roc::tooltip(&Evaluation::new(&scores.rows)?, theme, mark)
                        },
                    )
                    .view()}
                {QueryPanel::new(
                        &panels::CALIBRATION,
                        scores,
                        |scores| answers::calibration(&Evaluation::new(&scores.rows)?),
                    )
                    .chart(
                        ValueFormat::Percent,
                        |scores, theme| {
                            let evaluation = Evaluation::new(&scores.rows).unwrap_or_default();
                            calibration::chart(&evaluation, theme)
                        },
                        |scores, theme, mark| {
                            calibration::tooltip(&Evaluation::new(&scores.rows)?, theme, mark)
                        },
                    )
                    .view()}
                {QueryPanel::new(
                        &panels::LIFT,
                        scores,
                        |scores| answers::lift(&Evaluation::new(&scores.rows)?),
                    )
                    .caption(|_| Some("Horizontal axis: deciles, highest risk first. The line is chance.".to_owned()))
                    .people("customers who churned", churned)
                    .chart(
                        ValueFormat::Ratio,
                        |scores, theme| {
                            let evaluation = Evaluation::new(&scores.rows).unwrap_or_default();
                            lift::chart(&evaluation, theme)
                        },
                        |scores, theme, mark| {
                            lift::tooltip(&Evaluation::new(&scores.rows)?, theme, mark)
                        },
                    )
                    .view()}
                {QueryPanel::new(
                        &panels::LEAD_TIME,
                        leads,
                        |leads| answers::lead_time(&leads.rows),
                    )
                    .caption(|_| {
                        Some(
                            "Scored every 30 days by a model that had not seen these customers’ outcomes."
                                .to_owned(),
                        )
                    })
                    .chart(
                        ValueFormat::Count,
                        |leads, theme| lead_time::chart(&leads.rows, theme),
                        |leads, _, mark| lead_time::tooltip(&leads.rows, mark),
                    )
                    .marks(
                        move |leads| marks::leads(&leads.rows, &terms.get(), &leads.filters),
                        |_, mark| Some(mark.index),
                    )
                    .view()}
                {QueryPanel::new(
                        &panels::HEALTH_FATE,
                        fates,
                        move |fates| answers::health_fate(&fates.rows, evaluation.get().as_ref()),
                    )
                    .caption(|_| Some("Horizontal axis: health score at the time, in tens of points, from what was known then.".to_owned()))
                    .people("customers", |fates| fates.rows.iter().map(|row| row.customers).collect())
                    .chart(
                        ValueFormat::Percent,
                        |fates, theme| health_fate::chart(&fates.rows, theme),
                        |fates, theme, mark| health_fate::tooltip(&fates.rows, theme, mark),
                    )
                    .marks(
                        |fates| marks::fates(&fates.rows, &fates.filters),
                        |_, mark| Some(mark.index),
                    )
                    .view()}
                {QueryPanel::new(
                        &panels::HEALTH,
                        healths,
                        |healths| answers::health(&healths.rows),
                    )
                    .caption(now)
                    .chart(
                        ValueFormat::Count,
                        |healths, theme| health::chart(&healths.rows, theme),
                        |healths, theme, mark| health::tooltip(&healths.rows, theme, mark),
                    )
                    .marks(
                        |healths| marks::health(&healths.rows, &healths.filters),
                        |healths, mark| health::row_at(&healths.rows, mark),
                    )
                    .view()}
                {QueryPanel::new(
                        &panels::HEALTH_PARTS,
                        parts,
                        |parts| answers::health_parts(&parts.rows),
                    )
                    .caption(now)
                    .people("customers", |parts| parts.rows.iter().map(|row| row.customers).collect())
                    .chart(
                        ValueFormat::Ratio,
                        |parts, theme| health_parts::chart(&parts.rows, theme),
                        |parts, theme, mark| health_parts::tooltip(&parts.rows, theme, mark),
                    )
                    .marks(
                        |parts| marks::health_parts(&parts.rows, &parts.filters),
                        |_, mark| mark.series,
                    )
                    .view()}
            </div>
        </Dashboard>
    }
}

/// The scores as an evaluation; nothing while there are none.
fn evaluated(scores: FilteredRows<ScoreBin>) -> Signal<Option<Evaluation>, LocalStorage> {
    Signal::derive_local(move || Evaluation::new(&scores.here()?.rows))
}

/// Customers who churned, behind every mark of an evaluation.
fn churned(scores: &Fetched<ScoreBin>) -> Vec<i64> {
    let evaluation = Evaluation::new(&scores.rows);
    evaluation.map(|one| one.churned).into_iter().collect()
}

/// Says from which day on the risks count.
fn dated(risks: &Fetched<RiskBin>) -> Option<String> {
    let snapshot = risks.rows.first()?.snapshot;
    Some(format!(
        "Horizontal axis: risk of leaving in the 90 days from {}, %.",
        day(snapshot)
    ))
}

/// Says which day is meant where the range does not act.
fn now<R>(fetched: &Fetched<R>) -> Option<String> {
    Some(format!("As of {}.", day(fetched.as_of)))
}
