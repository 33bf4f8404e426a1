//! What stands on the cells of heatmaps, which is not written by ECharts' labels: they cost more than
//! the cells (docs/performance.md).

use serde_json::{Value, json};

use super::theme::FONT;

/// Takes the labels of an ECharts option's heatmaps out of it: parts for `writeCells` of
/// `scripts/cell_text.js`, one a series that has labels.
pub(super) fn take(option: &mut Value) -> Value {
    let mut parts = Vec::new();
    for series in option["series"].as_array_mut().into_iter().flatten() {
        if series["type"] != "heatmap" || series["label"]["show"] != true {
            continue;
        }
        series["label"]["show"] = json!(false);
        let label = &series["label"];
        let place = dimension(label["formatter"].as_str());
        let cells: Vec<Value> = series["data"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|cell| json!([cell[0], cell[1], text(&cell[place])]))
            .collect();
        let size = label["fontSize"].as_f64().unwrap_or(12.0);
        parts.push(json!({
            "color": label["color"],
            "font": format!("{size}px {FONT}"),
            "cells": cells,
        }));
    }
    json!(parts)
}

/// The value that is written: that of a formatter such as `{@[3]}`, or a cell's own.
fn dimension(formatter: Option<&str>) -> usize {
    formatter
        .and_then(|text| text.strip_prefix("{@[")?.strip_suffix("]}")?.parse().ok())
        .unwrap_or(2)
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number
            .as_f64()
            .map_or_else(String::new, |number| number.to_string()),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_taken_out_and_their_text_is_kept() {
        let mut option = json!({ "series": [
            { "type": "heatmap", "label": { "show": true, "color": "#111", "fontSize": 11.0 }, "data": [[0.0, 1.0, 45.0]] },
            { "type": "heatmap", "label": { "show": true, "formatter": "{@[3]}" }, "data": [[2, 0, 0.5, "12%"]] },
            { "type": "heatmap", "label": { "show": false }, "data": [[0, 0, 1]] },
            { "type": "line", "label": { "show": true }, "data": [1] },
        ] });
        let parts = take(&mut option);
        assert_eq!(parts.as_array().map(Vec::len), Some(2));
        assert_eq!(parts[0]["cells"], json!([[0.0, 1.0, "45"]]));
        assert_eq!(parts[0]["color"], "#111");
        assert!(parts[0]["font"].as_str().unwrap().starts_with("11px "));
        assert_eq!(parts[1]["cells"], json!([[2, 0, "12%"]]));
        assert_eq!(option["series"][0]["label"]["show"], false);
        assert_eq!(option["series"][3]["label"]["show"], true);
    }
}
