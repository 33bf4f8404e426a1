//! What stands around every page.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use wasm_bindgen::JsCast;

use super::link_notices::link_notices;
use super::pages::{self, Destination};
use crate::components::browser::site_path;
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
    let link = move |Destination { route, name, .. }: Destination| {
        view! {
            <li>
                <a
                    href=move || address(route)
                    aria-current=move || is_current(route).then_some("page")
                >
                    {name}
                </a>
            </li>
        }
    };
    let part = move |heading: &'static str, links: &'static [Destination]| {
        view! {
            <div>
                <span class="label">{heading}</span>
                <ul>{links.iter().map(|entry| link(*entry)).collect_view()}</ul>
            </div>
        }
    };
    let rail = NodeRef::<leptos::html::Div>::new();
    // On a phone the rail is a bar that scrolls: the page one is on must be in sight.
    Effect::new(move |_| {
        location.pathname.track();
        let Some(rail) = rail.get() else {
            return;
        };
        request_animation_frame(move || {
            let current = rail.query_selector("a[aria-current]").ok().flatten();
            let link = current.and_then(|link| link.dyn_into::<web_sys::HtmlElement>().ok());
            if let Some(link) = link {
                let middle = link.offset_left() + link.offset_width() / 2;
                rail.set_scroll_left(middle - rail.client_width() / 2);
            }
        });
    });
    view! {
        <div class="rail" node_ref=rail>
            <nav aria-label="Pages">
                <a class="wordmark" href=move || address("")>
                    "MetricFlow"
                </a>
                {part("Dashboards", pages::DASHBOARDS)} {part("Workbench", pages::WORKBENCH)}
            </nav>
        </div>
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

/// What stands at an address without a page.
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
