//! The graph as a drawing.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::graph::{Graph, Node};
use super::layout::{Layout, NODE_HEIGHT, NODE_WIDTH, Placed};
use super::status::NodeStatus;
use super::walk::{Step, next};
use super::words::{facts, spoken, tests_short};
use crate::workbench::project::Project;

/// The element id of a node's drawing.
fn element_id(name: &str) -> String {
    format!("node-{}", name.replace('.', "-"))
}

/// Nodes and edges; arrow keys walk, Space chooses, Enter opens.
#[component]
pub fn Drawing(
    /// What is drawn.
    project: Project,
    /// Where it is drawn.
    layout: Memo<Layout>,
    /// The chosen node.
    #[prop(into)]
    chosen: Signal<String>,
    /// Names that are searched for; all when empty.
    #[prop(into)]
    search: Signal<String>,
    /// A node was chosen.
    on_choose: Callback<String>,
    /// A node is to be opened.
    on_open: Callback<String>,
) -> impl IntoView {
    // The node that has, or is to get, the keyboard.
    let current = RwSignal::new(String::new());
    let wants_focus = StoredValue::new(false);
    let focusable = Memo::new(move |_| {
        let current = current.get();
        let is_drawn = layout.with(|layout| layout.nodes.iter().any(|node| node.name == current));
        if is_drawn { current } else { chosen.get() }
    });
    Effect::new(move |_| {
        chosen.track();
        let name = current.get();
        // A node that is walked to may be drawn only when the drawing has followed.
        let is_drawn = layout.with(|layout| layout.nodes.iter().any(|node| node.name == name));
        if is_drawn && wants_focus.get_value() {
            wants_focus.set_value(false);
            request_animation_frame(move || focus(&name));
        }
    });
    Effect::new(move |_| {
        let name = chosen.get();
        layout.track();
        request_animation_frame(move || bring_into_view(&name));
    });
    let walk = move |event: KeyboardEvent, name: &str| {
        let key = event.key();
        if let Some(step) = Step::from_key(&key) {
            event.prevent_default();
            let to = project
                .graph
                .with(|graph| layout.with(|layout| next(graph, layout, name, step)));
            let Some(to) = to else { return };
            let is_drawn = layout.with(|layout| layout.nodes.iter().any(|node| node.name == to));
            if is_drawn {
                // At once: the next key may come before the next frame.
                focus(&to);
                return;
            }
            // Its neighbours are drawn once the node walked from is in the middle.
            wants_focus.set_value(true);
            current.set(to);
            on_choose.run(name.to_owned());
        } else if key == "Enter" {
            event.prevent_default();
            on_open.run(name.to_owned());
        } else if key == " " {
            event.prevent_default();
            wants_focus.set_value(true);
            current.set(name.to_owned());
            on_choose.run(name.to_owned());
        }
    };
    let node = move |placed: &Placed,
                     graph: &Graph,
                     statuses: &std::collections::BTreeMap<String, NodeStatus>| {
        let name = placed.name.clone();
        let known: Option<&Node> = graph.node(&name);
        let status = statuses.get(&name).cloned().unwrap_or_default();
        let words = known.map(|node| spoken(node, &status)).unwrap_or_default();
        let is_chosen = chosen.get() == name;
        let sought = search.get().trim().to_lowercase();
        let is_dim = !sought.is_empty() && !name.contains(&sought);
        let class = [
            ("node", true),
            (known.map_or("", |node| node.group.word()), true),
            ("chosen", is_chosen),
            ("dim", is_dim),
            ("fault", status.is_at_fault),
            ("tainted", status.is_downstream && !status.is_at_fault),
            ("broken", status.outcome.is_broken()),
            ("edited", status.is_edited),
        ]
        .into_iter()
        .filter_map(|(class, holds)| holds.then_some(class))
        .collect::<Vec<_>>()
        .join(" ");
        let (on_key, on_click, on_double) = (name.clone(), name.clone(), name.clone());
        let (focus_name, on_focus) = (name.clone(), name.clone());
        let tests = status.tests.filter(|_| status.declared > 0);
        let bar = tests.map(|tests| {
            let all = (tests.passed + tests.warned + tests.failed + tests.skipped).max(1);
            let width = |part: usize| (NODE_WIDTH - 2.0) * part as f64 / all as f64;
            let (passed, warned) = (width(tests.passed), width(tests.warned));
            let y = NODE_HEIGHT - 4.0;
            view! {
                <rect class="bar passed" x="1" y=y height="3" width=passed></rect>
                <rect class="bar warned" x=1.0 + passed y=y height="3" width=warned></rect>
                <rect class="bar failed" x=1.0 + passed + warned y=y height="3" width=width(tests.failed)></rect>
            }
        });
        let tag = status.is_edited.then(|| {
            view! {
                <g class="tag" transform=format!("translate({} -8)", NODE_WIDTH - 50.0)>
                    <rect width="44" height="16" rx="8"></rect>
                    <text x="22" y="11.5" text-anchor="middle">"edited"</text>
                </g>
            }
        });
        view! {
            <g
                id=element_id(&name)
                class=class
                role="button"
                aria-label=words
                aria-pressed=is_chosen.to_string()
                tabindex=move || if focusable.get() == focus_name { "0" } else { "-1" }
                data-testid=format!("node-{name}")
                transform=format!("translate({} {})", placed.x, placed.y)
                on:click=move |_| {
                    current.set(on_click.clone());
                    on_choose.run(on_click.clone());
                }
                on:dblclick=move |_| on_open.run(on_double.clone())
                on:focus=move |_| current.set(on_focus.clone())
                on:keydown=move |event| walk(event, &on_key)
            >
                <rect class="box" width=NODE_WIDTH height=NODE_HEIGHT rx="4"></rect>
                <text class="name" x="10" y="21">
                    {name.clone()}
                </text>
                <text class="facts" x="10" y="39">
                    {facts(&status)}
                </text>
                <text class="tests" x=NODE_WIDTH - 8.0 y="39" text-anchor="end">
                    {tests_short(&status)}
                </text>
                {bar}
                {tag}
            </g>
        }
    };
    let content = move || {
        let layout = layout.get();
        let chosen = chosen.get();
        project.graph.with(|graph| {
            project.statuses.with(|statuses| {
                let headings = layout.headings.iter().map(|heading| {
                    let (from, to) = (heading.x, heading.end);
                    view! {
                        <text class="heading" x=from y="12">
                            {heading.name}
                        </text>
                        <line class="heading-rule" x1=from x2=to y1="18" y2="18"></line>
                    }
                });
                let is_red = |name: &str| statuses.get(name).is_some_and(|status| status.is_at_fault || status.is_downstream);
                let mut edges: Vec<_> = layout.edges.iter().collect();
                // What matters is drawn last, so on top.
                edges.sort_by_key(|edge| (is_red(&edge.from), edge.from == chosen || edge.to == chosen));
                let edges = edges.into_iter().map(|edge| {
                    let class = format!(
                        "edge{}{}",
                        if is_red(&edge.from) { " red" } else { "" },
                        if edge.from == chosen || edge.to == chosen { " near" } else { "" },
                    );
                    view! { <path class=class d=edge.path.clone() data-from=edge.from.clone() data-to=edge.to.clone()></path> }
                });
                view! {
                    <g aria-hidden="true">{headings.collect_view()} {edges.collect_view()}</g>
                    <g>
                        {layout.nodes.iter().map(|placed| node(placed, graph, statuses)).collect_view()}
                    </g>
                }
            })
        })
    };
    view! {
        <div class="lineage-scroll" role="group" aria-label="Lineage drawing">
            <svg
                class="lineage-drawing"
                data-testid="lineage-drawing"
                role="group"
                aria-label="Tables and their dependencies. Arrow keys move along edges, Space selects a table, Enter opens the model."
                width=move || layout.with(|layout| layout.width)
                height=move || layout.with(|layout| layout.height)
            >
                {content}
            </svg>
        </div>
    }
}

