//! Treemaps: charming's have no data and ECharts' read no dataset, so the one becomes the other.

use serde_json::{Value, json};

/// Gives each treemap of an ECharts option the rows of the option's dataset as its tiles: name,
/// area, colour of the tile and of its text, what is written on it, and, where tiles are small, the
/// height of its lines.
pub fn fill(option: &mut Value) {
    let Some(rows) = option.pointer("/dataset/0/source").cloned() else {
        return;
    };
    let tiles: Vec<Value> = rows
        .as_array()
        .into_iter()
        .flatten()
        .map(|row| {
            json!({
                "name": row[0],
                "value": row[1],
                "itemStyle": { "color": row[2] },
                "label": label(row),
            })
        })
        .collect();
    let mut is_filled = false;
    for series in option["series"].as_array_mut().into_iter().flatten() {
        if series["type"] == "treemap" {
            series["data"] = json!(tiles);
            series["nodeClick"] = json!(false);
            series["roam"] = json!(false);
            series["breadcrumb"] = json!({ "show": false });
            series["sort"] = json!("desc");
            is_filled = true;
        }
    }
    if is_filled && let Some(option) = option.as_object_mut() {
        option.remove("dataset");
    }
}

/// What is written on a tile; where its lines are lower than usual, also nearer to its edge.
fn label(row: &Value) -> Value {
    let mut label = json!({ "color": row[3], "formatter": row[4], "lineHeight": 16 });
    if row[5].is_number() {
        label["lineHeight"] = row[5].clone();
        label["padding"] = json!(3);
    }
    label
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_become_tiles_and_other_charts_stay() {
        let mut option = json!({
            "dataset": [{ "source": [["Loyal", 40, "#0b6e6e", "#ffffff", "Loyal\n40"]] }],
            "series": [{ "type": "treemap" }],
        });
        fill(&mut option);
        assert_eq!(option["series"][0]["data"][0]["name"], "Loyal");
        assert_eq!(
            option["series"][0]["data"][0]["label"]["formatter"],
            "Loyal\n40"
        );
        assert_eq!(option["series"][0]["data"][0]["label"]["lineHeight"], 16);
        assert!(option.get("dataset").is_none());

        let mut small = json!({
            "dataset": [{ "source": [["Loyal", 40, "#0b6e6e", "#ffffff", "Loyal\n40", 12]] }],
            "series": [{ "type": "treemap" }],
        });
        fill(&mut small);
        assert_eq!(small["series"][0]["data"][0]["label"]["lineHeight"], 12);

        let bars = json!({ "dataset": [{ "source": [[1]] }], "series": [{ "type": "bar" }] });
        let mut same = bars.clone();
        fill(&mut same);
        assert_eq!(same, bars);
    }
}
