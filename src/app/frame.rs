//! The frame around every page.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use web_sys::Element;

use super::link_notices::link_notices;
use super::pages::{self, Destination};
use crate::components::browser::site_path;
use crate::components::popover::dismiss;
use crate::state::{Pipeline, TestStatus, query_for_another_page};
use crate::workbench::names::Names;

/// The way between pages; a bar at the bottom of narrow screens.
#[component]
pub fn Rail() -> impl IntoView {
    let location = use_location();
    let site = StoredValue::new(site_path());
    let is_current = move |route: &'static str| {
        let here = location.pathname.get();
        let path = site.with_value(|site| format!("{site}/{route}"));
        here.trim_end_matches('/') == path.trim_end_matches('/')
    };
    // Scenario and filters go along; what was chosen on this page alone stays behind.
    let address = move |route: &'static str| {
        let search = location.search.get();
        let query = if is_current(route) {
            search.trim_start_matches('?').to_owned()
        } else {
            query_for_another_page(&search)
        };
        let separator = if query.is_empty() { "" } else { "?" };
        site.with_value(|site| format!("{site}/{route}{separator}{query}"))
    };
    let is_open = RwSignal::new(false);
    let link = move |Destination {
                         route, name, short, ..
                     }: Destination| {
        view! {
            <li>
                <a
                    href=move || address(route)
                    aria-current=move || is_current(route).then_some("page")
                    aria-label=(short != name).then_some(name)
                    on:click=move |_| is_open.set(false)
                >
                    <span class="long">{name}</span>
                    <span class="short">{short}</span>
                </a>
            </li>
        }
    };
    let links = move |links: &'static [Destination]| {
        view! { <ul>{links.iter().map(|entry| link(*entry)).collect_view()}</ul> }
    };
    // On a phone the dashboards fill a bar at the bottom, and a button opens the workbench above it.
    let more = NodeRef::<leptos::html::Div>::new();
    dismiss(
        move || more.try_get_untracked().flatten().map(Element::from),
        is_open,
    );
    let is_in_workbench = move || pages::WORKBENCH.iter().any(|page| is_current(page.route));
    view! {
        <div class="rail">
            <nav aria-label="Pages">
                <a class="wordmark" href=move || address("")>
                    "MetricFlow"
                </a>
                <div>
                    <span class="label">"Dashboards"</span>
                    {links(pages::DASHBOARDS)}
                </div>
                <div class="more" class:open=is_open node_ref=more>
                    <button
                        class="more-toggle"
                        class:current=is_in_workbench
                        data-testid="more-pages"
                        aria-expanded=move || is_open.get().to_string()
                        on:click=move |_| is_open.update(|open| *open = !*open)
                    >
                        "More"
                    </button>
                    <div class="more-pages">
                        <span class="label">"Workbench"</span>
                        {links(pages::WORKBENCH)}
                    </div>
                </div>
            </nav>
        </div>
    }
}

const WELCOME_KEY: &str = "metricflow-welcome";

/// What this is, for who comes here first; gone for good once it is dismissed.
#[component]
pub fn Welcome() -> impl IntoView {
    let storage = || window().local_storage().ok().flatten();
    let seen = storage().and_then(|storage| storage.get_item(WELCOME_KEY).ok().flatten());
    let is_shown = RwSignal::new(seen.is_none());
    let close = move |_| {
        is_shown.set(false);
        if let Some(storage) = storage() {
            // Storage may be forbidden or full; the line then comes back with the next visit.
            let _ = storage.set_item(WELCOME_KEY, "seen");
        }
    };
    view! {
        <Show when=move || is_shown.get()>
            <aside class="welcome" aria-label="About MetricFlow" data-testid="welcome">
                <p>
                    <strong>"MetricFlow is a SaaS analytics stack that runs in this tab. "</strong>
                    "The company and all its data are simulated, so every estimate can be checked against the truth."
                </p>
                <button class="text-button" data-testid="dismiss-welcome" on:click=close>
                    "Dismiss"
                </button>
            </aside>
        </Show>
    }
}

