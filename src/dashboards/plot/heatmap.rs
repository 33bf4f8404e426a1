//! Heatmaps: cells that know their rows, with a number in each; above them may stand curves over the columns.

use std::rc::Rc;

use charming::Chart;
use charming::component::{Axis, Grid, VisualMap, VisualMapChannel, VisualMapType};
use charming::datatype::{CompositeValue, DataFrame, DataPoint};
use charming::element::{
    AxisLabel, AxisLine, AxisTick, AxisType, BoundaryGap, Color, ItemStyle, Label, LineStyle,
    LineStyleType, SplitLine, Symbol, Tooltip as ChartTooltip, Trigger,
};
use charming::series::{Heatmap as Cells, Line};

use super::Figure;
use crate::components::chart_parts::{EndName, LABEL_SIZE, axis_label, end_names, value_axis};
use crate::components::chart_spec::ChartMark;
use crate::components::theme::Theme;
use crate::components::tooltip::Tooltip;
use crate::dashboards::marks::PanelMark;

/// Height of a row of cells below curves, in pixels.
pub const ROW_HEIGHT: usize = 22;
/// Height of what stands above such cells: the curves and the headings.
pub const HEAD_HEIGHT: usize = 140;
/// Room for the names of rows below curves.
const LEFT: i32 = 112;
const CURVE_HEIGHT: i32 = 92;
/// Height of a name at a curve's end, as a share of the axis from 0 to 1.
const NAME_HEIGHT: f64 = 0.15;

/// A cell of a row.
pub struct Cell<R> {
    /// Its row.
    pub of: R,
    /// Its column, from 0.
    pub column: usize,
    /// Its line, from the top.
    pub line: usize,
    /// Its value on the scale.
    pub value: f64,
    /// What is written on it.
    pub text: String,
    /// The position of its layer.
    pub layer: usize,
}

/// Cells that look alike: a series of the chart.
pub struct Layer {
    /// Its name.
    pub name: &'static str,
    /// The colours of the scale, from low to high.
    pub shades: Vec<String>,
    /// The colour of what is written.
    pub ink: &'static str,
    /// The edge of a cell.
    pub frame: ItemStyle,
}

/// A curve above the cells.
pub struct Curve {
    /// Its name, written at its end; the curve of the period before has none, and is dashed.
    pub name: &'static str,
    /// Its colour.
    pub colour: &'static str,
    /// A value a column, from 0 to 1 and more.
    pub values: Vec<Option<f64>>,
}

/// A heatmap.
pub struct Heatmap<R> {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Names of the lines of cells, from the top.
    pub lines: Vec<String>,
    /// The cells, in the order their marks are listed.
    pub cells: Vec<Cell<R>>,
    /// What cells may look like.
    pub layers: Vec<Layer>,
    /// The values that the first and the last of the shades stand for.
    pub scale: (f64, f64),
    /// Size of what is written on cells, in pixels; `None` where it would not fit.
    pub digits: Option<f64>,
    /// What stands above; names of columns are quiet below curves.
    pub curves: Vec<Curve>,
}

/// Size of two digits in the cells of so many columns; `None` where they do not fit. Three digits are made smaller
/// still by `scripts/cell_text.js`.
#[must_use]
pub const fn digits(columns: usize, is_narrow: bool) -> Option<f64> {
    match (columns, is_narrow) {
        (..=36, false) | (..=8, true) => Some(11.0),
        (..=13, true) => Some(9.5),
        _ => None,
    }
}

