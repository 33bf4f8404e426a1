//! Draws a [`ChartSpec`] with ECharts.

use leptos::html::Div;
use leptos::prelude::*;
use serde_json::json;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlElement, ResizeObserver};

use super::browser::{Screen, prefers_reduced_motion};
use super::chart_clicks::{listen, mark_of};
use super::chart_library::ChartLibrary;
use super::chart_notes::{self, ChartNote};
use super::chart_parts;
use super::chart_shape;
use super::chart_spec::{ChartMark, ChartSpec, TooltipWriter};
use super::drawing_queue::draw_soon;
use super::echarts::{self, EChart};
use super::format::ValueFormat;
use super::js_values::{child, each, get, set, to_js};
use super::running;
use super::theme::{Theme, ThemeName};
use super::tooltip_nodes::tooltip_nodes;

/// A drawn chart, for those who want its image; empty until what is asked for now is drawn.
pub type ChartHandle = StoredValue<Option<EChart>, LocalStorage>;

/// What lives as long as the drawing: dropped in one go.
struct Drawing {
    chart: EChart,
    observer: Option<ResizeObserver>,
    _on_resize: Closure<dyn FnMut()>,
    _on_click: Vec<Closure<dyn FnMut(JsValue)>>,
    formatters: Vec<Formatter>,
    _names: Option<NameFilter>,
    theme: ThemeName,
    /// Which settings the chart was drawn with last; empty while nothing is drawn.
    shape: String,
}

impl Drop for Drawing {
    fn drop(&mut self) {
        if let Some(observer) = &self.observer {
            observer.disconnect();
        }
        let _ = self.chart.dispose();
    }
}

/// A chart that follows its data, its theme and its size.
#[component]
pub fn ChartView(
    /// What to draw.
    #[prop(into)]
    spec: Signal<Option<ChartSpec>, LocalStorage>,
    /// The theme to draw it in.
    theme: Signal<ThemeName>,
    /// Where the drawn chart is put.
    handle: ChartHandle,
    /// Called with a mark that was clicked, or with the column it was clicked in.
    #[prop(optional_no_strip)]
    on_mark: Option<Callback<ChartMark>>,
    /// What is noted on its time axis.
    #[prop(optional_no_strip)]
    notes: Option<Signal<Vec<ChartNote>, LocalStorage>>,
) -> impl IntoView {
    let element = NodeRef::<Div>::new();
    let drawing = StoredValue::new_local(None::<Drawing>);
    // Of several asked for in a row only the last is drawn.
    let asked = StoredValue::new(0_u32);
    let printed = RwSignal::new(());
    let screen = expect_context::<Screen>();
    let library = expect_context::<ChartLibrary>();

    Effect::new(move |_| {
        printed.track();
        library.track();
        let is_narrow = screen.is_narrow.get();
        let (Some(element), Some(spec), theme) = (element.get(), spec.get(), theme.get()) else {
            return;
        };
        let notes = notes.map(|notes| notes.get()).unwrap_or_default();
        let number = asked.get_value().wrapping_add(1);
        asked.set_value(number);
        // Until it is drawn, a picture would show what stood here before.
        handle.set_value(None);
        let is_last = move || asked.try_get_value() == Some(number);
        let _ = element.set_attribute("data-drawn", "false");
        leptos::task::spawn_local(async move {
            if !library.load().await {
                return;
            }
            // Making and drawing are steps of their own: a page of charts never blocks for long.
            let is_of_theme = drawing.try_with_value(|drawing| {
                let drawing = drawing.as_ref();
                drawing.is_some_and(|drawing| drawing.theme == theme)
            });
            if is_of_theme == Some(false) {
                let element = element.clone();
                draw_soon(move || {
                    if is_last() {
                        drawing.try_update_value(|drawing| {
                            *drawing = None;
                            *drawing = start(&element, theme, on_mark);
                        });
                    }
                });
            }
            draw_soon(move || {
                if !is_last() {
                    return;
                }
                drawing.try_update_value(|drawing| {
                    if let Some(drawing) = drawing.as_mut().filter(|drawing| drawing.theme == theme)
                    {
                        handle.set_value(Some(drawing.chart.clone()));
                        draw(drawing, &element, &spec, &notes, is_narrow);
                    }
                });
                let _ = element.set_attribute("data-drawn", "true");
            });
        });
    });
    // Paper is printed before the next frame: there is no time for tasks.
    let on_print = window_event_listener_untyped("beforeprint", move |_| {
        // Measured before the drawing goes: without it, a sheet's element has no height.
        let height = element.get_untracked().map_or(0, |one| one.client_height());
        let spec = spec.get_untracked().filter(|_| height > 0);
        let (Some(element), Some(spec)) = (element.get_untracked(), spec) else {
            return;
        };
        let notes = notes.map(|notes| notes.get_untracked());
        let notes = notes.unwrap_or_default();
        drawing.try_update_value(|drawing| {
            *drawing = None;
            *drawing = start(&element, theme.get_untracked(), None);
            if let Some(drawing) = drawing {
                draw_for_paper(drawing, &spec, &notes, height);
            }
        });
    });
    // Back to the screen, in whatever theme.
    let after_print = window_event_listener_untyped("afterprint", move |_| {
        drawing.try_update_value(|drawing| *drawing = None);
        printed.notify();
    });
    on_cleanup(move || {
        on_print.remove();
        after_print.remove();
        handle.try_set_value(None);
        drawing.try_update_value(|drawing| *drawing = None);
    });

    let summary = move || spec.with(|spec| spec.as_ref().map(|spec| spec.summary.clone()));
    view! { <div class="chart" node_ref=element role="img" aria-label=summary></div> }
}

