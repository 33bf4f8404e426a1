//! One model: what it is, and tabs for its columns, SQL, rows and tests.

use std::collections::BTreeSet;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::columns::Columns;
use super::failing::failing_downstream;
use super::sql_tab::{Drafts, SqlTab};
use crate::components::breakable::breakable;
use crate::components::code_editor::CodeView;
use crate::components::error_panel::ErrorPanel;
use crate::components::format::{counted, duration};
use crate::state::statement::statement;
use crate::transformation::{Compiler, Model};
use crate::workbench::doc_text::DocText;
use crate::workbench::lineage::status::{NodeStatus, Outcome};
use crate::workbench::lineage::words::tests_long;
use crate::workbench::page_keys::{PageKeys, use_page_keys};
use crate::workbench::project::Project;
use crate::workbench::quality::checks::checks;
use crate::workbench::quality::test_row::TestRow;
use crate::workbench::rows_view::RowsView;

/// Rows shown of a model.
const SAMPLE: usize = 100;

/// A tab: its key in the link and its label.
const TABS: [(&str, &str); 5] = [
    ("", "Columns"),
    ("sql", "SQL"),
    ("compiled", "Compiled SQL"),
    ("rows", "Rows"),
    ("tests", "Tests"),
];

/// A chosen model.
#[component]
pub fn ModelView(
    /// What is known of the project.
    project: Project,
    /// The model.
    name: String,
    /// Texts typed and not run.
    drafts: Drafts,
) -> impl IntoView {
    let keys = use_page_keys();
    let tab = keys.memo("tab");
    let name = StoredValue::new(name);
    let status = Memo::new(move |_| {
        project
            .statuses
            .with(|all| name.with_value(|name| all.get(name).cloned()))
            .unwrap_or_default()
    });
    // Only what an edit can't change: the head stays while the model is built again.
    let about = project.manifest();
    let about = name.with_value(|name| about.model(name).cloned());
    let is_serving = about.as_ref().is_some_and(Model::is_serving);
    let (layer, description) = about.map_or_else(Default::default, |model| {
        (model.layer.name(), model.description)
    });
    // Whoever opens a model of the serving layer needs it.
    Effect::new(move |_| {
        let dataset = project.pipeline.dataset.get();
        if let Some(dataset) = dataset.filter(|_| is_serving) {
            let name = name.get_value();
            spawn_local(async move {
                // Where it can't be built, its status says so.
                _ = dataset.build_when_needed(&name).await;
            });
        }
    });
    let facts = move || {
        let status = status.get();
        let kind = if status.is_view { "view" } else { "table" };
        let mut parts = vec![kind.to_owned()];
        parts.extend(status.rows.map(|rows| counted(rows, "row")));
        parts.push(match (&status.outcome, status.elapsed_ms) {
            (_, Some(elapsed)) => format!("built in {}", duration(elapsed)),
            (outcome, None) => outcome.word().to_owned(),
        });
        parts.push(tests_long(&status));
        parts.extend(project.tests().and_then(|report| {
            let name = name.get_value();
            let own = BTreeSet::from([name.clone()]);
            let downstream = project.graph.with(|graph| graph.downstream(&own));
            failing_downstream(&report, &name, &downstream)
        }));
        parts.join(" · ")
    };
    let tabs = move || {
        TABS.iter()
            .map(|(key, label)| {
                let href = name.with_value(|name| keys.href("models/", &[("model", name), ("tab", key)]));
                let testid = format!("tab-{}", if key.is_empty() { "columns" } else { key });
                view! {
                    <a href=href aria-current=(tab.get() == *key).then_some("page") data-testid=testid>
                        {*label}
                    </a>
                }
            })
            .collect_view()
    };
    let body = move || {
        let name = name.get_value();
        match tab.get().as_str() {
            "sql" => view! { <SqlTab project name drafts /> }.into_any(),
            "compiled" => view! { <Compiled project name /> }.into_any(),
            "rows" => view! { <Rows project name /> }.into_any(),
            "tests" => view! { <Tests project name /> }.into_any(),
            _ => view! { <Columns project name /> }.into_any(),
        }
    };
    view! {
        <header class="page-head model-head">
            <p class="label">
                <a href=move || keys.href("models/", &[("model", ""), ("tab", "")])>"Models"</a>
                {format!(" · {layer}")}
            </p>
            <h1 class="page-sentence" data-testid="model-name">
                {breakable(&name.get_value())}
                {move || {
                    status
                        .get()
                        .is_edited
                        .then(|| {
                            view! {
                                <span class="badge edited" data-testid="model-edited">
                                    "edited"
                                </span>
                            }
                        })
                }}
            </h1>
            <DocText text=description />
            <p class="model-facts" data-testid="model-facts">
                {facts}
            </p>
            {move || broken(&status.get(), tab.get() == "sql")}
            <Neighbours project keys name />
        </header>
        <nav class="tabs" aria-label="Parts of the model">
            {tabs}
        </nav>
        <div class="tab-body">{body}</div>
    }
}

