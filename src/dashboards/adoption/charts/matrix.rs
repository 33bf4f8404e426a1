//! Named rows and columns with a number in each cell: what the page's heatmaps share.

use charming::Chart;
use charming::component::{Axis, Grid, VisualMap, VisualMapChannel};
use charming::datatype::{DataFrame, DataPoint};
use charming::element::{
    AxisLabel, AxisLine, AxisTick, AxisType, ItemStyle, Label, Tooltip, Trigger,
};
use charming::series::Heatmap;

use crate::components::chart_parts::LABEL_SIZE;
use crate::components::shades::legible;
use crate::components::theme::Theme;

/// A cell of a [`Matrix`].
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Position of its column.
    pub column: usize,
    /// Position of its row, from the top.
    pub row: usize,
    /// Where it lies on the scale, from 0 to 1.
    pub share: f64,
    /// Its number, written out.
    pub text: String,
}

/// What is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Names of the rows, from the top.
    pub rows: Vec<String>,
    /// The cells, in any order.
    pub cells: Vec<Cell>,
    /// Colours of the scale at equal distances, from 0 to 1.
    pub scale: Vec<String>,
}

impl Matrix {
    /// The colour of a share of the scale.
    fn ground(&self, share: f64) -> String {
        let last = self.scale.len().saturating_sub(1);
        let place = share.clamp(0.0, 1.0) * last as f64;
        let from = (place.floor() as usize).min(last.saturating_sub(1));
        match (self.scale.get(from), self.scale.get(from + 1)) {
            (Some(one), Some(other)) => {
                crate::components::shades::mix(one, other, place - from as f64)
            }
            (Some(one), None) => one.clone(),
            _ => String::new(),
        }
    }
}

/// Which of the two series holds a cell, and where: cells whose text is ink come first.
#[must_use]
pub fn cell_at(matrix: &Matrix, theme: &Theme, series: usize, index: usize) -> Option<usize> {
    let is_ink = series == 0;
    let in_series =
        matrix.cells.iter().enumerate().filter(|(_, cell)| {
            (legible(theme, &matrix.ground(cell.share)) == theme.ink) == is_ink
        });
    in_series.map(|(position, _)| position).nth(index)
}

/// Draws the cells in two series, since a label's colour is the series': ink on pale ground first,
/// then paper on deep ground.
#[must_use]
pub fn chart(matrix: &Matrix, theme: &Theme) -> Chart {
    let axis = |names: &[String]| {
        Axis::new()
            .type_(AxisType::Category)
            .data(names.to_vec())
            .axis_line(AxisLine::new().show(false))
            .axis_tick(AxisTick::new().show(false))
            .axis_label(
                AxisLabel::new()
                    .color(theme.ink)
                    .font_size(LABEL_SIZE)
                    .interval(0),
            )
    };
    let mut names = matrix.rows.clone();
    names.reverse();
    let mut chart = Chart::new()
        .grid(
            Grid::new()
                .left(4)
                .right(4)
                .top(28)
                .bottom(4)
                .contain_label(true),
        )
        .tooltip(Tooltip::new().trigger(Trigger::Item))
        .x_axis(axis(&matrix.columns).position("top"))
        .y_axis(axis(&names))
        .visual_map(
            VisualMap::new()
                .show(false)
                .dimension(2)
                .min(0)
                .max(1)
                .in_range(
                    VisualMapChannel::new()
                        .color(matrix.scale.iter().map(String::as_str).collect::<Vec<_>>()),
                ),
        );
    for text in [theme.ink, theme.paper] {
        let cells: Vec<DataFrame> = matrix
            .cells
            .iter()
            .filter(|cell| {
                let reads = legible(theme, &matrix.ground(cell.share)) == theme.ink;
                reads == (text == theme.ink)
            })
            .map(|cell| {
                vec![
                    DataPoint::from(cell.column as f64),
                    DataPoint::from((matrix.rows.len() - 1 - cell.row) as f64),
                    DataPoint::from(cell.share),
                    DataPoint::from(cell.text.as_str()),
                ]
            })
            .collect();
        chart = chart.series(
            Heatmap::new()
                .label(
                    Label::new()
                        .show(true)
                        .formatter("{@[3]}")
                        .color(text)
                        .font_size(LABEL_SIZE),
                )
                .item_style(ItemStyle::new().border_color(theme.paper).border_width(2))
                .data(cells),
        );
    }
    chart
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::theme::LIGHT;

    #[test]
    fn a_cell_is_found_in_its_series() {
        let cell = |column, share| Cell {
            column,
            row: 0,
            share,
            text: String::new(),
        };
        let matrix = Matrix {
            columns: vec!["a".to_owned(), "b".to_owned(), "c".to_owned()],
            rows: vec!["x".to_owned()],
            cells: vec![cell(0, 0.1), cell(1, 1.0), cell(2, 0.2)],
            scale: vec!["#ffffff".to_owned(), "#0b6e6e".to_owned()],
        };
        assert_eq!(cell_at(&matrix, &LIGHT, 0, 1), Some(2));
        assert_eq!(cell_at(&matrix, &LIGHT, 1, 0), Some(1));
        assert_eq!(cell_at(&matrix, &LIGHT, 1, 1), None);
    }
}
