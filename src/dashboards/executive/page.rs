//! The page: one sentence, seven tiles, five panels.

use std::rc::Rc;

use charming::Chart;
use chrono::NaiveDate;
use leptos::prelude::*;
use leptos_meta::Title;

use super::charts::{active_users, mrr_by_plan, mrr_movements, signups_by_channel};
use super::driver_tree::DriverTree;
use super::tiles::{TILES, kpi};
use super::{answers, panels, queries};
use crate::components::chart_spec::ChartSpec;
use crate::components::format::{ValueFormat, day};
use crate::components::kpi_tile::KpiTile;
use crate::components::panel::Panel;
use crate::components::theme::{Theme, ThemeName};
use crate::components::tooltip::Tooltip;
use crate::dashboards::rows::{Fetched, Rows, panel_state, use_rows};
use crate::results::executive::{
    ActiveUsersDay, ChannelSignups, HeadlineMonth, MovementMonth, NorthStarDay, PlanMonth,
};
use crate::state::{Phase, Pipeline};

/// The Executive growth page.
#[component]
pub fn ExecutivePage() -> impl IntoView {
    let pipeline = expect_context::<Pipeline>();
    let theme = expect_context::<Signal<ThemeName>>();
    let headline = use_rows::<HeadlineMonth>(queries::HEADLINE);
    let plans = use_rows::<PlanMonth>(queries::MRR_BY_PLAN);
    let movements = use_rows::<MovementMonth>(queries::MRR_MOVEMENTS);
    let active = use_rows::<ActiveUsersDay>(queries::ACTIVE_USERS);
    let signups = use_rows::<ChannelSignups>(queries::SIGNUPS_BY_CHANNEL);
    let drivers = use_rows::<NorthStarDay>(queries::DRIVERS);

    let is_stale = move || {
        let is_running = pipeline
            .status
            .with(|status| status.phase == Phase::Running);
        is_running && pipeline.dataset.with(Option::is_some)
    };
    let sentence = move || match (headline.get(), movements.get()) {
        (Rows::Here(headline), Rows::Here(movements)) => {
            answers::page(&headline.rows, &movements.rows, headline.as_of).unwrap_or_default()
        }
        (Rows::Failed(_), _) | (_, Rows::Failed(_)) => {
            "Some figures could not be read; the panels below say which.".to_owned()
        }
        (Rows::Missing(why), _) | (_, Rows::Missing(why)) => why.to_owned(),
        _ => "The company is being built in this tab.".to_owned(),
    };
    let tiles = TILES.iter().map(move |tile| {
        let kpi = Signal::derive_local(move || match headline.get() {
            Rows::Here(headline) => kpi(tile, &headline.rows, headline.as_of),
            Rows::Waiting | Rows::Missing(_) | Rows::Failed(_) => None,
        });
        view! { <KpiTile id=tile.id label=tile.label definition=tile.definition kpi /> }
    });
    let tree = move || match drivers.get() {
        Rows::Here(drivers) => Some(view! { <DriverTree days=drivers.rows.clone() /> }),
        Rows::Waiting | Rows::Missing(_) | Rows::Failed(_) => None,
    };

    view! {
        <Title text="Executive growth · MetricFlow" />
        <header class="page-head">
            <p class="label">"Executive growth"</p>
            <h1 class="page-sentence" data-testid="page-sentence">{sentence}</h1>
        </header>
        <div class:stale=is_stale data-testid="executive">
            <div class="tiles">{tiles.collect_view()}</div>
            <div class="grid">
                <Panel
                    frame=panels::MRR_BY_PLAN
                    state=panel_state(plans, |plans| answers::mrr_by_plan(&plans.rows), no_caption)
                    chart=spec(theme, plans, ValueFormat::Money, draw_plans, tell_plans)
                    theme
                />
                <Panel
                    frame=panels::MRR_MOVEMENTS
                    state=panel_state(
                        movements,
                        |movements| answers::mrr_movements(&movements.rows),
                        |movements| {
                            let last = movements.rows.last().map(|row| row.month);
                            unfinished(last, movements.as_of)
                        },
                    )
                    chart=spec(theme, movements, ValueFormat::Money, draw_movements, tell_movements)
                    theme
                />
                <Panel
                    frame=panels::ACTIVE_USERS
                    state=panel_state(active, |active| answers::active_users(&active.rows), no_caption)
                    chart=spec(theme, active, ValueFormat::Count, draw_active, tell_active)
                    theme
                />
                <Panel
                    frame=panels::SIGNUPS
                    state=panel_state(
                        signups,
                        |signups| answers::signups_by_channel(&signups.rows, signups.as_of),
                        |signups| {
                            let last = signups.rows.first().map(|row| row.month);
                            unfinished(last, signups.as_of)
                        },
                    )
                    chart=spec(theme, signups, ValueFormat::Count, draw_signups, tell_signups)
                    theme
                />
                <Panel
                    frame=panels::DRIVERS
                    state=panel_state(drivers, |drivers| answers::drivers(&drivers.rows), no_caption)
                    theme
                >
                    {tree}
                </Panel>
            </div>
        </div>
    }
}

