//! Cohorts down, periods across, a number in each cell, and curves of all cohorts together above.

use charming::Chart;
use charming::component::{Axis, Grid, VisualMap, VisualMapChannel, VisualMapType};
use charming::datatype::{CompositeValue, DataFrame, DataPoint};
use charming::element::{
    AxisLabel, AxisLine, AxisTick, AxisType, BorderType, BoundaryGap, Color, ItemStyle, Label,
    LineStyle, LineStyleType, SplitLine, Symbol, Tooltip, Trigger,
};
use charming::series::{Heatmap, Line};

use crate::components::chart_parts::{EndName, LABEL_SIZE, axis_label, end_names, value_axis};
use crate::components::theme::Theme;

/// Height of a row of cells, in pixels.
pub const ROW_HEIGHT: usize = 22;
/// Height of what stands above the cells: the curves and the headings.
pub const HEAD_HEIGHT: usize = 140;
/// Name of the series of cells whose whole cohort has been observed.
pub const COMPLETE: &str = "Observed";
/// Name of the series of the other cells.
pub const INCOMPLETE: &str = "Still being observed";
/// Room for the names of the rows.
const LEFT: i32 = 112;
/// How deep the colour of a cell observed in part is, of that of a complete one.
pub const PALE: f64 = 0.35;
const CURVE_HEIGHT: i32 = 92;
/// Height of a name at a curve's end, as a share of the axis from 0 to 1.
const NAME_HEIGHT: f64 = 0.15;

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Its column, from 0.
    pub column: usize,
    /// Its row, from 0.
    pub row: usize,
    /// The value that is drawn.
    pub value: f64,
    /// Whether all of its cohort has been observed; what is not is framed with dashes.
    pub is_complete: bool,
}

/// A curve above the cells.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// Its name, written at its end.
    pub name: &'static str,
    /// Its colour.
    pub colour: &'static str,
    /// A value a column.
    pub values: Vec<Option<f64>>,
    /// Whether it is of the period before.
    pub is_before: bool,
}

impl Curve {
    /// Its last column with a value, and that value.
    fn end(&self) -> Option<(usize, f64)> {
        let last = self.values.iter().rposition(Option::is_some)?;
        Some((last, self.values[last]?))
    }
}

/// Everything a heatmap shows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cohorts {
    /// How many columns there are; they are numbered from 0.
    pub columns: usize,
    /// Names of the rows, from the top.
    pub rows: Vec<String>,
    /// The cells, in any order.
    pub cells: Vec<Cell>,
    /// The values that the first and the last of the shades stand for.
    pub scale: (f64, f64),
    /// Colours of the cells, from low to high.
    pub shades: Vec<String>,
    /// The same for cells observed in part: paler than any of a complete one as far from the middle.
    pub pale_shades: Vec<String>,
    /// What stands above.
    pub curves: Vec<Curve>,
    /// How the numbers are written.
    pub numbers: Numbers,
}

impl Cohorts {
    /// The end of the next named curve at or above that of the curve at `place`; of two that end alike,
    /// the first is above.
    fn end_above(&self, place: usize) -> Option<f64> {
        let (_, end) = self.curves.get(place)?.end()?;
        let rivals = self.curves.iter().enumerate();
        { rivals }
            .filter(|(_, rival)| !rival.is_before && !rival.name.is_empty())
            .filter_map(|(other, rival)| Some((other, rival.end()?.1)))
            .filter(|(other, height)| *height > end || (*height == end && *other < place))
            .map(|(_, height)| height)
            .reduce(f64::min)
    }
}

/// How numbers are written into cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Numbers {
    /// Not at all: two digits do not fit.
    #[default]
    None,
    /// Small: two digits fit, and three are made smaller still by `scripts/cell_text.js`.
    Small,
    /// As they are.
    Usual,
}

impl Numbers {
    /// What fits into the cells of so many columns.
    #[must_use]
    pub const fn fitting(columns: i64, is_narrow: bool) -> Self {
        match (columns, is_narrow) {
            (..=36, false) | (..=8, true) => Self::Usual,
            (..=13, true) => Self::Small,
            _ => Self::None,
        }
    }

    /// Size of the digits, in pixels.
    const fn size(self) -> f64 {
        match self {
            Self::None | Self::Usual => 11.0,
            Self::Small => 9.5,
        }
    }
}

/// Draws cohorts: first the series of complete cells, then that of the others, each in the order of
/// [`Cohorts::cells`].
#[must_use]
pub fn chart(cohorts: &Cohorts, theme: &Theme) -> Chart {
    let columns: Vec<String> = (0..cohorts.columns)
        .map(|column| column.to_string())
        .collect();
    let bare = || {
        Axis::new()
            .type_(AxisType::Category)
            .axis_line(AxisLine::new().show(false))
            .axis_tick(AxisTick::new().show(false))
    };
    let across = bare()
        .grid_index(0)
        .position("top")
        .axis_label(axis_label(theme).interval(0))
        .data(columns.clone());
    let down = bare()
        .grid_index(0)
        .inverse(true)
        .axis_label(
            AxisLabel::new()
                .color(theme.ink)
                .font_size(LABEL_SIZE)
                .interval(0),
        )
        .data(cohorts.rows.clone());
    let along = bare()
        .grid_index(1)
        .boundary_gap(BoundaryGap::CategoryAxis(true))
        .axis_label(AxisLabel::new().show(false))
        .data(columns);
    let up = value_axis(theme)
        .grid_index(1)
        .split_number(2)
        .min(0)
        .split_line(
            SplitLine::new()
                .show(true)
                .line_style(LineStyle::new().color(theme.rule).width(1)),
        );
    let grid = |top: i32| Grid::new().left(LEFT).right(46).top(top);
    let shades = |series: usize, shades: &[String]| {
        VisualMap::new()
            .type_(VisualMapType::Continuous)
            .show(false)
            .series_index(series as f64)
            .dimension(2)
            .min(cohorts.scale.0 * 100.0)
            .max(cohorts.scale.1 * 100.0)
            .in_range(
                VisualMapChannel::new().color(
                    shades
                        .iter()
                        .map(|shade| Color::from(shade.as_str()))
                        .collect::<Vec<_>>(),
                ),
            )
    };
    let mut chart = Chart::new()
        .grid(grid(HEAD_HEIGHT as i32 - 8).bottom(4))
        .grid(grid(10).height(CURVE_HEIGHT))
        .tooltip(Tooltip::new().trigger(Trigger::Item))
        .x_axis(across)
        .x_axis(along)
        .y_axis(down)
        .y_axis(up);
    chart = chart
        .visual_map(shades(0, &cohorts.shades))
        .visual_map(shades(1, &cohorts.pale_shades))
        .series(series(cohorts, true, theme))
        .series(series(cohorts, false, theme));
    for (place, curve) in cohorts.curves.iter().enumerate() {
        for line in lines(curve, cohorts.end_above(place)) {
            chart = chart.series(line);
        }
    }
    chart
}

