//! A panel as a picture: its question, answer, chart and source on one sheet.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use wasm_bindgen::JsValue;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use super::echarts::EChart;
use super::theme::Theme;

/// Pixels of the picture for one of the screen.
const SCALE: f64 = 2.0;
/// Paper around everything.
const MARGIN: f64 = 24.0;

/// What stands around the chart.
#[derive(Debug, Clone, Default)]
pub struct PictureText {
    /// The panel's question.
    pub title: String,
    /// Its answer.
    pub answer: String,
    /// The unit of its values.
    pub unit: String,
    /// What stands under the chart; may be empty.
    pub caption: String,
    /// Where the figures come from.
    pub source: String,
}

/// A line of text: what it says, its font, its colour, its height.
type Line = (String, &'static str, &'static str, f64);

/// The picture as a `data:` URL; `None` if the browser refuses to draw.
#[must_use]
pub fn picture_of(chart: &EChart, text: &PictureText, theme: &Theme) -> Option<String> {
    let options = js_sys::Object::new();
    for (key, value) in [
        ("pixelRatio", JsValue::from_f64(SCALE)),
        ("backgroundColor", JsValue::from_str(theme.paper)),
    ] {
        let _ = js_sys::Reflect::set(&options, &key.into(), &value);
    }
    let drawn = chart.rendered_canvas(&options).ok()?;
    let (width, height) = (
        f64::from(drawn.width()) / SCALE,
        f64::from(drawn.height()) / SCALE,
    );
    let sheet = document()
        .create_element("canvas")
        .ok()?
        .dyn_into::<HtmlCanvasElement>()
        .ok()?;
    let pen = sheet
        .get_context("2d")
        .ok()??
        .dyn_into::<CanvasRenderingContext2d>()
        .ok()?;

    let sans = "600 15px \"Inter Variable\", Inter, sans-serif";
    let serif = "18px \"Source Serif 4 Variable\", \"Source Serif 4\", Georgia, serif";
    let small = "12px \"Inter Variable\", Inter, sans-serif";
    let mut above: Vec<Line> = Vec::new();
    let mut below: Vec<Line> = Vec::new();
    let add = |lines: &mut Vec<Line>, text: &str, font, colour, height| {
        pen.set_font(font);
        for line in wrapped(&pen, text, width) {
            lines.push((line, font, colour, height));
        }
    };
    add(&mut above, &text.title, sans, theme.ink, 22.0);
    add(&mut above, &text.answer, serif, theme.ink, 25.0);
    add(&mut above, &text.unit, small, theme.muted, 18.0);
    add(&mut below, &text.caption, small, theme.muted, 16.0);
    add(&mut below, &text.source, small, theme.muted, 16.0);
    let tall = |lines: &[Line]| lines.iter().map(|line| line.3).sum::<f64>();
    let total = MARGIN * 2.0 + tall(&above) + 8.0 + height + 10.0 + tall(&below);

    // Setting the size clears the sheet and its pen.
    sheet.set_width(((width + MARGIN * 2.0) * SCALE) as u32);
    sheet.set_height((total * SCALE) as u32);
    let _ = pen.scale(SCALE, SCALE);
    pen.set_fill_style_str(theme.paper);
    pen.fill_rect(0.0, 0.0, width + MARGIN * 2.0, total);
    let top = write(&pen, &above, MARGIN) + 8.0;
    let _ =
        pen.draw_image_with_html_canvas_element_and_dw_and_dh(&drawn, MARGIN, top, width, height);
    write(&pen, &below, top + height + 10.0);
    sheet.to_data_url().ok()
}

/// Writes lines from `top` down; gives where they end.
fn write(pen: &CanvasRenderingContext2d, lines: &[Line], top: f64) -> f64 {
    let mut bottom = top;
    for (text, font, colour, height) in lines {
        pen.set_font(font);
        pen.set_fill_style_str(colour);
        let _ = pen.fill_text(text, MARGIN, bottom + height * 0.75);
        bottom += height;
    }
    bottom
}

/// Text in lines no wider than `width`; none for no text.
fn wrapped(pen: &CanvasRenderingContext2d, text: &str, width: f64) -> Vec<String> {
    let fits = |line: &str| {
        pen.measure_text(line)
            .is_ok_and(|measured| measured.width() <= width)
    };
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if fits(&format!("{line} {word}")) => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
