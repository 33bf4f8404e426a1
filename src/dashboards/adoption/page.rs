//! The page: one sentence, five tiles, eight panels.

use leptos::prelude::*;

use super::options::{By, Curve, GROUPS, WINDOWS, Within, group_of, window_of};
use super::panels::adoption_curves::AdoptionCurves;
use super::panels::adoption_curves_since_start::SinceStart;
use super::panels::feature_groups::FeatureGroups;
use super::panels::headline::Headline;
use super::panels::power_users::PowerUsers;
use super::panels::rfm::Rfm;
use super::panels::segment_map::SegmentMap;
use super::panels::segment_profiles::SegmentProfiles;
use super::panels::stickiness::Stickiness;
use super::panels::time_to_adopt::TimeToAdopt;
use super::sentence;
use super::tiles::{TILES, kpi};
use crate::components::browser::Screen;
use crate::components::kpi_tile::KpiTile;
use crate::dashboards::compared::Against;
use crate::dashboards::dashboard::Dashboard;
use crate::dashboards::options_bar::Choice;
use crate::dashboards::pages::Page;
use crate::dashboards::rows::Rows;
use crate::dashboards::show::{declared, show, use_source};
use crate::state::Pipeline;

/// The Product adoption page.
#[component]
pub fn AdoptionPage() -> impl IntoView {
    let pipeline = expect_context::<Pipeline>();
    let screen = expect_context::<Screen>();
    let curve_key = pipeline.page_key("curve");
    let by_key = pipeline.page_key("by");
    let within_key = pipeline.page_key("within");
    let curve = Memo::new(move |_| Curve::of(curve_key.get().as_deref()));
    let by = Memo::new(move |_| group_of(by_key.get().as_deref()));
    let within = Memo::new(move |_| window_of(within_key.get().as_deref()));

    let months = use_source::<Headline>(|| ());
    let weeks = use_source::<AdoptionCurves>(|| ());
    let groups = use_source::<FeatureGroups>(move || By(by.get()));
    let sticky = use_source::<Stickiness>(move || By(by.get()));
    let habit = use_source::<PowerUsers>(|| ());
    let times = use_source::<TimeToAdopt>(move || Within(within.get()));
    let map = use_source::<SegmentMap>(|| ());
    let profiles = use_source::<SegmentProfiles>(|| ());
    let customers = use_source::<Rfm>(|| ());

    let sentence = Signal::derive_local(move || match (months.rows.get(), weeks.rows.get()) {
        (Rows::Here(months), Rows::Here(weeks)) => {
            sentence::page(&months.rows, &weeks.rows, months.as_of)
                .unwrap_or_else(|| "No users match these filters.".to_owned())
        }
        (Rows::Failed(_), _) | (_, Rows::Failed(_)) => {
            "Some figures could not be loaded. See the panels below.".to_owned()
        }
        (Rows::Missing(why), _) | (_, Rows::Missing(why)) => why.to_owned(),
        _ => "Building the company in this tab …".to_owned(),
    });
    let tiles = TILES.iter().map(move |tile| {
        let kpi = Signal::derive_local(move || {
            let months = months.here()?;
            let against = Against::of(&months.filters);
            kpi(tile, &months.rows, against, months.as_of)
        });
        view! { <KpiTile id=tile.id label=tile.label definition=tile.definition kpi /> }
    });
    let curves = move || match curve.get() {
        Curve::OverTime => show::<AdoptionCurves>(weeks, || ()),
        Curve::SinceStart => show::<SinceStart>(use_source::<SinceStart>(|| ()), || ()),
    };

    view! {
        <Dashboard page=Page::Adoption sentence>
            <div class="tiles five">{tiles.collect_view()}</div>
            <div class="pick-bar" data-testid="choices">
                <Choice
                    label="Curves"
                    key="curve"
                    options=Curve::ALL
                        .map(|curve| (curve.key().to_owned(), curve.label().to_owned()))
                        .to_vec()
                    chosen=Signal::derive(move || curve.get().key().to_owned())
                />
                <Choice
                    label="Group by"
                    key="by"
                    options=GROUPS
                        .map(|group| (group.key().to_owned(), group.label().to_owned()))
                        .to_vec()
                    chosen=Signal::derive(move || by.get().key().to_owned())
                />
                <Choice
                    label="Adopted within"
                    key="within"
                    options=[WINDOWS[1], WINDOWS[0], WINDOWS[2]]
                        .map(|days| (days.to_string(), format!("{days} days")))
                        .to_vec()
                    chosen=Signal::derive(move || within.get().to_string())
                />
            </div>
            <div class="grid">
                {curves}
                {declared::<FeatureGroups>(groups, move || By(by.get()))
                    .by(by)
                    .people("active users", |groups| {
                        groups.rows.iter().map(|row| row.active_users).collect()
                    })
                    .view()}
                {show::<PowerUsers>(habit, || ())}
                {declared::<Stickiness>(sticky, move || By(by.get())).by(by).view()}
                {declared::<TimeToAdopt>(times, move || Within(within.get()))
                    .people("people who adopted it", |times| {
                        times.rows.iter().map(|row| row.adopters).collect()
                    })
                    .view()}
                {show::<SegmentMap>(map, || ())}
                {show::<SegmentProfiles>(profiles, || ())}
                {declared::<Rfm>(customers, move || screen.is_narrow.get())
                    .people("customers", |customers| {
                        let drawn = customers.rows.iter().filter(|row| row.mrr_cents > 0);
                        drawn.map(|row| row.customers).collect()
                    })
                    .view()}
            </div>
        </Dashboard>
    }
}