/// The cells of one kind, in their order.
fn series(cohorts: &Cohorts, is_complete: bool, theme: &Theme) -> Heatmap {
    let cells = cohorts
        .cells
        .iter()
        .filter(|cell| cell.is_complete == is_complete);
    let data: Vec<DataFrame> = cells
        .map(|cell| {
            let percent = libm::round(cell.value * 100.0);
            vec![
                DataPoint::from(CompositeValue::from(cell.column as f64)),
                CompositeValue::from(cell.row as f64).into(),
                CompositeValue::from(percent).into(),
                percent.to_string().into(),
            ]
        })
        .collect();
    // A hairline of paper keeps the cells apart.
    let (name, frame) = if is_complete {
        (
            COMPLETE,
            ItemStyle::new().border_color(theme.paper).border_width(1),
        )
    } else {
        let dashed = ItemStyle::new()
            .border_color(theme.rule_strong)
            .border_width(1);
        (INCOMPLETE, dashed.border_type(BorderType::Dashed))
    };
    Heatmap::new()
        .name(name)
        .x_axis_index(0)
        .y_axis_index(0)
        .label(
            Label::new()
                .show(cohorts.numbers != Numbers::None)
                .formatter("{@[3]}")
                .color(theme.ink)
                .font_size(cohorts.numbers.size()),
        )
        .item_style(frame)
        .data(data)
}

/// A curve above, and its name, if it has one, at its end. Names of two curves that end alike would lie
/// on each other: the lower one makes room below `above`, where the next one higher ends.
fn lines(curve: &Curve, above: Option<f64>) -> Vec<Line> {
    let values: Vec<CompositeValue> = curve
        .values
        .iter()
        .map(|value| match value {
            Some(value) => CompositeValue::from(*value),
            None => CompositeValue::from("-"),
        })
        .collect();
    let line = Line::new()
        .name(curve.name)
        .silent(true)
        .symbol(Symbol::Circle)
        .symbol_size(if curve.is_before { 0 } else { 4 })
        .show_symbol(!curve.is_before)
        .line_style(if curve.is_before {
            LineStyle::new()
                .color(curve.colour)
                .width(1.25)
                .type_(LineStyleType::Dashed)
        } else {
            LineStyle::new().color(curve.colour).width(2)
        })
        .item_style(ItemStyle::new().color(curve.colour))
        .data(values);
    let mut lines = vec![line];
    if let Some((position, end)) = curve.end().filter(|_| !curve.name.is_empty()) {
        let highest = above.map_or(end, |above| (above - NAME_HEIGHT).max(0.0));
        lines.push(end_names(&[EndName {
            name: curve.name.into(),
            colour: curve.colour,
            position,
            height: end.min(highest),
        }]));
    }
    let of_curves = |line: Line| line.x_axis_index(1).y_axis_index(1);
    lines.into_iter().map(of_curves).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::theme::ThemeName;

    /// Heights of the names `one` and `other` of curves that end at `ends`.
    fn heights(ends: [f64; 2]) -> [f64; 2] {
        let curve = |(name, end)| Curve {
            name,
            colour: "#000000",
            values: vec![Some(1.0), Some(end), None],
            is_before: false,
        };
        let cohorts = Cohorts {
            columns: 3,
            curves: ["one", "other"].into_iter().zip(ends).map(curve).collect(),
            ..Cohorts::default()
        };
        let option = serde_json::to_value(chart(&cohorts, ThemeName::Light.colours())).unwrap();
        let series = option["series"].as_array().unwrap();
        ["one", "other"].map(|name| {
            let mut named = series.iter().map(|series| &series["data"][0]);
            let named = named.find(|point| point["name"] == name).unwrap();
            named["value"][1].as_f64().unwrap()
        })
    }

    #[test]
    fn names_of_curves_that_end_alike_stand_apart() {
        assert_eq!(heights([0.9, 0.4]), [0.9, 0.4]);
        assert_eq!(heights([0.9, 0.8]), [0.9, 0.75]);
        assert_eq!(heights([0.8, 0.9]), [0.75, 0.9]);
        assert_eq!(heights([0.5, 0.5]), [0.5, 0.35]);
        assert_eq!(heights([0.1, 0.05]), [0.1, 0.0]);
    }

    #[test]
    fn numbers_are_as_large_as_fits() {
        assert_eq!(Numbers::fitting(25, false), Numbers::Usual);
        assert_eq!(Numbers::fitting(12, true), Numbers::Small);
        assert_eq!(Numbers::fitting(25, true), Numbers::None);
    }
}
