//! The page: one sentence, seven tiles, five panels.

use leptos::prelude::*;

use super::charts::{active_users, mrr_by_plan, mrr_movements, signups_by_channel};
use super::driver_tree::DriverTree;
use super::tiles::{TILES, kpi};
use super::{answers, marks, panels, queries};
use crate::components::format::{ValueFormat, day, share};
use crate::components::kpi_tile::KpiTile;
use crate::dashboards::compared::{Against, period_words, told};
use crate::dashboards::dashboard::Dashboard;
use crate::dashboards::learned::{use_fits, use_learned_filtered_rows, why_missing};
use crate::dashboards::notes::Subject;
use crate::dashboards::panel::QueryPanel;
use crate::dashboards::remarks::{joined, of_all};
use crate::dashboards::rows::{
    Fetched, Rows, use_compared_rows, use_filtered_rows, use_rows_compared_on,
};
use crate::dashboards::spec::Page;
use crate::ml::Model;
use crate::parameters::Parameter;
use crate::results::executive::{
    ActiveUsersDay, AudienceDay, ChannelSignups, ForecastDay, HeadlineMonth, MovementMonth,
    NorthStarDay, PlanMonth, UnusualDay,
};
use crate::results::periods::Grain;
use crate::state::Pipeline;
use crate::state::filters::{Basis, Dimension};

/// The Executive growth page.
#[component]
pub fn ExecutivePage() -> impl IntoView {
    let pipeline = expect_context::<Pipeline>();
    let headline = use_filtered_rows::<HeadlineMonth>(queries::headline);
    let plans = use_rows_compared_on::<PlanMonth>(Basis::MonthEnds, queries::mrr_by_plan);
    let unusual = use_learned_filtered_rows::<UnusualDay>(Model::Anomalies, queries::unusual_days);
    let movements =
        use_rows_compared_on::<MovementMonth>(Basis::WholeMonths, queries::mrr_movements);
    let forecasts = use_fits(Model::Forecast);
    let active = use_compared_rows::<AudienceDay>(move |filters| {
        let sql = queries::audience(filters);
        if queries::has_forecast(filters) {
            // The forecast changes under the same statement: the count tells the two apart.
            format!("{sql}-- forecast, fit {}\n", forecasts.get())
        } else {
            sql
        }
    });
    let signups = use_filtered_rows::<ChannelSignups>(queries::signups_by_channel);
    let drivers = use_filtered_rows::<NorthStarDay>(queries::drivers);

    let unusual_days = move || {
        let days = unusual.here();
        days.map(|days| days.rows.clone()).unwrap_or_default()
    };
    let sentence =
        Signal::derive_local(move || match (headline.rows.get(), movements.rows.get()) {
            (Rows::Here(headline), Rows::Here(movements)) => {
                let against = Against::of(&headline.filters);
                answers::page(&headline.rows, &movements.rows, against, headline.as_of)
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
            kpi(
                tile,
                &headline.rows,
                Against::of(&headline.filters),
                headline.as_of,
            )
        });
        view! { <KpiTile id=tile.id label=tile.label definition=tile.definition kpi /> }
    });
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
                {QueryPanel::new(
                        &panels::MRR_BY_PLAN,
                        plans,
                        |plans| {
                            let answer = answers::mrr_by_plan(&plans.rows, &plans.before, plans.as_of)?;
                            Some(of_all(answer, &plans.filters, Dimension::Plan, "plans"))
                        },
                    )
                    .caption(move |plans| {
                        joined([
                            told(&plans.filters, plans.basis, "Dashed"),
                            answers::unusual_days(&unusual_days()),
                            why_missing(pipeline, Model::Anomalies, "The search for unusual days"),
                        ])
                    })
                    .chart(
                        ValueFormat::Money,
                        move |plans, theme| mrr_by_plan::chart(
                            &plans.rows,
                            &plans.before,
                            &unusual_days(),
                            theme,
                        ),
                        move |plans, theme, mark| mrr_by_plan::tooltip(
                            &plans.rows,
                            &plans.before,
                            &untrack(unusual_days),
                            theme,
                            mark.index,
                        ),
                    )
                    .timeline(Subject::Contracts, Grain::Month, |plans| mrr_by_plan::months(&plans.rows))
                    .marks(
                        |plans| marks::plans(&plans.rows, &plans.filters),
                        |plans, place| mrr_by_plan::row_at(&plans.rows, place).map(|row| plans.rows.len() - 1 - row),
                    )
                    .view()}
                {QueryPanel::new(
                        &panels::MRR_MOVEMENTS,
                        movements,
                        |movements| answers::mrr_movements(&movements.rows, &movements.before, movements.as_of),
                    )
                    .caption(move |movements| {
                        // Of the company that is shown: a run that was cancelled leaves another in the link.
                        let planted = pipeline.dataset.with(|dataset| {
                            let dataset = dataset.as_ref()?;
                            Some(dataset.scenario.text(Parameter::MonthlyChurn))
                        });
                        let moves = mrr_movements::has_transfers(&movements.rows)
                            .then(|| "Grey: from other plans, less what went to them.".to_owned());
                        joined([
                            told(&movements.filters, movements.basis, "Dashed, net"),
                            moves,
                            planted.map(|planted| answers::churn_meaning(&planted)),
                        ])
                    })
                    .chart(
                        ValueFormat::Money,
                        |movements, theme| mrr_movements::chart(
                            &movements.rows,
                            &movements.before,
                            theme,
                        ),
                        |movements, theme, mark| mrr_movements::tooltip(
                            &movements.rows,
                            &movements.before,
                            theme,
                            mark.index,
                        ),
                    )
                    .marks(
                        |movements| marks::movements(&movements.rows, &movements.filters),
                        |movements, place| {
                            let movement = place.series.filter(|series| *series < 5)?;
                            let back = movements.rows.len().checked_sub(place.index + 1)?;
                            Some(back * 5 + movement)
                        },
                    )
                    .timeline(
                        Subject::Contracts, Grain::Month,
                        |movements| movements.rows.iter().map(|row| row.month).collect(),
                    )
                    .view()}
                {QueryPanel::new(
                        &panels::ACTIVE_USERS,
                        active,
                        |active| {
                            let (days, before, ahead) = audience(active);
                            answers::active_users(&days, &before, &ahead)
                        },
                    )
                    .caption(move |active| {
                        joined([
                            forecast_words(pipeline, active),
                            told(&active.filters, active.basis, "Dashed in grey, monthly users"),
                        ])
                    })
                    .chart(
                        ValueFormat::Count,
                        |active, theme| {
                            let (days, before, ahead) = audience(active);
                            active_users::chart(&days, &before, &ahead, theme)
                        },
                        |active, theme, mark| {
                            let (days, before, ahead) = audience(active);
                            active_users::tooltip(&days, &before, &ahead, theme, mark.index)
                        },
                    )
                    .marks(
                        |active| marks::active_days(&audience(active).0, &active.filters),
                        |active, place| audience(active).0.len().checked_sub(place.index + 1),
                    )
                    .timeline(
                        Subject::Usage, Grain::Day,
                        |active| {
                            let (days, _, ahead) = audience(active);
                            active_users::days(&days, &ahead)
                        },
                    )
                    .view()}
                {QueryPanel::new(
                        &panels::SIGNUPS,
                        signups,
                        |signups| {
                            let earlier = period_words(&signups.filters, signups.basis);
                            let answer = answers::signups_by_channel(&signups.rows, &earlier)?;
                            Some(of_all(answer, &signups.filters, Dimension::Channel, "channels"))
                        },
                    )
                    .caption(|signups| told(&signups.filters, signups.basis, "Ticks"))
                    .chart(
                        ValueFormat::Count,
                        |signups, theme| signups_by_channel::chart(
                            &signups.rows,
                            signups.filters.values(Dimension::Channel),
                            theme,
                        ),
                        |signups, theme, mark| signups_by_channel::tooltip(
                            &signups.rows,
                            theme,
                            mark.index,
                        ),
                    )
                    .marks(
                        |signups| marks::channels(&signups.rows, &signups.filters),
                        |signups, place| signups_by_channel::row_at(&signups.rows, place.index),
                    )
                    .view()}
                {QueryPanel::new(
                        &panels::DRIVERS,
                        drivers,
                        |drivers| answers::drivers(&drivers.rows),
                    )
                    .caption(|drivers| {
                        let before = queries::driver_day_before(&drivers.filters)?;
                        Some(format!("Changes are against {}.", day(before)))
                    })
                    .body(tree)
                    .view()}
            </div>
        </Dashboard>
    }
}