fn start(
    element: &HtmlElement,
    theme: ThemeName,
    on_mark: Option<Callback<ChartMark>>,
) -> Option<Drawing> {
    let colours: &Theme = theme.colours();
    let chart = echarts::init(
        element,
        &to_js(&colours.for_echarts()),
        &to_js(&json!({ "renderer": "canvas" })),
    )
    .inspect_err(|error| leptos::logging::warn!("no chart could be made: {error:?}"))
    .ok()?;

    let (resized, around) = (chart.clone(), element.clone());
    let on_resize = Closure::<dyn FnMut()>::new(move || {
        // What is drawn in a moment takes the new size with it.
        let is_waiting = around.get_attribute("data-drawn").as_deref() == Some("false");
        if !is_waiting && !fits(&resized, &around) {
            let _ = resized.resize();
            let _ = echarts::place_cells(&resized);
        }
    });
    let observer = ResizeObserver::new(on_resize.as_ref().unchecked_ref()).ok();
    if let Some(observer) = &observer {
        observer.observe(element);
    }

    let on_click = on_mark.map_or_else(Vec::new, |on_mark| listen(&chart, on_mark));

    Some(Drawing {
        chart,
        observer,
        _on_resize: on_resize,
        _on_click: on_click,
        formatters: Vec::new(),
        _names: None,
        theme,
        shape: String::new(),
    })
}

/// Whether a chart is as large as its element.
fn fits(chart: &EChart, element: &HtmlElement) -> bool {
    let size = (element.client_width(), element.client_height());
    (chart.width(), chart.height()) == (size.0.into(), size.1.into())
}

/// Width of the printed part of a sheet, in CSS pixels; `public/css/print.css` fits charts into it.
const PAPER_WIDTH: f64 = 700.0;

fn draw_for_paper(drawing: &mut Drawing, spec: &ChartSpec, notes: &[ChartNote], height: i32) {
    if let Some(observer) = drawing.observer.take() {
        observer.disconnect();
    }
    let size = to_js(&json!({ "width": PAPER_WIDTH, "height": height }));
    let _ = drawing.chart.resize_to(&size);
    draw_now(drawing, spec, notes, true, false);
    if let Ok(canvas) = drawing.chart.zr() {
        let _ = canvas.flush();
    }
}

