//! Heatmaps of cells whose texts read on whatever shade they have.

use charming::element::ItemStyle;

use crate::components::chart_parts::LABEL_SIZE;
use crate::components::shades::{legible, mix};
use crate::components::theme::Theme;
use crate::dashboards::plot::heatmap::{Cell, Heatmap, Layer};

/// The heatmap of `cells` that lie on a scale of colours at equal distances, from 0 to 1. They stand in two layers,
/// since a text's colour is its layer's: ink on pale ground, then paper on deep ground.
#[must_use]
pub fn heatmap<R>(
    columns: Vec<String>,
    lines: Vec<String>,
    mut cells: Vec<Cell<R>>,
    scale: &[String],
    theme: &Theme,
) -> Heatmap<R> {
    for cell in &mut cells {
        let is_ink = legible(theme, &ground(scale, cell.value)) == theme.ink;
        cell.layer = usize::from(!is_ink);
    }
    let layers = [theme.ink, theme.paper].map(|ink| Layer {
        name: "",
        shades: scale.to_vec(),
        ink,
        frame: ItemStyle::new().border_color(theme.paper).border_width(2),
    });
    Heatmap {
        columns,
        lines,
        cells,
        layers: layers.into(),
        scale: (0.0, 1.0),
        digits: Some(LABEL_SIZE),
        curves: Vec::new(),
    }
}

/// The colour of a share of the scale.
fn ground(scale: &[String], share: f64) -> String {
    let last = scale.len().saturating_sub(1);
    let place = share.clamp(0.0, 1.0) * last as f64;
    let from = (place.floor() as usize).min(last.saturating_sub(1));
    match (scale.get(from), scale.get(from + 1)) {
        (Some(one), Some(other)) => mix(one, other, place - from as f64),
        (Some(one), None) => one.clone(),
        _ => String::new(),
    }
}
