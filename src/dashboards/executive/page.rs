//! The page: one sentence, seven tiles, five panels.

use chrono::NaiveDate;
use leptos::prelude::*;

use super::charts::{active_users, mrr_by_plan, mrr_movements, signups_by_channel};
use super::driver_tree::DriverTree;
use super::tiles::{TILES, kpi};
use super::{answers, marks, panels, queries};
use crate::components::format::{ValueFormat, day};
use crate::components::kpi_tile::KpiTile;
use crate::dashboards::dashboard::Dashboard;
use crate::dashboards::panel::QueryPanel;
use crate::dashboards::rows::{Fetched, Rows, use_filtered_rows};
use crate::dashboards::spec::Page;
use crate::results::executive::{
    ActiveUsersDay, ChannelSignups, HeadlineMonth, MovementMonth, NorthStarDay, PlanMonth,
};
use crate::state::filters::Dimension;

/// The Executive growth page.
#[component]
pub fn ExecutivePage() -> impl IntoView {
    let headline = use_filtered_rows::<HeadlineMonth>(queries::headline);
    let plans = use_filtered_rows::<PlanMonth>(queries::mrr_by_plan);
    let movements = use_filtered_rows::<MovementMonth>(queries::mrr_movements);
    let active = use_filtered_rows::<ActiveUsersDay>(queries::active_users);
    let signups = use_filtered_rows::<ChannelSignups>(queries::signups_by_channel);
    let drivers = use_filtered_rows::<NorthStarDay>(queries::drivers);

    let sentence =
        Signal::derive_local(move || match (headline.rows.get(), movements.rows.get()) {
            (Rows::Here(headline), Rows::Here(movements)) => {
                answers::page(&headline.rows, &movements.rows, headline.as_of).unwrap_or_default()
            }
            (Rows::Failed(_), _) | (_, Rows::Failed(_)) => {
                "Some figures could not be read; the panels below say which.".to_owned()
            }
            (Rows::Missing(why), _) | (_, Rows::Missing(why)) => why.to_owned(),
            _ => "The company is being built in this tab.".to_owned(),
        });
    let tiles = TILES.iter().map(move |tile| {
        let kpi = Signal::derive_local(move || {
            let headline = headline.here()?;
            kpi(tile, &headline.rows, headline.as_of)
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
                        |plans| answers::mrr_by_plan(&plans.rows),
                    )
                    .caption(|plans| unfinished(plans.rows.last().map(|row| row.month), plans.as_of))
                    .chart(
                        ValueFormat::Money,
                        |plans, theme| mrr_by_plan::chart(&plans.rows, theme),
                        |plans, theme, mark| mrr_by_plan::tooltip(&plans.rows, theme, mark.index),
                    )
                    .marks(
                        |plans| marks::plans(&plans.rows, &plans.filters),
                        |plans, place| mrr_by_plan::row_at(&plans.rows, place).map(|row| plans.rows.len() - 1 - row),
                    )
                    .view()}
                {QueryPanel::new(
                        &panels::MRR_MOVEMENTS,
                        movements,
                        |movements| answers::mrr_movements(&movements.rows),
                    )
                    .caption(|movements| {
                        unfinished(movements.rows.last().map(|row| row.month), movements.as_of)
                    })
                    .chart(
                        ValueFormat::Money,
                        |movements, theme| mrr_movements::chart(
                            &movements.rows,
                            movements.as_of,
                            theme,
                        ),
                        |movements, theme, mark| mrr_movements::tooltip(
                            &movements.rows,
                            movements.as_of,
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
                    .view()}
                {QueryPanel::new(
                        &panels::ACTIVE_USERS,
                        active,
                        |active| answers::active_users(&active.rows),
                    )
                    .chart(
                        ValueFormat::Count,
                        |active, theme| active_users::chart(&active.rows, theme),
                        |active, theme, mark| active_users::tooltip(&active.rows, theme, mark.index),
                    )
                    .marks(
                        |active| marks::active_days(&active.rows, &active.filters),
                        |active, place| active.rows.len().checked_sub(place.index + 1),
                    )
                    .view()}
                {QueryPanel::new(
                        &panels::SIGNUPS,
                        signups,
                        |signups| answers::signups_by_channel(&signups.rows),
                    )
                    .caption(before)
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
                    .body(tree)
                    .view()}
            </div>
        </Dashboard>
    }
}

/// Says what the ticks mean.
fn before(signups: &Fetched<ChannelSignups>) -> Option<String> {
    let before = signups.filters.period_before()?;
    Some(format!(
        "Ticks: {} to {}, the period before.",
        day(before.from),
        day(before.to)
    ))
}

/// Says that the last month is not over.
fn unfinished(last: Option<NaiveDate>, as_of: NaiveDate) -> Option<String> {
    let month = last.filter(|month| !mrr_movements::is_complete(*month, as_of))?;
    Some(format!(
        "{} is not over: its figures are as of {}.",
        crate::components::format::month_long(month),
        day(as_of)
    ))
}
