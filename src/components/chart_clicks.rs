//! From a click on a chart to the mark it hits.

use std::cell::Cell;
use std::rc::Rc;

use leptos::prelude::*;
use serde_json::json;
use wasm_bindgen::prelude::*;

use super::chart_spec::ChartMark;
use super::echarts::EChart;
use super::js_values::{each, get, to_js};

/// Listens to clicks on marks, and on the columns of an axis beside them.
pub(super) fn listen(
    chart: &EChart,
    on_mark: Callback<ChartMark>,
) -> Vec<Closure<dyn FnMut(JsValue)>> {
    // The chart tells of a mark after its canvas tells of the click.
    let is_told = Rc::new(Cell::new(false));
    let told = Rc::clone(&is_told);
    let clicked = chart.clone();
    let on_hit = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
        // On a line or the area below it the chart knows the series, but not the place along it.
        let mark = mark_of(&event).or_else(|| {
            let series = get(&event, "seriesIndex").as_f64()?;
            Some(ChartMark {
                series: Some(series as usize),
                series_name: get(&event, "seriesName").as_string().unwrap_or_default(),
                index: column_at(&clicked, &get(&event, "event"))?,
                ..ChartMark::default()
            })
        });
        if let Some(mark) = mark {
            told.set(true);
            on_mark.run(mark);
        }
    });
    let _ = chart.on("click", on_hit.as_ref().unchecked_ref());
    let clicked = chart.clone();
    let on_column = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
        is_told.set(false);
        if let Some(index) = column_at(&clicked, &event) {
            let is_told = Rc::clone(&is_told);
            leptos::task::spawn_local(async move {
                if !is_told.get() {
                    on_mark.run(ChartMark {
                        index,
                        ..ChartMark::default()
                    });
                }
            });
        }
    });
    if let Ok(canvas) = chart.zr() {
        let _ = canvas.on("click", on_column.as_ref().unchecked_ref());
    }
    vec![on_hit, on_column]
}

/// The position along the axis of names at a click inside the grid.
fn column_at(chart: &EChart, event: &JsValue) -> Option<usize> {
    let finder = to_js(&json!({ "gridIndex": 0 }));
    let place = js_sys::Array::of2(&get(event, "offsetX"), &get(event, "offsetY"));
    if !chart.contains(&finder, &place).unwrap_or(false) {
        return None;
    }
    let option = chart.option().ok()?;
    let is_named = |axes: &str| {
        let axes = each(&get(&option, axes));
        axes.first()
            .is_some_and(|axis| get(axis, "type").as_string().as_deref() == Some("category"))
    };
    let axis = [("xAxis", 0), ("yAxis", 1)]
        .into_iter()
        .find(|(axes, _)| is_named(axes))?
        .1;
    let place = js_sys::Array::from(&chart.from_pixel(&finder, &place).ok()?);
    let index = place.get(axis).as_f64()?;
    (index >= 0.0).then(|| index.round() as usize)
}

/// The mark that ECharts tells of; none between marks.
pub(super) fn mark_of(event: &JsValue) -> Option<ChartMark> {
    let index = get(event, "dataIndex").as_f64()?;
    let series = get(event, "seriesIndex").as_f64();
    Some(ChartMark {
        series: series.map(|series| series as usize),
        series_name: get(event, "seriesName").as_string().unwrap_or_default(),
        index: index as usize,
        name: get(event, "name").as_string().unwrap_or_default(),
        is_link: get(event, "dataType").as_string().as_deref() == Some("edge"),
    })
}
