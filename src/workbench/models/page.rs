//! The page.

use leptos::leptos_dom::helpers::debounce;
use leptos::prelude::*;
use leptos_meta::Title;

use super::catalogue::{Shelf, shelves};
use super::model_view::ModelView;
use super::sql_tab::Drafts;
use super::variables::Variables;
use crate::components::breakable::breakable;
use crate::components::format::{count, duration, words};
use crate::workbench::doc_text::first_sentence;
use crate::workbench::lineage::status::NodeStatus;
use crate::workbench::lineage::words::tests_short;
use crate::workbench::page_keys::use_page_keys;
use crate::workbench::project::{Project, use_project};

/// How long after the last letter the search is written to the link.
const PAUSE: std::time::Duration = std::time::Duration::from_millis(250);

/// The Models page.
#[component]
pub fn ModelsPage() -> impl IntoView {
    let project = use_project();
    let keys = use_page_keys();
    let (model, find) = (keys.memo("model"), keys.memo("find"));
    let drafts: Drafts = project.pipeline.drafts;
    let chosen = Memo::new(move |_| {
        let asked = model.get();
        project.manifest().model(&asked).map(|_| asked)
    });
    let found = Memo::new(move |_| shelves(&project.manifest(), &find.get()));
    let write_find = StoredValue::new_local(debounce(PAUSE, move |text: String| {
        keys.replace(&[("find", text.trim())]);
    }));
    let shelf = move |shelf: Shelf| {
        let models = shelf.models.into_iter().map(|found| {
            let name = found.name.clone();
            let href = keys.href("models/", &[("model", &name), ("tab", "")]);
            let is_current = {
                let name = name.clone();
                move || (chosen.get().as_deref() == Some(&name)).then_some("page")
            };
            let mark = {
                let name = name.clone();
                move || {
                    let status = project.statuses.with(|all| all.get(&name).cloned());
                    mark(&status.unwrap_or_default())
                }
            };
            view! {
                <li>
                    <a href=href aria-current=is_current data-testid=format!("catalogue-{name}")>
                        <span>{breakable(&name)}</span>
                        {mark}
                    </a>
                    {(!found.columns.is_empty())
                        .then(|| view! { <small>{found.columns.join(", ")}</small> })}
                </li>
            }
        });
        view! {
            <section>
                <h2 class="label">{words(shelf.layer.name())}</h2>
                <ul>{models.collect_view()}</ul>
            </section>
        }
    };
    let content = move || match chosen.get() {
        Some(name) => view! { <ModelView project name drafts /> }.into_any(),
        None => view! { <Catalogue project found find /> }.into_any(),
    };
    view! {
        <Title text="Models · MetricFlow" />
        <div class="models-layout" class:chosen=move || chosen.get().is_some()>
            <nav class="models-list" aria-label="Models">
                <input
                    class="find"
                    type="search"
                    aria-label="Find a model or column"
                    placeholder="Find a model or column"
                    data-testid="models-find"
                    prop:value=move || find.get()
                    on:input=move |event| {
                        let text = event_target_value(&event);
                        write_find.update_value(|write| write(text));
                    }
                />
                {move || found.get().into_iter().map(shelf).collect_view()}
                <Show when=move || found.with(Vec::is_empty)>
                    <p class="empty">"No model or column matches."</p>
                </Show>
            </nav>
            <div class="models-main">{content}</div>
        </div>
    }
}

/// The one thing to know of a model in the list.
fn mark(status: &NodeStatus) -> impl IntoView + use<> {
    let failing = status.tests.map_or(0, |tests| tests.failed);
    if status.outcome.is_broken() {
        return Some(view! { <span class="badge failed">{status.outcome.word()}</span> });
    }
    if status.is_edited {
        return Some(view! { <span class="badge edited">"edited"</span> });
    }
    (failing > 0).then(|| view! { <span class="badge failed">"tests fail"</span> })
}

/// All models, when none is chosen.
#[component]
fn Catalogue(project: Project, found: Memo<Vec<Shelf>>, find: Memo<String>) -> impl IntoView {
    let keys = use_page_keys();
    let sentence = move || {
        let models = project.manifest().models.len();
        let why = project.pipeline.why_no_data();
        let why = why.unwrap_or("The first run is in progress.");
        let serving = project.serving();
        project.pipeline.dataset.with(|dataset| match dataset {
            None => format!("{models} models in five layers. {why}"),
            Some(dataset) => {
                let report = &dataset.models;
                let slowest = report
                    .built()
                    .max_by(|a, b| a.elapsed_ms.total_cmp(&b.elapsed_ms));
                let all = report.models.iter().chain(&serving.models);
                let broken = all.filter(|run| !run.stands()).count();
                match (broken, slowest) {
                    (0, Some(slowest)) => format!(
                        "{models} models in five layers, built in {} (the serving layer when first needed); {} took longest.",
                        duration(report.elapsed_ms),
                        slowest.name
                    ),
                    (0, None) => {
                        format!(
                            "{models} models in five layers, all unchanged since the previous run."
                        )
                    }
                    (1, _) => format!("One of {models} models could not be built."),
                    (broken, _) => format!("{broken} of {models} models could not be built."),
                }
            }
        })
    };
    let row = move |found: super::catalogue::Found| {
        let name = found.name;
        let href = keys.href("models/", &[("model", &name), ("tab", "")]);
        let status = project
            .statuses
            .with(|all| all.get(&name).cloned())
            .unwrap_or_default();
        view! {
            <tr>
                <th scope="row">
                    <a href=href>{breakable(&name)}</a>
                    {mark(&status)}
                </th>
                <td class="about">{first_sentence(&found.description)}</td>
                <td class="number">
                    {match status.rows {
                        Some(rows) => count(rows),
                        None if status.is_view => "view".to_owned(),
                        None => String::new(),
                    }}
                </td>
                <td class="number">{status.elapsed_ms.map(duration)}</td>
                <td class="number">{tests_short(&status)}</td>
            </tr>
        }
    };
    let shelf = move |shelf: Shelf| {
        view! {
            <tbody>
                <tr class="layer">
                    <th colspan="5" scope="rowgroup">
                        {format!("{} · {}", words(shelf.layer.name()), shelf.models.len())}
                    </th>
                </tr>
                {shelf.models.into_iter().map(row).collect_view()}
            </tbody>
        }
    };
    view! {
        <header class="page-head">
            <p class="label">"Models"</p>
            <h1 class="page-sentence" data-testid="page-sentence">
                {sentence}
            </h1>
        </header>
        <Variables project find />
        <table class="catalogue" data-testid="catalogue">
            <thead>
                <tr>
                    <th scope="col">"Model"</th>
                    <th scope="col">"Grain"</th>
                    <th scope="col" class="number">
                        "Rows"
                    </th>
                    <th scope="col" class="number">
                        "Time"
                    </th>
                    <th scope="col" class="number">
                        "Tests"
                    </th>
                </tr>
            </thead>
            {move || found.get().into_iter().map(shelf).collect_view()}
        </table>
    }
}