type Draw<R> = fn(&Fetched<R>, &'static Theme) -> Chart;
type Tell<R> = fn(&Fetched<R>, &'static Theme, usize) -> Option<Tooltip>;

/// A chart of rows, redrawn when they or the theme change.
fn spec<R: 'static>(
    theme: Signal<ThemeName>,
    rows: Signal<Rows<R>, LocalStorage>,
    ticks: ValueFormat,
    draw: Draw<R>,
    tell: Tell<R>,
) -> Signal<Option<ChartSpec>, LocalStorage> {
    Signal::derive_local(move || {
        let Rows::Here(fetched) = rows.get() else {
            return None;
        };
        let colours = theme.get().colours();
        let chart = draw(&fetched, colours);
        let tooltip = Rc::new(move |index| tell(&fetched, colours, index));
        Some(ChartSpec {
            chart,
            ticks,
            tooltip,
            summary: "Chart; the table view holds the same figures.".to_owned(),
        })
    })
}

fn draw_plans(plans: &Fetched<PlanMonth>, theme: &'static Theme) -> Chart {
    mrr_by_plan::chart(&plans.rows, theme)
}

fn tell_plans(plans: &Fetched<PlanMonth>, theme: &'static Theme, index: usize) -> Option<Tooltip> {
    mrr_by_plan::tooltip(&plans.rows, theme, index)
}

fn draw_movements(movements: &Fetched<MovementMonth>, theme: &'static Theme) -> Chart {
    mrr_movements::chart(&movements.rows, movements.as_of, theme)
}

fn tell_movements(
    movements: &Fetched<MovementMonth>,
    theme: &'static Theme,
    index: usize,
) -> Option<Tooltip> {
    mrr_movements::tooltip(&movements.rows, movements.as_of, theme, index)
}

fn draw_active(active: &Fetched<ActiveUsersDay>, theme: &'static Theme) -> Chart {
    active_users::chart(&active.rows, theme)
}

fn tell_active(
    active: &Fetched<ActiveUsersDay>,
    theme: &'static Theme,
    index: usize,
) -> Option<Tooltip> {
    active_users::tooltip(&active.rows, theme, index)
}

fn draw_signups(signups: &Fetched<ChannelSignups>, theme: &'static Theme) -> Chart {
    signups_by_channel::chart(&signups.rows, theme)
}

fn tell_signups(
    signups: &Fetched<ChannelSignups>,
    theme: &'static Theme,
    index: usize,
) -> Option<Tooltip> {
    signups_by_channel::tooltip(&signups.rows, theme, index)
}

fn no_caption<R>(_: &Fetched<R>) -> String {
    String::new()
}

/// Says that the last month is not over.
fn unfinished(last: Option<NaiveDate>, as_of: NaiveDate) -> String {
    match last {
        Some(month) if !mrr_movements::is_complete(month, as_of) => format!(
            "The last month is not over: its figures are as of {}.",
            day(as_of)
        ),
        _ => String::new(),
    }
}
