//! ECharts made ready while the rows are still on their way.

use std::cell::Cell;

use charming::Chart;
use charming::component::{Axis, Grid};
use charming::element::{AxisLabel, AxisType, Symbol};
use charming::series::{Bar, Line};
use gloo::timers::future::TimeoutFuture;
use leptos::prelude::document;
use serde_json::json;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::chart_parts::{EndName, axis_tooltip, category_axis, end_names, grid, value_axis};
use super::echarts;
use super::js_values::to_js;
use super::theme::ThemeName;

/// Milliseconds after which the page itself is painted and waits for its data.
const AFTER: u32 = 1_500;

/// Loads ECharts and draws with it off screen, once a page: the browser makes code ready when
/// it first runs, and the first chart would hold the page for that long.
pub fn warm_up() {
    thread_local! {
        static IS_ASKED: Cell<bool> = const { Cell::new(false) };
    }
    if IS_ASKED.replace(true) {
        return;
    }
    leptos::task::spawn_local(async {
        TimeoutFuture::new(AFTER).await;
        // Who needs it next asks again, and tells the reader.
        if echarts::load().await.is_ok() {
            draw_aside().await;
        }
    });
}

async fn draw_aside() {
    let element = document().create_element("div").ok();
    let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) else {
        return;
    };
    let colours = to_js(&ThemeName::default().colours().for_echarts());
    let size = to_js(&json!({ "renderer": "canvas", "width": 480, "height": 240 }));
    TimeoutFuture::new(0).await;
    let Ok(aside) = echarts::init(&element, &colours, &size) else {
        return;
    };
    let whole = to_js(&json!({ "notMerge": true }));
    for option in samples() {
        TimeoutFuture::new(0).await;
        let Ok(mut option) = serde_json::to_value(option) else {
            break;
        };
        option["animation"] = json!(false);
        TimeoutFuture::new(0).await;
        if aside.set_option(&to_js(&option), &whole).is_err() {
            break;
        }
        TimeoutFuture::new(0).await;
        if let Ok(canvas) = aside.zr() {
            let _ = canvas.flush();
        }
    }
    let _ = aside.dispose();
}

/// Ever more of what charts are made of, so that no step takes long.
fn samples() -> Vec<Chart> {
    let theme = ThemeName::default().colours();
    let bare = |kind| {
        Axis::new()
            .type_(kind)
            .axis_label(AxisLabel::new().show(false))
    };
    let names = ["Jan", "", "", "Apr"].map(str::to_owned).to_vec();
    let axes = Chart::new()
        .grid(grid(12.0))
        .x_axis(category_axis(theme, names))
        .y_axis(value_axis(theme));
    let lines = axes
        .clone()
        .series(Line::new().symbol(Symbol::None).data(vec![1, 2, 3, 4]));
    let bars = lines
        .clone()
        .series(Bar::new().stack("all").data(vec![4, 3, 2, 1]));
    let labels = bars.clone().series(end_names(&[EndName {
        name: "Name".into(),
        colour: theme.ink,
        position: 3,
        height: 4.0,
    }]));
    vec![
        Chart::new(),
        Chart::new()
            .grid(Grid::new())
            .x_axis(bare(AxisType::Value))
            .y_axis(bare(AxisType::Value)),
        Chart::new()
            .grid(Grid::new())
            .x_axis(bare(AxisType::Category).data(vec!["Jan"]))
            .y_axis(value_axis(theme)),
        axes,
        lines.clone(),
        lines.tooltip(axis_tooltip(theme)),
        bars,
        labels,
    ]
}
