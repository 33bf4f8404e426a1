//! Marks the last place of a time axis as a period that is not over: columns pale with dashed edges,
//! lines dashed up to it.

use serde_json::{Value, json};

use super::chart_parts::UNFINISHED;
use super::theme::{Theme, with_opacity};

/// The level ECharts draws lines on when a series names none.
const LINE_LEVEL: f64 = 3.0;

/// Marks the `place` along an ECharts option's axis of names; whatever the chart draws there as
/// columns or lines is marked alike. Adds series that no click and no tooltip hits.
pub fn fill(option: &mut Value, place: usize, theme: &Theme) {
    let Some(all) = option["series"].as_array_mut() else {
        return;
    };
    let mut dashes = Vec::new();
    // Heights of stacked lines so far, below the place and before it.
    let mut stacks: Vec<(String, [f64; 2])> = Vec::new();
    for series in all.iter_mut() {
        match series["type"].as_str() {
            Some("bar") => pale(series, place),
            Some("line") => dashes.extend(dash(series, place, &mut stacks, theme)),
            _ => {}
        }
    }
    all.append(&mut dashes);
}

fn pale(series: &mut Value, place: usize) {
    let colour = series["itemStyle"]["color"].as_str().map(str::to_owned);
    let Some(item) = series["data"].get_mut(place) else {
        return;
    };
    let own = item["itemStyle"]["color"].as_str().map(str::to_owned);
    let Some(colour) = own.or(colour) else {
        return;
    };
    let value = if item.is_object() {
        item["value"].take()
    } else {
        item.take()
    };
    *item = json!({
        "value": value,
        "itemStyle": {
            "color": with_opacity(&colour, UNFINISHED),
            "borderColor": colour,
            "borderWidth": 1,
            "borderType": "dashed",
            "opacity": 1,
        },
    });
}

/// The gaps that make the last stretch of a line a dashed one, in the colour of the paper: so the line
/// keeps its place among the series, and whatever is stacked on it its height.
fn dash(
    series: &mut Value,
    place: usize,
    stacks: &mut Vec<(String, [f64; 2])>,
    theme: &Theme,
) -> Option<Value> {
    let width = series["lineStyle"]["width"].as_f64().unwrap_or(2.0);
    if series["silent"] == true || width == 0.0 {
        return None;
    }
    let height = |place: usize| {
        let item = &series["data"][place];
        item.as_f64().or_else(|| item["value"].as_f64())
    };
    let mut ends = [height(place.checked_sub(1)?), height(place)];
    if let Some(name) = series["stack"].as_str() {
        let below = match stacks.iter_mut().find(|(stack, _)| stack == name) {
            Some((_, below)) => below,
            None => {
                stacks.push((name.to_owned(), [0.0; 2]));
                &mut stacks.last_mut()?.1
            }
        };
        for (end, below) in ends.iter_mut().zip(below) {
            *below += end.unwrap_or(0.0);
            *end = end.map(|_| *below);
        }
    }
    let [Some(from), Some(to)] = ends else {
        return None;
    };
    let mut data = vec![json!("-"); place - 1];
    data.extend([json!(from), json!(to)]);
    // Above the line, whose own level is ECharts' for lines unless it names one.
    let level = series["z"].as_f64().unwrap_or(LINE_LEVEL);
    Some(json!({
        "type": "line",
        "name": "Not over yet",
        "silent": true,
        "symbol": "none",
        "z": level,
        "lineStyle": { "color": theme.paper, "width": width + 1.0, "type": [4, 4] },
        "data": data,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::theme::LIGHT;

    #[test]
    fn a_column_that_is_not_over_is_pale_with_a_dashed_edge() {
        let mut option = json!({ "series": [{
            "type": "bar",
            "itemStyle": { "color": "#0b6e6e" },
            "data": [1, { "value": 2, "itemStyle": { "color": "#c8641b" } }, 3],
        }] });
        fill(&mut option, 2, &LIGHT);
        fill(&mut option, 1, &LIGHT);
        let data = &option["series"][0]["data"];
        assert_eq!(data[0], 1);
        assert_eq!(data[2]["value"], 3);
        assert_eq!(data[2]["itemStyle"]["borderType"], "dashed");
        assert_eq!(data[2]["itemStyle"]["color"], "rgba(11,110,110,0.3)");
        assert_eq!(data[1]["itemStyle"]["borderColor"], "#c8641b");
    }

    #[test]
    fn the_last_stretch_of_a_line_is_dashed_at_its_height() {
        let line = |stack: Option<&str>, data: Value| {
            let mut line = json!({ "type": "line", "lineStyle": { "width": 2 }, "data": data });
            if let Some(stack) = stack {
                line["stack"] = json!(stack);
            }
            line
        };
        let mut option = json!({ "series": [
            line(Some("mrr"), json!([1, 2, 3])),
            line(Some("mrr"), json!([10, 20, 30])),
            line(None, json!([5, 6, 7])),
            line(None, json!([5, 6, "-"])),
            json!({ "type": "line", "silent": true, "data": [1, 1, 1] }),
        ] });
        fill(&mut option, 2, &LIGHT);
        let added: Vec<Value> = (5..8)
            .map(|at| option["series"][at]["data"].clone())
            .collect();
        assert_eq!(
            added,
            [
                json!(["-", 2.0, 3.0]),
                json!(["-", 22.0, 33.0]),
                json!(["-", 6.0, 7.0])
            ]
        );
        assert_eq!(option["series"].as_array().map(Vec::len), Some(8));
        assert_eq!(option["series"][5]["silent"], true);
        // Not beneath the line, which ECharts draws on 3.
        assert_eq!(option["series"][5]["z"], 3.0);
        // A single place has no stretch before it.
        let mut single = json!({ "series": [line(None, json!([5]))] });
        fill(&mut single, 0, &LIGHT);
        assert_eq!(single["series"].as_array().map(Vec::len), Some(1));
    }
}
