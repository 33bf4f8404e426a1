//! Charts of which both axes are shares.

use charming::Chart;
use charming::component::Axis;
use charming::datatype::DataPoint;
use charming::element::{
    ItemStyle, LineStyle, LineStyleType, NameLocation, Symbol, Tooltip, Trigger,
};
use charming::series::{Line, Scatter};

use crate::components::chart_parts::{grid, place, quiet_text, value_axis};
use crate::components::theme::Theme;

/// A share of both axes.
pub type Place = [f64; 2];

/// An axis from 0 to `end`, named along its middle.
#[must_use]
pub fn axis(theme: &Theme, name: &str, end: f64) -> Axis {
    value_axis(theme)
        .min(0)
        .max(end)
        .name(name)
        .name_location(NameLocation::Middle)
        .name_text_style(quiet_text(theme))
        .name_gap(30)
}

/// A chart without marks; tooltips are of single marks.
#[must_use]
pub fn plane(x: Axis, y: Axis) -> Chart {
    Chart::new()
        .grid(grid(16.0).left(24).bottom(30))
        .tooltip(Tooltip::new().trigger(Trigger::Item))
        .x_axis(x)
        .y_axis(y)
}

/// A line through places.
#[must_use]
pub fn line(name: &str, colour: &str, width: f64, kind: LineStyleType, places: &[Place]) -> Line {
    Line::new()
        .name(name)
        .symbol(Symbol::None)
        .line_style(LineStyle::new().color(colour).width(width).type_(kind))
        .item_style(ItemStyle::new().color(colour))
        .data(points(places))
}

/// A dot at each place.
#[must_use]
pub fn dots(name: &str, colour: &str, places: &[Place]) -> Scatter {
    Scatter::new()
        .name(name)
        .symbol(Symbol::Circle)
        .symbol_size(9)
        .item_style(ItemStyle::new().color(colour))
        .data(points(places))
}

fn points(places: &[Place]) -> Vec<DataPoint> {
    places.iter().map(|[x, y]| place(*x, *y).into()).collect()
}
