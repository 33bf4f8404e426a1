//! Thin lettered marks across a chart's time axis; what each letter means stands below the chart.

use serde_json::{Value, json};

use super::chart_parts::LABEL_SIZE;
use super::theme::Theme;

/// A mark at a place on the axis of names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChartNote {
    /// Position along the axis.
    pub place: usize,
    /// What stands above it: a letter, or several.
    pub label: String,
    /// Whether it was planted: truth is a dashed ink line.
    pub is_planted: bool,
}

/// Room above the plot for the letters, in pixels.
const HEAD: i64 = 16;

/// Adds the marks to an ECharts option as a series of its own, which no click and no tooltip hits.
pub fn fill(option: &mut Value, notes: &[ChartNote], theme: &Theme) {
    if notes.is_empty() {
        return;
    }
    if let Some(top) = option.pointer_mut("/grid/0/top") {
        let height = top.as_i64().unwrap_or(0);
        *top = json!(height + HEAD);
    }
    let marks: Vec<Value> = notes
        .iter()
        .map(|note| {
            let (colour, kind) = if note.is_planted {
                (theme.ink, "dashed")
            } else {
                (theme.muted, "solid")
            };
            json!({
                "xAxis": note.place,
                "name": note.label,
                "lineStyle": { "color": colour, "width": 1, "type": kind, "opacity": 0.7 },
                "label": { "color": colour },
            })
        })
        .collect();
    let series = json!({
        "type": "line",
        "name": "Notes",
        "silent": true,
        "data": [],
        "markLine": {
            "silent": true,
            "animation": false,
            "symbol": ["none", "none"],
            "label": {
                "show": true,
                "position": "end",
                "distance": 3,
                "formatter": "{b}",
                "fontSize": LABEL_SIZE,
                "fontWeight": 600,
            },
            "data": marks,
        },
    });
    if let Some(all) = option["series"].as_array_mut() {
        all.push(series);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::theme::LIGHT;

    #[test]
    fn marks_come_last_and_make_room_for_their_letters() {
        let mut option = json!({
            "grid": [{ "top": 10 }],
            "series": [{ "type": "line", "name": "MRR" }],
        });
        let note = |place, label: &str, is_planted| ChartNote {
            place,
            label: label.to_owned(),
            is_planted,
        };
        fill(
            &mut option,
            &[note(3, "A", false), note(9, "B", true)],
            &LIGHT,
        );
        assert_eq!(option["grid"][0]["top"], 26);
        let added = &option["series"][1];
        assert_eq!(added["silent"], true);
        assert_eq!(added["markLine"]["data"][0]["xAxis"], 3);
        assert_eq!(added["markLine"]["data"][1]["lineStyle"]["type"], "dashed");

        let plain = json!({ "grid": [{ "top": 10 }], "series": [] });
        let mut same = plain.clone();
        fill(&mut same, &[], &LIGHT);
        assert_eq!(same, plain);
    }
}
