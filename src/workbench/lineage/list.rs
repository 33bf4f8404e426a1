//! The graph as lists, for screens too narrow for the drawing.

use leptos::prelude::*;

use super::graph::{Group, Node, Reach};
use super::words::{facts, tests_short};
use crate::components::breakable::breakable;
use crate::workbench::page_keys::use_page_keys;
use crate::workbench::project::Project;

/// What the chosen table reads, the table itself, and who reads it; or all tables by layer.
#[component]
pub fn LineageList(
    /// What is known.
    project: Project,
    /// The chosen node.
    #[prop(into)]
    chosen: Signal<String>,
    /// How much is shown.
    reach: Memo<Reach>,
) -> impl IntoView {
    let keys = use_page_keys();
    let item = move |node: &Node| {
        let status = project
            .statuses
            .with(|statuses| statuses.get(&node.name).cloned().unwrap_or_default());
        let class = format!(
            "lineage-item{}{}",
            if status.is_at_fault { " fault" } else { "" },
            if status.is_downstream { " tainted" } else { "" },
        );
        let edited = if status.is_edited { " · edited" } else { "" };
        let is_chosen = chosen.get() == node.name;
        view! {
            <li>
                <a
                    class=class
                    href=keys.href("lineage/", &[("model", &node.name)])
                    aria-current=is_chosen.then_some("true")
                >
                    <strong>{breakable(&node.name)}</strong>
                    <span>{format!("{}{edited}", facts(&status))}</span>
                    <span class="tests">{tests_short(&status)}</span>
                </a>
            </li>
        }
    };
    let part = move |title: String, nodes: Vec<Node>| {
        (!nodes.is_empty()).then(|| {
            view! {
                <section>
                    <h2 class="label">{title}</h2>
                    <ul>{nodes.iter().map(item).collect_view()}</ul>
                </section>
            }
        })
    };
    let content = move || {
        let name = chosen.get();
        let graph = project.graph.get();
        let all = |names: &[String]| -> Vec<Node> {
            names
                .iter()
                .filter_map(|name| graph.node(name))
                .cloned()
                .collect()
        };
        match (reach.get(), graph.node(&name)) {
            (Reach::One, Some(node)) => {
                let reads = format!("Reads {}", node.parents.len());
                let read_by = format!("Read by {}", node.children.len());
                view! {
                    {part(reads, all(&node.parents))}
                    {part("Chosen".to_owned(), vec![node.clone()])}
                    {part(read_by, all(&node.children))}
                }
                .into_any()
            }
            (reach, _) => {
                let shown = graph.around(&name, reach);
                Group::COLUMNS
                    .iter()
                    .enumerate()
                    .map(|(column, title)| {
                        let nodes = shown.iter().filter(|node| node.group.column() == column);
                        part(
                            (*title).to_owned(),
                            nodes.map(|node| (*node).clone()).collect(),
                        )
                    })
                    .collect_view()
                    .into_any()
            }
        }
    };
    view! { <div class="lineage-list" data-testid="lineage-list">{content}</div> }
}
