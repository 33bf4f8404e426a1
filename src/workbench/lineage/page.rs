//! The page.

use leptos::prelude::*;
use leptos_meta::Title;

use super::detail::Detail;
use super::drawing::Drawing;
use super::graph::Reach;
use super::layout::layout;
use super::list::LineageList;
use crate::components::choice::Choice;
use crate::workbench::page_keys::use_page_keys;
use crate::workbench::project::use_project;

/// Shown when the link names no table and nothing is at fault: it has neighbours on both sides.
const FIRST: &str = "fct_customer_mrr_monthly";

/// The Lineage page.
#[component]
pub fn LineagePage() -> impl IntoView {
    let project = use_project();
    let keys = use_page_keys();
    let (model, hops) = (keys.memo("model"), keys.memo("hops"));
    let reach = Memo::new(move |_| Reach::from_key(&hops.get()));
    let chosen = Memo::new(move |_| {
        let asked = model.get();
        let graph = project.graph;
        if graph.with(|graph| graph.node(&asked).is_some()) {
            return asked;
        }
        project.statuses.with(|statuses| {
            let mut at_fault = statuses.iter().filter(|(_, status)| status.is_at_fault);
            at_fault
                .next()
                .map_or_else(|| FIRST.to_owned(), |(name, _)| name.clone())
        })
    });
    let drawn = Memo::new(move |_| {
        project
            .graph
            .with(|graph| layout(&graph.around(&chosen.get(), reach.get())))
    });
    let (search, set_search) = signal(String::new());
    let names = move || {
        project.graph.with(|graph| {
            let nodes = graph.nodes().iter();
            nodes
                .map(|node| view! { <option value=node.name.clone()></option> })
                .collect_view()
        })
    };
    let choose = move |name: &str| keys.set(&[("model", name)]);
    let on_search = move |text: String| {
        let text = text.trim().to_owned();
        let is_name = project
            .graph
            .with_untracked(|graph| graph.node(&text).is_some());
        if is_name {
            set_search.set(String::new());
            choose(&text);
        } else {
            set_search.set(text);
        }
    };
    let on_submit = move || {
        let sought = search.get_untracked().to_lowercase();
        let found = project.graph.with_untracked(|graph| {
            let mut nodes = graph.nodes().iter();
            let found = nodes.find(|node| !sought.is_empty() && node.name.contains(&sought));
            found.map(|node| node.name.clone())
        });
        if let Some(name) = found {
            set_search.set(String::new());
            choose(&name);
        }
    };
    let on_choose = Callback::new(move |name: String| choose(&name));
    let on_open = Callback::new(move |name: String| {
        let is_model = project.manifest().model(&name).is_some();
        if is_model {
            keys.open("models/", &[("model", &name), ("tab", "")]);
        } else {
            choose(&name);
        }
    });
    view! {
        <Title text="Lineage · MetricFlow" />
        <header class="page-head">
            <p class="label">"Lineage"</p>
            <h1 class="page-sentence" data-testid="page-sentence">
                {move || project.sentence.get()}
            </h1>
        </header>
        <div class="work-bar">
            <form
                role="search"
                on:submit=move |event| {
                    event.prevent_default();
                    on_submit();
                }
            >
                <input
                    class="find"
                    type="search"
                    aria-label="Find a table"
                    placeholder="Find a table"
                    list="lineage-names"
                    autocomplete="off"
                    data-testid="lineage-find"
                    prop:value=move || search.get()
                    on:input=move |event| on_search(event_target_value(&event))
                />
                <datalist id="lineage-names">{names}</datalist>
            </form>
            <Choice
                label="Lineage depth"
                name="hops"
                options=Reach::CHOICES.iter().map(|(_, key, label)| (*key, *label)).collect()
                value=Signal::derive(move || reach.get().key().to_owned())
                on_choose=Callback::new(move |key: String| {
                    keys.set(&[("hops", if key == "1" { "" } else { &key })]);
                })
            />
            <ul class="lineage-legend" aria-label="Legend">
                <li>
                    <span class="mark passed"></span>
                    "tests pass"
                </li>
                <li>
                    <span class="mark failed"></span>
                    "tests fail"
                </li>
                <li>
                    <span class="mark path"></span>
                    "downstream of a failure"
                </li>
            </ul>
        </div>
        <div class="lineage-layout">
            <Drawing project layout=drawn chosen search on_choose on_open />
            <LineageList project chosen reach />
            <Detail project chosen />
        </div>
    }
}
