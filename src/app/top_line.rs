//! The line at the top: which data this is, and ways to pass it on.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::edits_chip::EditsChip;
use super::palette::PaletteButton;
use super::share::ShareButton;
use super::theme_switch::ThemeSwitch;
use crate::components::browser::site_path;
use crate::components::format::count;
use crate::parameters::PARAMETERS;
use crate::state::{Phase, Pipeline, query_for_another_page};

/// Scenario chip, palette, share, theme.
#[component]
pub fn TopLine() -> impl IntoView {
    let pipeline = expect_context::<Pipeline>();
    let location = use_location();
    let site = site_path();
    let address = move || {
        let query = query_for_another_page(&location.search.get());
        let separator = if query.is_empty() { "" } else { "?" };
        format!("{site}/scenario/{separator}{query}")
    };
    // The company that is drawn: a run that failed or was refused leaves the data of another than the link's.
    let scenario = Memo::new(move |_| {
        let is_over = pipeline
            .status
            .with(|status| matches!(status.phase, Phase::Failed(_) | Phase::Refused(_)));
        let standing = pipeline.dataset.with(|dataset| {
            let dataset = dataset.as_ref().filter(|_| is_over)?;
            Some((*dataset.scenario).clone())
        });
        standing.unwrap_or_else(|| pipeline.scenario.get())
    });
    let name = move || scenario.with(|scenario| scenario.base().label());
    let users = move || scenario.with(|scenario| format!("{} users", count(scenario.users())));
    let rest = move || {
        let seed = scenario.with(|scenario| format!("seed {}", scenario.seed()));
        let is_changed = |scenario: &crate::parameters::Scenario| {
            let changed = PARAMETERS.iter().map(|member| member.parameter);
            changed
                .filter(|parameter| scenario.is_changed(*parameter))
                .count()
        };
        let changes = match scenario.with(is_changed) {
            0 => String::new(),
            1 => " · 1 change".to_owned(),
            more => format!(" · {more} changes"),
        };
        // Of this scenario alone: a run that goes on leaves the data of another.
        let print = pipeline.dataset.with(|dataset| {
            let dataset = dataset.as_ref()?;
            let is_shown = scenario.with(|scenario| *scenario == *dataset.scenario);
            let print = is_shown.then(|| dataset.fingerprint.clone());
            print.and_then(|print| print.get(..6).map(|short| format!(" · {short}")))
        });
        format!("· {seed}{changes}{}", print.unwrap_or_default())
    };
    view! {
        <header class="top-line">
            <a
                class="scenario-chip"
                data-testid="scenario-chip"
                title="Change the scenario"
                href=address
            >
                <strong>{name}</strong>
                <span class="users">"· " {users}</span>
                <span class="rest">{rest}</span>
                <span class="go" aria-hidden="true">
                    "Edit"
                </span>
            </a>
            <EditsChip />
            <div class="actions">
                <PaletteButton />
                <ShareButton />
                <ThemeSwitch />
            </div>
        </header>
    }
}
