//! Tooltips as nodes: the CSP forbids inline styles, so no HTML text is ever written.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::tooltip::Tooltip;

/// The tooltip's heading, table and remark; `None` if the browser refuses to make nodes.
pub fn tooltip_nodes(tooltip: &Tooltip) -> Option<Element> {
    let root = element("div", "tooltip-body", "")?;
    append(&root, &element("div", "heading", &tooltip.heading)?);
    let table = element("table", "", "")?;
    for line in &tooltip.lines {
        let row = element("tr", if line.is_total { "total" } else { "" }, "")?;
        let name = element("td", "name", "")?;
        if let Some(colour) = line.colour {
            let swatch = element("span", "swatch", "")?
                .dyn_into::<HtmlElement>()
                .ok()?;
            // Set through the object model, which the CSP allows.
            let _ = swatch.style().set_property("background-color", colour);
            append(&name, &swatch);
        }
        append(&name, &element("span", "", &line.name)?);
        append(&row, &name);
        append(&row, &element("td", "value", &line.value)?);
        append(&table, &row);
    }
    append(&root, &table);
    if !tooltip.remark.is_empty() {
        append(&root, &element("div", "remark", &tooltip.remark)?);
    }
    Some(root)
}

fn element(tag: &str, class: &str, text: &str) -> Option<Element> {
    let element = document().create_element(tag).ok()?;
    if !class.is_empty() {
        element.set_class_name(class);
    }
    if !text.is_empty() {
        element.set_text_content(Some(text));
    }
    Some(element)
}

fn append(parent: &Element, child: &Element) {
    // Fails only for a child that holds its parent.
    let _ = parent.append_child(child);
}