/// Why the model could not be built, on the tabs that don't show it beside the text.
fn broken(status: &NodeStatus, is_sql: bool) -> impl IntoView + use<> {
    let (what, message) = match &status.outcome {
        Outcome::Failed(error) if !is_sql => ("This model could not be built.", error.clone()),
        Outcome::Skipped(because) => (
            "This model was not built.",
            format!("It reads {because}, which could not be built."),
        ),
        _ => return None,
    };
    Some(view! {
        <ErrorPanel
            what
            message
            advice="Its previous table is shown, if there is one. Fix or reset the edited model."
        />
    })
}

/// What the model reads and who reads it.
#[component]
fn Neighbours(project: Project, keys: PageKeys, name: StoredValue<String>) -> impl IntoView {
    let part = move |title: &'static str, names: Vec<String>| {
        (!names.is_empty()).then(|| {
            let links = names.into_iter().map(|name| {
                let is_model = project.manifest().model(&name).is_some();
                let route = if is_model { "models/" } else { "lineage/" };
                let href = keys.href(route, &[("model", &name)]);
                view! { <a href=href>{name}</a> " " }
            });
            view! {
                <span>
                    <span class="label">{title}</span>
                    " "
                    {links.collect_view()}
                </span>
            }
        })
    };
    let variables = move || {
        let manifest = project.manifest();
        let read = name.with_value(|name| manifest.model(name).map(|model| model.vars.clone()));
        let read = manifest
            .variables
            .iter()
            .filter(|one| read.as_ref().is_some_and(|read| read.contains(&one.name)));
        let links = read.map(|one| {
            let href = keys.href("models/", &[("model", ""), ("tab", ""), ("find", "")]);
            let words = format!("{} = {}", one.name, manifest.value_of(one));
            view! { <a href=href>{words}</a> " " }
        });
        let links: Vec<_> = links.collect();
        (!links.is_empty()).then(|| {
            view! {
                <span data-testid="model-variables">
                    <span class="label">"Variables"</span>
                    " "
                    {links}
                </span>
            }
        })
    };
    let content = move || {
        let node = project
            .graph
            .with(|graph| name.with_value(|name| graph.node(name).cloned()));
        node.map(|node| {
            let href = keys.href("lineage/", &[("model", &node.name), ("tab", "")]);
            view! {
                {part("Reads", node.parents)}
                {part("Read by", node.children)}
                {variables()}
                <a href=href data-testid="open-lineage">
                    "Lineage"
                </a>
            }
        })
    };
    view! { <p class="model-neighbours">{content}</p> }
}

/// The statement the engine got.
#[component]
fn Compiled(project: Project, name: String) -> impl IntoView {
    let label = format!("Compiled SQL of {name}");
    let text = Signal::derive_local(move || {
        let run = project.run_of(&name).map(|run| run.compiled_sql);
        run.filter(|sql| !sql.is_empty()).unwrap_or_else(|| {
            // An edited text is rendered by the run alone, away from the page.
            if project.pipeline.edits.with(|edits| edits.is_edited(&name)) {
                return String::new();
            }
            let manifest = project.manifest();
            let compiled = Compiler::new(&manifest, &Default::default()).and_then(|compiler| {
                manifest
                    .model(&name)
                    .map_or(Ok(String::new()), |model| compiler.model(model))
            });
            compiled.unwrap_or_else(|error| error.to_string())
        })
    });
    let text = Memo::new(move |_| text.get());
    view! { <CodeView text label /> }
}

/// A sample of the model's rows.
#[component]
fn Rows(project: Project, name: String) -> impl IntoView {
    let manifest = project.manifest();
    let relation = manifest
        .model(&name)
        .map_or_else(String::new, |model| model.relation());
    let sql = |limit| statement!("rows.sql", relation = &relation, limit = limit);
    view! {
        <RowsView
            sql=Signal::stored(sql(Some(SAMPLE)))
            every=Signal::stored(sql(None))
            name=name
            label=format!("The first {SAMPLE} rows; the CSV file holds all")
            empty="The table has no rows."
        />
    }
}

/// The tests declared on the model, and those of the project that read it.
#[component]
fn Tests(project: Project, name: String) -> impl IntoView {
    let shown = move || {
        let manifest = project.manifest();
        let mut of_model: Vec<_> = checks(&manifest, project.tests().as_deref())
            .into_iter()
            .filter(|check| match &check.node {
                Some(node) => *node == name,
                None => manifest
                    .test(&check.name)
                    .is_some_and(|test| test.refs.contains(&name)),
            })
            .collect();
        of_model.sort_by_key(|check| check.verdict);
        let rows = of_model.into_iter();
        rows.map(|check| view! { <TestRow project check is_open=false /> })
            .collect_view()
    };
    view! { <ul class="test-list">{shown}</ul> }
}
