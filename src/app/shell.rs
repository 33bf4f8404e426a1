//! The page around the pages.

use std::time::Duration;

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::hooks::use_location;
use leptos_router::path;
use wasm_bindgen::JsCast;

use super::over::{Frame, Over};
use super::palette::Palette;
use super::print::PrintLine;
use super::share::ShareDialog;
use super::shortcuts::ShortcutsDialog;
use super::{frame, keys, pages, print, progress, theme_switch, top_line};
use crate::components::browser::{provide_screen, site_path};
use crate::components::chart_library::{ChartLibrary, ChartsFault};
use crate::dashboards::adoption::AdoptionPage;
use crate::dashboards::churn::ChurnPage;
use crate::dashboards::executive::ExecutivePage;
use crate::dashboards::funnel::FunnelPage;
use crate::dashboards::pages::Page;
use crate::dashboards::retention::RetentionPage;
use crate::dashboards::revenue::RevenuePage;
use crate::state::{Pipeline, expose_to_scripts, keep_results};
use crate::workbench::definitions::DefinitionsPage;
use crate::workbench::lineage::LineagePage;
use crate::workbench::model_cards::ModelCardsPage;
use crate::workbench::models::ModelsPage;
use crate::workbench::models::readers::{PanelReader, PanelReaders};
use crate::workbench::quality::QualityPage;
use crate::workbench::scenario::ScenarioPage;
use crate::workbench::truth::TruthPage;

/// Draws the page into `<body>`.
pub fn mount() {
    console_error_panic_hook::set_once();
    // The browser has just made the program ready: a task of its own.
    let begin = || {
        if let Some(boot) = document().get_element_by_id("boot") {
            boot.remove();
        }
        leptos::mount::mount_to_body(App);
    };
    set_timeout(begin, Duration::ZERO);
}

/// The whole page.
#[component]
fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Router base=site_path()>
            <Shell />
        </Router>
    }
}

/// Tells the workbench which panels read which model.
fn provide_panel_readers() {
    let panels = Page::ALL.into_iter().flat_map(|page| {
        let readers = page.panels().iter();
        readers.map(move |panel| PanelReader {
            model: panel.model,
            title: panel.title,
            id: panel.id,
            route: page.route(),
        })
    });
    provide_context(PanelReaders(panels.collect()));
}

/// Rail, top line, the route's page, footer. `scripts/routes.mjs` lists the same routes.
#[component]
fn Shell() -> impl IntoView {
    let pipeline = Pipeline::provide();
    expose_to_scripts(pipeline);
    keep_results(pipeline);
    theme_switch::provide_theme();
    provide_screen();
    ChartLibrary::provide();
    provide_panel_readers();
    print::follow();
    let frame = Frame::provide();
    keys::listen(frame);
    let over = move || match frame.over.get() {
        Some(Over::Palette) => view! { <Palette /> }.into_any(),
        Some(Over::Shortcuts) => view! { <ShortcutsDialog /> }.into_any(),
        Some(Over::Share) => view! { <ShareDialog /> }.into_any(),
        None => ().into_any(),
    };
    // The frame is a task of its own: making both at once would hold the page for twice as long.
    let is_framed = RwSignal::new(false);
    set_timeout(move || is_framed.set(true), Duration::ZERO);
    view! {
        <SkipLink />
        <div class="shell">
            <frame::Rail />
            <div class="column">
                <top_line::TopLine />
                // The line of a run lies over what follows it: the page's upper margin.
                <frame::Welcome />
                <progress::ProgressLine />
                <frame::Notices />
                <ChartsFault />
                <PrintLine />
                <main class="page" id="content" tabindex="-1">
                    {move || is_framed.get().then(routes)}
                </main>
                {move || is_framed.get().then(|| view! { <frame::Footer /> })}
            </div>
        </div>
        <Announcer frame />
        {over}
    }
}

/// The page of each route.
fn routes() -> impl IntoView {
    view! {
        <FlatRoutes fallback=frame::NotFound>
            <Route path=path!("/") view=ExecutivePage />
            <Route path=path!("/retention") view=RetentionPage />
            <Route path=path!("/revenue") view=RevenuePage />
            <Route path=path!("/funnel") view=FunnelPage />
            <Route path=path!("/adoption") view=AdoptionPage />
            <Route path=path!("/churn") view=ChurnPage />
            <Route path=path!("/scenario") view=ScenarioPage />
            <Route path=path!("/lineage") view=LineagePage />
            <Route path=path!("/models") view=ModelsPage />
            <Route path=path!("/quality") view=QualityPage />
            <Route path=path!("/cards") view=ModelCardsPage />
            <Route path=path!("/truth") view=TruthPage />
            <Route path=path!("/definitions") view=DefinitionsPage />
        </FlatRoutes>
    }
}

/// The first thing the keyboard finds: a way past the rail.
#[component]
fn SkipLink() -> impl IntoView {
    let location = use_location();
    // A bare fragment would be read against `<base>`, which is another page's address.
    let address = move || {
        let search = location.search.get();
        let separator = if search.is_empty() { "" } else { "?" };
        format!("{}{separator}{search}#content", location.pathname.get())
    };
    let skip = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        let content = document().get_element_by_id("content");
        if let Some(content) = content.and_then(|one| one.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = content.focus();
        }
    };
    view! {
        <a class="skip-link" href=address rel="external" on:click=skip>
            "Skip to content"
        </a>
    }
}

/// Says aloud which page was gone to, and shows remarks.
#[component]
fn Announcer(frame: Frame) -> impl IntoView {
    let pathname = use_location().pathname;
    let site = site_path();
    let first = pathname.get_untracked();
    let has_moved = StoredValue::new(false);
    let page = move || {
        let here = pathname.get();
        let path = here.strip_prefix(site.as_str()).unwrap_or_default();
        // The page that was opened is read out by the browser; going back to it is not.
        has_moved.update_value(|moved| *moved |= here != first);
        let found = pages::at(path).filter(|_| has_moved.get_value());
        found.map(|page| page.name)
    };
    view! {
        <div class="visually-hidden" role="status" data-testid="page-told">
            {page}
        </div>
        <div class="remark-line" role="status" data-testid="remark">
            {move || frame.remark.get()}
        </div>
    }
}