fn draw(
    drawing: &mut Drawing,
    element: &HtmlElement,
    spec: &ChartSpec,
    notes: &[ChartNote],
    is_narrow: bool,
) {
    if !fits(&drawing.chart, element) {
        // What is no longer asked for would be drawn in the new size first.
        let _ = drawing.chart.clear();
        drawing.shape.clear();
        let _ = drawing.chart.resize();
    }
    draw_now(drawing, spec, notes, prefers_reduced_motion(), is_narrow);
}

/// Points from which on a series of a scatter plot is drawn as one shape.
const LARGE: usize = 100;

fn draw_now(
    drawing: &mut Drawing,
    spec: &ChartSpec,
    notes: &[ChartNote],
    is_calm: bool,
    is_narrow: bool,
) {
    let Ok(mut option) = serde_json::to_value(&spec.chart) else {
        return;
    };
    super::treemap::fill(&mut option);
    chart_parts::finish(&mut option);
    if let Some(place) = spec.running {
        running::fill(&mut option, place, drawing.theme.colours());
    }
    chart_notes::fill(&mut option, notes, drawing.theme.colours());
    let motion = [
        ("animation", json!(!is_calm)),
        ("animationDuration", json!(180)),
        ("animationDurationUpdate", json!(180)),
    ];
    for (key, value) in &motion {
        option[*key] = value.clone();
    }
    for series in option["series"].as_array_mut().into_iter().flatten() {
        // Lines and areas tell of clicks only when asked to.
        if series["type"] == "line" {
            series["triggerLineEvent"] = json!(true);
        }
        // Many points are one shape: one element a point takes three times as long.
        if series["type"] == "scatter" {
            series["large"] = json!(true);
            series["largeThreshold"] = json!(LARGE);
        }
        // Slim nodes leave room for names beside them, gaps give each name a line of its own; charming's
        // sankey knows neither.
        if series["type"] == "sankey" {
            let (width, gap) = if is_narrow { (6, 14) } else { (14, 11) };
            series["nodeWidth"] = json!(width);
            series["nodeGap"] = json!(gap);
        }
        // Treemaps have a pace of their own, eight times as slow.
        if series["type"] == "treemap" {
            for (key, value) in &motion {
                series[*key] = value.clone();
            }
        }
    }
    // Charts of several grids give names the room they need: it need not be looked for once more, and
    // no grid is made narrower than those beside it.
    if let Some(grids) = option["grid"].as_array_mut()
        && grids.len() > 1
    {
        for grid in grids {
            grid["outerBoundsMode"] = json!("none");
        }
    }
    let on_cells = super::cell_text::take(&mut option);
    let mut shape = chart_shape::shape(&option);
    let option = to_js(&option);

    let ticks = tick_formatter(spec.ticks);
    for axes in ["xAxis", "yAxis"] {
        for axis in each(&get(&option, axes)) {
            if get(&axis, "type").as_string().as_deref() == Some("value") {
                set(&child(&axis, "axisLabel"), "formatter", ticks.as_ref());
                // An axis of nothing but zeros would have ticks that all read the same.
                if let Some(step) = spec.ticks.least_step() {
                    set(&axis, "minInterval", &step.into());
                }
            }
        }
    }
    let named = named_only();
    for axes in ["xAxis", "yAxis"] {
        for axis in each(&get(&option, axes)) {
            if get(&axis, "type").as_string().as_deref() != Some("category") {
                continue;
            }
            // Of a thousand days a dozen have a name: the others are not laid out at all.
            if each(&get(&axis, "data")).iter().any(is_blank) {
                set(&child(&axis, "axisLabel"), "interval", named.as_ref());
                shape.push_str(" some unnamed");
            }
            if axes == "xAxis" {
                let room = make_room(&axis, is_narrow);
                shape.push_str(room);
                let is_titled = get(&axis, "nameLocation").as_string().as_deref() == Some("middle");
                if room == TURNED && is_titled {
                    set(&axis, "nameGap", &JsValue::from_f64(BELOW_TURNED));
                    for grid in each(&get(&option, "grid")) {
                        set(&grid, "bottom", &JsValue::from_f64(BELOW_TURNED));
                    }
                }
            }
        }
    }
    let table = tooltip_formatter(spec.tooltip.clone());
    let tooltip = get(&option, "tooltip");
    for tooltip in each(&tooltip) {
        set(&tooltip, "formatter", table.as_ref());
        set(&tooltip, "confine", &JsValue::TRUE);
        set(&tooltip, "className", &JsValue::from_str("chart-tooltip"));
        // The look is the style sheet's: ECharts' own is switched off.
        set(
            &tooltip,
            "backgroundColor",
            &JsValue::from_str("transparent"),
        );
        set(&tooltip, "borderWidth", &JsValue::from_f64(0.0));
        set(&tooltip, "padding", &JsValue::from_f64(0.0));
        set(&tooltip, "transitionDuration", &JsValue::from_f64(0.0));
        set(
            &tooltip,
            "extraCssText",
            &JsValue::from_str("box-shadow:none"),
        );
    }

    // Where every setting is passed again, only the series must be rebuilt: a quarter less work.
    let is_alike = drawing.shape == shape;
    let how = to_js(&if is_alike {
        json!({ "replaceMerge": ["series"] })
    } else {
        json!({ "notMerge": true })
    });
    drawing.shape = shape;
    if let Err(error) = drawing.chart.set_option(&option, &how) {
        leptos::logging::warn!("a chart could not be drawn: {error:?}");
        drawing.shape.clear();
    }
    if let Err(error) = echarts::write_cells(&drawing.chart, &to_js(&on_cells)) {
        leptos::logging::warn!("cells could not be written on: {error:?}");
    }
    // The old formatters may be dropped only now that the chart has let go of them.
    drawing.formatters = vec![ticks, table];
    drawing._names = Some(named);
}