/// The days that were counted, those of the period before, and those that lie ahead.
fn audience(
    fetched: &Fetched<AudienceDay>,
) -> (Vec<ActiveUsersDay>, Vec<ActiveUsersDay>, Vec<ForecastDay>) {
    (
        AudienceDay::counted(&fetched.rows),
        AudienceDay::counted(&fetched.before),
        AudienceDay::expected(&fetched.rows),
    )
}

/// What the dashed line ahead is and how far it can be trusted, or why there is none.
fn forecast_words(pipeline: Pipeline, active: &Fetched<AudienceDay>) -> Option<String> {
    if active.filters.has_users() {
        return Some("The forecast covers all users. Clear the filters to see it.".to_owned());
    }
    if active.filters.to != active.as_of {
        return Some(
            "The forecast starts after the last day of data, which the range leaves out."
                .to_owned(),
        );
    }
    if let Some(why) = why_missing(pipeline, Model::Forecast, "The forecast") {
        return Some(why);
    }
    let ahead = AudienceDay::expected(&active.rows);
    let held = pipeline.learning.with(|learning| {
        let fit = learning.of(Model::Forecast);
        let card = fit.card()?;
        card.score("coverage").map(|score| score.value)
    });
    let held = held
        .map(|held| format!(" and contained {} in back-tests", share(held)))
        .unwrap_or_default();
    (!ahead.is_empty()).then(|| {
        format!(
            "Dashed: forecast of daily users for the next {} days. The band should contain 80% of them{}.",
            ahead.len(),
            if held.is_empty() { " as designed".to_owned() } else { held }
        )
    })
}
