//! Charts of model cards: pure functions from evidence to charts.

use charming::Chart;
use charming::component::Axis;
use charming::element::{ItemStyle, LineStyle, LineStyleType, NameLocation, Symbol};
use charming::series::{Bar, Line};

use crate::components::chart_parts::{category_axis, column_tooltip, grid, quiet_text, value_axis};
use crate::components::theme::Theme;

/// A line of a chart of curves.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// Its name.
    pub name: &'static str,
    /// Its points.
    pub points: Vec<[f64; 2]>,
    /// What it is, and so how it looks.
    pub kind: CurveKind,
}

/// What a curve stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CurveKind {
    /// The model: a full line.
    Model,
    /// A simpler method: a thin line.
    Baseline,
    /// The truth: a dashed line in ink.
    Truth,
    /// The model, with a dot at each point.
    Dotted,
}

/// Curves over two axes from 0 to 1, or to `top`.
#[must_use]
pub fn curves(lines: &[Curve], axes: [&str; 2], top: f64, theme: &Theme) -> Chart {
    let mut chart = Chart::new()
        // Below and beside the ticks there is room for the titles.
        .grid(grid(12.0).left(22).bottom(30))
        .x_axis(unit_axis(theme, axes[0], top).name_gap(32))
        .y_axis(unit_axis(theme, axes[1], top).name_gap(34));
    for line in lines {
        let (colour, width, is_dashed) = match line.kind {
            CurveKind::Model | CurveKind::Dotted => (theme.teal, 2.0, false),
            CurveKind::Baseline => (theme.ochre, 1.25, false),
            CurveKind::Truth => (theme.ink, 1.25, true),
        };
        let style = if is_dashed {
            LineStyleType::Dashed
        } else {
            LineStyleType::Solid
        };
        let is_dotted = line.kind == CurveKind::Dotted;
        chart = chart.series(
            Line::new()
                .name(line.name)
                .symbol(if is_dotted {
                    Symbol::Circle
                } else {
                    Symbol::None
                })
                .symbol_size(6)
                .item_style(ItemStyle::new().color(colour))
                .line_style(LineStyle::new().color(colour).width(width).type_(style))
                .data(
                    line.points
                        .iter()
                        .map(|point| point.to_vec())
                        .collect::<Vec<_>>(),
                ),
        );
    }
    chart
}

/// Columns at named places, with a dashed line over them.
#[must_use]
pub fn columns(
    names: Vec<String>,
    values: &[f64],
    truth: Option<&[f64]>,
    axes: [&str; 2],
    theme: &Theme,
) -> Chart {
    let mut chart = Chart::new()
        // Ticks may be one digit wide, and the title lies 38 from the axis.
        .grid(grid(8.0).left(32).bottom(30))
        .tooltip(column_tooltip())
        .x_axis(titled(category_axis(theme, names), axes[0], theme).name_gap(32))
        .y_axis(titled(value_axis(theme), axes[1], theme).name_gap(38))
        .series(
            Bar::new()
                .bar_width("62%")
                .item_style(ItemStyle::new().color(theme.teal))
                .data(values.to_vec()),
        );
    if let Some(truth) = truth {
        chart = chart.series(
            Line::new()
                .symbol(Symbol::Circle)
                .symbol_size(7)
                .item_style(ItemStyle::new().color(theme.ink))
                .line_style(
                    LineStyle::new()
                        .color(theme.ink)
                        .width(1.25)
                        .type_(LineStyleType::Dashed),
                )
                .data(truth.to_vec()),
        );
    }
    chart
}

fn unit_axis(theme: &Theme, name: &str, top: f64) -> Axis {
    // Fifths: quarters would be cut to .3 with the ends between the steps.
    titled(value_axis(theme).split_number(5), name, theme)
        .min(0.0)
        .max(top)
}

fn titled(axis: Axis, name: &str, theme: &Theme) -> Axis {
    axis.name(name)
        .name_location(NameLocation::Middle)
        .name_text_style(quiet_text(theme))
}
