//! Router and shell.

pub mod edits_chip;
pub mod frame;
pub mod progress;
pub mod theme_switch;
pub mod top_line;

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::path;

use crate::components::browser::site_path;
use crate::dashboards::adoption::AdoptionPage;
use crate::dashboards::churn::ChurnPage;
use crate::dashboards::executive::ExecutivePage;
use crate::dashboards::funnel::FunnelPage;
use crate::dashboards::retention::RetentionPage;
use crate::dashboards::revenue::RevenuePage;
use crate::state::Pipeline;
use crate::workbench::lineage::LineagePage;
use crate::workbench::model_cards::ModelCardsPage;
use crate::workbench::models::ModelsPage;
use crate::workbench::quality::QualityPage;
use crate::workbench::scenario::ScenarioPage;
use crate::workbench::truth::TruthPage;

/// Draws the page into `<body>`.
pub fn mount() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(App);
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

/// Rail, top line, the route's page, footer. `scripts/routes.mjs` lists the same routes.
#[component]
fn Shell() -> impl IntoView {
    Pipeline::provide();
    theme_switch::provide_theme();
    view! {
        <a class="skip-link" href="#content" rel="external">
            "Skip to the page"
        </a>
        <div class="shell">
            <frame::Rail />
            <div class="column">
                <top_line::TopLine />
                <progress::ProgressLine />
                <frame::Notices />
                <main class="page" id="content" tabindex="-1">
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
                    </FlatRoutes>
                </main>
                <frame::Footer />
            </div>
        </div>
    }
}
