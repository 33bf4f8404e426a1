//! The driver tree as nested lists.

use leptos::prelude::*;

use super::drivers::{DriverNode, TREE};
use crate::dashboards::executive::panels::drivers::NorthStarDay;

/// The tree with each node's value and change.
#[component]
pub fn DriverTree(
    /// The earlier day, if there is one, and the last.
    days: Vec<NorthStarDay>,
) -> impl IntoView {
    let now = days.last().cloned();
    let before = (days.len() > 1).then(|| days.first().cloned()).flatten();
    let tree = now.map(|now| node(&TREE, &now, before.as_ref(), true));
    view! {
        <div class="driver-tree" tabindex="0" role="region" aria-label="Driver tree">
            <ul>{tree}</ul>
        </div>
    }
}

fn node(
    driver: &'static DriverNode,
    now: &NorthStarDay,
    before: Option<&NorthStarDay>,
    is_root: bool,
) -> AnyView {
    let value = (driver.value)(now);
    let change = before.and_then(|before| driver.change(now, before));
    let change = change.map(|change| {
        let class = match change.is_welcome {
            Some(true) => "delta up",
            Some(false) => "delta down",
            None => "delta",
        };
        view! { <span class=class>{change.text}</span> }
    });
    let children = (!driver.children.is_empty()).then(|| {
        let children = driver.children.iter();
        let children = children.map(|child| node(child, now, before, false));
        view! { <ul>{children.collect_view()}</ul> }
    });
    let raw = value.map(|value| value.to_string()).unwrap_or_default();
    let text = value.map_or_else(|| "–".to_owned(), |value| driver.format.short(value));
    let full = value.map(|value| driver.format.full(value));
    view! {
        <li>
            <div
                class=if is_root { "driver root" } else { "driver" }
                data-testid=format!("driver-{}", driver.id)
            >
                <span class="label">{driver.label}</span>
                <span class="figure" data-value=raw title=full>
                    {text}
                </span>
                {change}
            </div>
            {children}
        </li>
    }
    .into_any()
}