/// What could not be used of the link, until it is dismissed.
#[component]
pub fn Notices() -> impl IntoView {
    let pipeline = expect_context::<Pipeline>();
    let notices = pipeline.notices;
    let location = use_location();
    let site = site_path();
    // An edit changes no name.
    let names = pipeline
        .edits
        .with_untracked(|edits| Names::of(edits.original()));
    let of_page = Memo::new(move |_| {
        let path = location.pathname.get();
        let path = path.strip_prefix(&site).unwrap_or(&path);
        link_notices(path, &location.search.get(), &names)
    });
    let dismissed = RwSignal::new(Vec::new());
    let shown = Memo::new(move |_| {
        let notices = notices.read();
        let of_page = of_page.read();
        let all = notices.iter().chain(of_page.iter());
        let texts: Vec<String> = all.map(ToString::to_string).collect();
        if texts == dismissed.get() {
            Vec::new()
        } else {
            texts
        }
    });
    let list = move || {
        let texts = shown.get().into_iter();
        texts.map(|text| view! { <li>{text}</li> }).collect_view()
    };
    view! {
        <Show when=move || !shown.read().is_empty()>
            <div class="notices" role="status" data-testid="notices">
                <div class="head">
                    <strong>"Part of the link was ignored"</strong>
                    <button class="text-button" on:click=move |_| dismissed.set(shown.get())>
                        "Dismiss"
                    </button>
                </div>
                <ul>{list}</ul>
            </div>
        </Show>
    }
}

/// Where the figures come from.
#[component]
pub fn Footer() -> impl IntoView {
    let dataset = expect_context::<Pipeline>().dataset;
    let source = move || {
        dataset.with(|dataset| match dataset {
            None => view! { <span>"No dataset yet"</span> }.into_any(),
            Some(dataset) => {
                let fingerprint = dataset.fingerprint.to_string();
                let as_of = crate::components::format::day(dataset.scenario.as_of());
                view! {
                    <span>
                        "Dataset "
                        <code data-testid="fingerprint">{fingerprint}</code>
                    </span>
                    <span>{format!("as of {as_of}")}</span>
                }
                .into_any()
            }
        })
    };
    let site = site_path();
    let location = use_location();
    let tests = expect_context::<Pipeline>().tests;
    let tested = move || {
        let query = query_for_another_page(&location.search.get());
        let separator = if query.is_empty() { "" } else { "?" };
        let address = format!("{site}/quality/{separator}{query}");
        let words = tests.with(words_of_tests)?;
        Some(view! { <a href=address data-testid="tests-summary">{words}</a> })
    };
    view! {
        <footer class="footer">
            {source} {tested} <span>"Synthetic data, generated in this tab. Nothing leaves it."</span>
        </footer>
    }
}

/// What the data tests said, in a few words; nothing before they begin.
fn words_of_tests(tests: &TestStatus) -> Option<String> {
    if tests.is_running {
        return (tests.total > 0).then(|| format!("{} of {} data tests", tests.done, tests.total));
    }
    if tests.error.is_some() {
        return Some("Data tests stopped".to_owned());
    }
    let counts = tests.report.as_ref()?.counts();
    let all = counts.passed + counts.warned + counts.failed + counts.skipped;
    let parts = [
        (counts.failed, "failed"),
        (counts.warned, "warned"),
        (counts.skipped, "skipped"),
    ];
    let wrong: Vec<String> = parts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, verb)| format!("{count} {verb}"))
        .collect();
    Some(if wrong.is_empty() {
        format!("All {all} data tests passed")
    } else {
        format!("{} of {all} data tests", wrong.join(", "))
    })
}

/// The page for an unknown address.
#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <header class="page-head">
            <p class="label">"No such page"</p>
            <h1 class="page-sentence">"There is no page at this address."</h1>
        </header>
        <a class="button" href=format!("{}/", site_path())>
            "Executive growth"
        </a>
    }
}
