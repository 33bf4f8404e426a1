//! What is known of the chosen node, beside the drawing.

use leptos::prelude::*;

use super::graph::{Group, Node};
use super::status::{NodeStatus, Outcome, accused, is_failure};
use super::words::tests_long;
use crate::components::breakable::breakable;
use crate::components::format::{count, counted, duration};
use crate::transformation::Manifest;
use crate::workbench::doc_text::DocText;
use crate::workbench::page_keys::{PageKeys, use_page_keys};
use crate::workbench::project::Project;

/// The chosen node in words, with links to its neighbours, its page and its failing tests.
#[component]
pub fn Detail(
    /// What is known.
    project: Project,
    /// The chosen node.
    #[prop(into)]
    chosen: Signal<String>,
) -> impl IntoView {
    let keys = use_page_keys();
    let content = move || {
        let name = chosen.get();
        let node = project.graph.with(|graph| graph.node(&name).cloned());
        let Some(node) = node else {
            return view! { <p class="empty">{format!("There is no table named {name}.")}</p> }
                .into_any();
        };
        let statuses = project.statuses;
        let status = statuses.with(|statuses| statuses.get(&name).cloned().unwrap_or_default());
        let description = description(&project.manifest(), &name);
        let is_model = matches!(node.group, Group::Model(_));
        let open = is_model.then(|| {
            view! {
                <a
                    class="button primary"
                    data-testid="open-model"
                    href=keys.href("models/", &[("model", &name), ("tab", "")])
                >
                    "Open the model"
                </a>
            }
        });
        view! {
            <div>
            <p class="label">{node.group.word()}</p>
            <h2>
                {breakable(&name)}
                {status.is_edited.then(|| view! { <span class="badge edited">"edited"</span> })}
            </h2>
            <DocText text=description />
            {open}
            </div>
            <div>
            <dl class="facts">
                <dt>"Status"</dt>
                <dd class:down=status.outcome.is_broken()>{outcome_words(&status.outcome)}</dd>
                {status.rows.map(|rows| view! { <dt>"Rows"</dt><dd>{count(rows)}</dd> })}
                {status
                    .elapsed_ms
                    .map(|elapsed| view! { <dt>"Time"</dt><dd>{duration(elapsed)}</dd> })}
                <dt>"Tests"</dt>
                <dd class:down=status.tests.is_some_and(|tests| tests.failed > 0)>
                    {tests_long(&status)}
                </dd>
            </dl>
            {failing_tests(project, keys, &name)}
            {(status.is_downstream && !status.is_at_fault)
                .then(|| {
                    let at_fault = statuses.with(|statuses| faults_above(project, &name, statuses));
                    view! {
                        <p class="remark down">
                            "Downstream of a failing table: " {neighbours(keys, &at_fault)}
                        </p>
                    }
                })}
            </div>
            <div>
                <Neighbours keys title="Reads" names=node.parents.clone() />
                <Neighbours keys title="Read by" names=node.children.clone() />
            </div>
        }
        .into_any()
    };
    view! {
        <aside class="lineage-detail" aria-label="Selected table" data-testid="lineage-detail">
            {content}
        </aside>
    }
}

/// A titled list of links that choose a table.
#[component]
fn Neighbours(keys: PageKeys, title: &'static str, names: Vec<String>) -> impl IntoView {
    (!names.is_empty()).then(|| {
        view! {
            <section>
                <h3 class="label">{title}</h3>
                <p class="neighbours">{neighbours(keys, &names)}</p>
            </section>
        }
    })
}

fn neighbours(keys: PageKeys, names: &[String]) -> impl IntoView + use<> {
    names
        .iter()
        .map(|name| {
            let href = keys.href("lineage/", &[("model", name)]);
            view! { <a href=href>{name.clone()}</a> " " }
        })
        .collect_view()
}

fn outcome_words(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Failed(error) => format!("failed: {error}"),
        Outcome::Skipped(because) => format!("skipped because {because} could not be built"),
        Outcome::Kept => "kept from the previous run".to_owned(),
        other => other.word().to_owned(),
    }
}

fn failing_tests(project: Project, keys: PageKeys, name: &str) -> impl IntoView + use<> {
    let report = project.tests()?;
    let failing: Vec<(String, u64)> = project.graph.with(|graph| {
        let tests = report.tests.iter().filter(|test| is_failure(test));
        tests
            .filter(|test| accused(graph, test).iter().any(|accused| accused == name))
            .map(|test| (test.name.clone(), test.failures))
            .collect()
    });
    if failing.is_empty() {
        return None;
    }
    let items = failing
        .into_iter()
        .map(|(test, failures)| {
            let href = keys.href("quality/", &[("test", &test), ("model", ""), ("tab", "")]);
            let rows = (failures > 0).then(|| format!(" · {}", counted(failures, "row")));
            view! {
                <li>
                    <a href=href>{test}</a>
                    {rows}
                </li>
            }
        })
        .collect_view();
    Some(view! {
        <section>
            <h3 class="label">"Failing tests"</h3>
            <ul class="failing">{items}</ul>
        </section>
    })
}

/// Tables at fault that `name` reads, through others or not.
fn faults_above(
    project: Project,
    name: &str,
    statuses: &std::collections::BTreeMap<String, NodeStatus>,
) -> Vec<String> {
    project.graph.with(|graph| {
        let line = graph.around(name, super::graph::Reach::Line);
        let is_fault = |node: &&Node| {
            let below = || graph.downstream(&std::collections::BTreeSet::from([node.name.clone()]));
            statuses
                .get(&node.name)
                .is_some_and(|status| status.is_at_fault)
                && below().contains(name)
        };
        line.into_iter()
            .filter(is_fault)
            .map(|node| node.name.clone())
            .collect()
    })
}

/// A table's description in the project's YAML.
pub fn description(manifest: &Manifest, name: &str) -> String {
    let model = manifest.model(name).map(|model| &model.description);
    let seed = || manifest.seed(name).map(|seed| &seed.description);
    let source = || {
        let mut sources = manifest.sources.iter();
        let source = sources.find(|source| source.name == name);
        source.map(|source| &source.description)
    };
    let text = model.or_else(seed).or_else(source);
    text.cloned().unwrap_or_default()
}