impl<R: 'static> Heatmap<R> {
    /// The heatmap, drawn; `tell` and `mark` say what a row's tooltip and mark are.
    #[must_use]
    pub fn figure(
        self,
        theme: &Theme,
        tell: impl Fn(&R) -> Tooltip + 'static,
        mark: impl Fn(&R) -> PanelMark,
    ) -> Figure {
        let chart = self.chart(theme);
        let marks = self.cells.iter().map(|cell| mark(&cell.of)).collect();
        let of_layer = |layer: usize| {
            let cells = self.cells.iter().enumerate();
            let cells = cells.filter(move |(_, cell)| cell.layer == layer);
            cells.map(|(position, _)| position).collect()
        };
        let drawn: Rc<Vec<Vec<usize>>> = Rc::new((0..self.layers.len()).map(of_layer).collect());
        let cell_at = move |place: &ChartMark| {
            let layer = drawn.get(place.series?)?;
            layer.get(place.index).copied()
        };
        let told_at = cell_at.clone();
        Figure {
            chart,
            tooltip: Rc::new(move |place| Some(tell(&self.cells.get(told_at(place)?)?.of))),
            marks,
            mark_at: Rc::new(cell_at),
            time: None,
        }
    }

    /// The layers in their order, then the curves.
    fn chart(&self, theme: &Theme) -> Chart {
        let has_curves = !self.curves.is_empty();
        let bare = || {
            Axis::new()
                .type_(AxisType::Category)
                .axis_line(AxisLine::new().show(false))
                .axis_tick(AxisTick::new().show(false))
        };
        let names = AxisLabel::new()
            .color(theme.ink)
            .font_size(LABEL_SIZE)
            .interval(0);
        let headings = if has_curves {
            axis_label(theme).interval(0)
        } else {
            names.clone()
        };
        let across = bare().grid_index(0).position("top").axis_label(headings);
        let down = bare().grid_index(0).inverse(true).axis_label(names);
        let room = if has_curves {
            beside_names(HEAD_HEIGHT as i32 - 8).bottom(4)
        } else {
            let grid = Grid::new().left(4).right(4).top(28).bottom(4);
            grid.contain_label(true)
        };
        let mut chart = Chart::new()
            .grid(room)
            .tooltip(ChartTooltip::new().trigger(Trigger::Item))
            .x_axis(across.data(self.columns.clone()))
            .y_axis(down.data(self.lines.clone()));
        if has_curves {
            let along = bare()
                .grid_index(1)
                .boundary_gap(BoundaryGap::CategoryAxis(true))
                .axis_label(AxisLabel::new().show(false))
                .data(self.columns.clone());
            let hairlines = LineStyle::new().color(theme.rule).width(1);
            let up = value_axis(theme)
                .grid_index(1)
                .split_number(2)
                .min(0)
                .split_line(SplitLine::new().show(true).line_style(hairlines));
            chart = chart
                .grid(beside_names(10).height(CURVE_HEIGHT))
                .x_axis(along)
                .y_axis(up);
        }
        for position in 0..self.layers.len() {
            chart = chart
                .visual_map(self.shades(position))
                .series(self.layer(position));
        }
        for (position, curve) in self.curves.iter().enumerate() {
            for line in lines(curve, self.end_above(position)) {
                chart = chart.series(line.x_axis_index(1).y_axis_index(1));
            }
        }
        chart
    }

    fn shades(&self, position: usize) -> VisualMap {
        let shades = self.layers[position].shades.iter();
        let shades: Vec<Color> = shades.map(|shade| Color::from(shade.as_str())).collect();
        VisualMap::new()
            .type_(VisualMapType::Continuous)
            .show(false)
            .series_index(position as f64)
            .dimension(2)
            .min(self.scale.0)
            .max(self.scale.1)
            .in_range(VisualMapChannel::new().color(shades))
    }

    fn layer(&self, position: usize) -> Cells {
        let layer = &self.layers[position];
        let cells = self.cells.iter().filter(|cell| cell.layer == position);
        let data: Vec<DataFrame> = cells
            .map(|cell| {
                vec![
                    DataPoint::from(CompositeValue::from(cell.column as f64)),
                    CompositeValue::from(cell.line as f64).into(),
                    CompositeValue::from(cell.value).into(),
                    cell.text.as_str().into(),
                ]
            })
            .collect();
        let text = Label::new()
            .show(self.digits.is_some())
            .formatter("{@[3]}")
            .color(layer.ink)
            .font_size(self.digits.unwrap_or(LABEL_SIZE));
        Cells::new()
            .name(layer.name)
            .x_axis_index(0)
            .y_axis_index(0)
            .label(text)
            .item_style(layer.frame.clone())
            .data(data)
    }

    /// The end of the next named curve at or above that of the curve at `position`; of two that end alike, the first
    /// is above.
    fn end_above(&self, position: usize) -> Option<f64> {
        let (_, end) = self.curves.get(position)?.end()?;
        let rivals = self.curves.iter().enumerate();
        { rivals }
            .filter(|(_, rival)| !rival.name.is_empty())
            .filter_map(|(other, rival)| Some((other, rival.end()?.1)))
            .filter(|(other, height)| *height > end || (*height == end && *other < position))
            .map(|(_, height)| height)
            .reduce(f64::min)
    }
}