fn focus(name: &str) {
    use wasm_bindgen::JsCast;
    let element = document().get_element_by_id(&element_id(name));
    let Some(element) = element else { return };
    // SVG elements have `focus`, too, but web-sys declares it on HTML's only.
    if let Ok(focus) = js_sys::Reflect::get(&element, &"focus".into())
        && let Some(focus) = focus.dyn_ref::<js_sys::Function>()
    {
        let _ = focus.call0(&element);
    }
}

/// Scrolls the drawing, not the page, so that a node is in it.
fn bring_into_view(name: &str) {
    let Some(node) = document().get_element_by_id(&element_id(name)) else {
        return;
    };
    let Ok(Some(frame)) = node.closest(".lineage-scroll") else {
        return;
    };
    let (inner, outer) = (
        node.get_bounding_client_rect(),
        frame.get_bounding_client_rect(),
    );
    let margin = 24.0;
    let past_top = inner.top() - margin - outer.top();
    let past_bottom = inner.bottom() + margin - outer.bottom();
    if past_top < 0.0 || past_bottom > 0.0 {
        let shift = inner.top() - outer.top() - (outer.height() - inner.height()) / 2.0;
        frame.set_scroll_top(frame.scroll_top() + shift.round() as i32);
    }
    let past_left = inner.left() - margin - outer.left();
    let past_right = inner.right() + margin - outer.right();
    if past_left < 0.0 || past_right > 0.0 {
        let shift = inner.left() - outer.left() - (outer.width() - inner.width()) / 2.0;
        frame.set_scroll_left(frame.scroll_left() + shift.round() as i32);
    }
}