/// What was done to names that were turned.
const TURNED: &str = " turned";
/// Pixels from an axis whose names are turned to its title, and below it.
const BELOW_TURNED: f64 = 56.0;

/// Keeps the names along an axis from running into each other on narrow screens: a few long ones are
/// turned, of many some are left out. Gives what was done, for the shape.
fn make_room(axis: &JsValue, is_narrow: bool) -> &'static str {
    /// So many letters fit side by side on a telephone.
    const FITTING: usize = 40;
    let names = each(&get(axis, "data"));
    let letters: usize = names
        .iter()
        .filter_map(JsValue::as_string)
        .map(|name| name.chars().count())
        .sum();
    let label = child(axis, "axisLabel");
    if letters <= FITTING {
        // Numbers of columns fit; told to look, ECharts leaves out the first and the last of them.
        ""
    } else if names.len() > 8 {
        set(&label, "hideOverlap", &JsValue::TRUE);
        " some hidden"
    } else if is_narrow {
        set(&label, "rotate", &JsValue::from_f64(30.0));
        TURNED
    } else {
        ""
    }
}

type Formatter = Closure<dyn FnMut(JsValue) -> JsValue>;

/// Told a name's position along an axis and the name: whether it is written.
type NameFilter = Closure<dyn FnMut(JsValue, JsValue) -> bool>;

fn named_only() -> NameFilter {
    Closure::new(|_: JsValue, name: JsValue| !is_blank(&name))
}

fn is_blank(name: &JsValue) -> bool {
    name.as_string().is_some_and(|name| name.is_empty())
}

fn tick_formatter(format: ValueFormat) -> Formatter {
    Closure::new(move |value: JsValue| {
        let text = value.as_f64().map(|value| format.tick(value));
        JsValue::from_str(&text.unwrap_or_default())
    })
}

fn tooltip_formatter(write: TooltipWriter) -> Formatter {
    Closure::new(move |marks: JsValue| {
        // Over an axis ECharts gives every mark there; the first belongs to a real series.
        let mark = each(&marks).into_iter().next().unwrap_or(JsValue::NULL);
        let tooltip = mark_of(&mark).and_then(|mark| write(&mark));
        match tooltip.as_ref().and_then(tooltip_nodes) {
            Some(nodes) => nodes.into(),
            None => JsValue::from_str(""),
        }
    })
}