impl Curve {
    /// Its last column with a value, and that value.
    fn end(&self) -> Option<(usize, f64)> {
        let last = self.values.iter().rposition(Option::is_some)?;
        Some((last, self.values[last]?))
    }
}

fn beside_names(top: i32) -> Grid {
    Grid::new().left(LEFT).right(46).top(top)
}

/// A curve, and its name, if it has one, at its end. Names of two curves that end alike would lie on each other: the
/// lower one makes room below `above`, where the next one higher ends.
fn lines(curve: &Curve, above: Option<f64>) -> Vec<Line> {
    let values = curve.values.iter().map(|value| match value {
        Some(value) => CompositeValue::from(*value),
        None => CompositeValue::from("-"),
    });
    let is_before = curve.name.is_empty();
    let style = LineStyle::new().color(curve.colour);
    let line = Line::new()
        .name(curve.name)
        .silent(true)
        .symbol(Symbol::Circle)
        .symbol_size(if is_before { 0 } else { 4 })
        .show_symbol(!is_before)
        .line_style(if is_before {
            style.width(1.25).type_(LineStyleType::Dashed)
        } else {
            style.width(2)
        })
        .item_style(ItemStyle::new().color(curve.colour))
        .data(values.collect::<Vec<_>>());
    let name = curve.end().filter(|_| !is_before).map(|(position, end)| {
        let highest = above.map_or(end, |above| (above - NAME_HEIGHT).max(0.0));
        end_names(&[EndName {
            name: curve.name.into(),
            colour: curve.colour,
            position,
            height: end.min(highest),
        }])
    });
    std::iter::once(line).chain(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::theme::LIGHT;

    fn heatmap(curves: Vec<Curve>, cells: Vec<Cell<&'static str>>) -> Heatmap<&'static str> {
        let layer = |name| Layer {
            name,
            shades: vec!["#ffffff".to_owned(), "#000000".to_owned()],
            ink: LIGHT.ink,
            frame: ItemStyle::new(),
        };
        Heatmap {
            columns: ["0", "1", "2"].map(str::to_owned).to_vec(),
            lines: vec!["one".to_owned()],
            cells,
            layers: vec![layer("firm"), layer("pale")],
            scale: (0.0, 1.0),
            digits: None,
            curves,
        }
    }

    /// Heights of the names `one` and `other` of curves that end at `ends`.
    fn heights(ends: [f64; 2]) -> [f64; 2] {
        let curve = |(name, end)| Curve {
            name,
            colour: "#000000",
            values: vec![Some(1.0), Some(end), None],
        };
        let curves = ["one", "other"].into_iter().zip(ends).map(curve);
        let chart = heatmap(curves.collect(), Vec::new()).chart(&LIGHT);
        let option = serde_json::to_value(chart).unwrap();
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
    fn digits_are_as_large_as_fits() {
        assert_eq!(digits(25, false), Some(11.0));
        assert_eq!(digits(12, true), Some(9.5));
        assert_eq!(digits(25, true), None);
    }

    #[test]
    fn a_cell_is_found_in_its_layer_and_nowhere_beside() {
        let cell = |of, column, layer| Cell {
            of,
            column,
            line: 0,
            value: 0.5,
            text: String::new(),
            layer,
        };
        let cells = vec![cell("a", 0, 0), cell("b", 1, 1), cell("c", 2, 0)];
        let tell = |of: &&str| Tooltip::new(*of);
        let figure = heatmap(Vec::new(), cells).figure(&LIGHT, tell, |of| PanelMark::new(*of, ""));
        let check = |series, index, expected: Option<&str>| {
            let place = ChartMark {
                series,
                index,
                ..ChartMark::default()
            };
            let mark = (figure.mark_at)(&place);
            assert_eq!(mark.map(|mark| figure.marks[mark].key.as_str()), expected);
            let tooltip = (figure.tooltip)(&place);
            assert_eq!(tooltip.map(|told| told.heading).as_deref(), expected);
        };
        check(Some(0), 1, Some("c"));
        check(Some(1), 0, Some("b"));
        check(Some(1), 1, None);
        check(Some(2), 0, None);
        check(None, 0, None);
    }
}
