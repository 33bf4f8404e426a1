//! A series, by its form: bars, lines, bands, ticks, whiskers, dots.

use charming::datatype::{CompositeValue, DataPoint, DataPointItem};
use charming::element::{
    AreaStyle, ItemStyle, Label, LabelPosition, LineStyle, LineStyleType, Symbol,
};
use charming::series::{Bar, Line, Scatter};

use super::Drawing;
use crate::components::chart_parts::{LABEL_SIZE, place, ticks};
use crate::dashboards::plot::{Form, Series};

/// Opacity of bars that the filters leave out.
const PALE: f64 = 0.3;

impl Drawing<'_> {
    pub(super) fn series(&mut self, position: usize, series: &Series<usize>) {
        let own = Some(position);
        match series.form {
            Form::Bars(_) | Form::Beside => {
                let bars = self.bars(series);
                let mut style = ItemStyle::new().color(series.colour);
                if let Some(opacity) = series.opacity {
                    style = style.opacity(opacity);
                }
                let mut drawn = Bar::new().name(series.name.as_str()).item_style(style);
                if let Form::Bars(percent) = series.form {
                    drawn = drawn.bar_width(format!("{percent}%"));
                }
                if let Some((colour, _)) = &series.label {
                    let end = if self.plot.is_lying {
                        LabelPosition::Right
                    } else {
                        LabelPosition::Top
                    };
                    let label = Label::new().show(true).position(end).formatter("{b}");
                    drawn = drawn.label(label.color(*colour).font_size(LABEL_SIZE));
                }
                if let Some(stack) = series.stack {
                    drawn = drawn.stack(stack);
                }
                self.add(drawn.data(bars), own);
            }
            Form::Line(_) | Form::Dotted(_) | Form::Area => {
                let values = self.values(|row| (series.value)(row));
                let line = line(series, self.plot.rows.len(), self.plot.theme.paper);
                self.add(line.data(values), own);
            }
            Form::Band => self.band(series),
            Form::Ticks => {
                let places = self.places(series).into_iter().map(|(_, place)| place);
                let ticks = ticks(
                    &series.name,
                    self.plot.is_lying,
                    series.colour,
                    places.collect(),
                );
                self.add(ticks, None);
            }
            Form::Whiskers(width) => self.whiskers(series, width),
            Form::Dots(size) | Form::Rings(size) | Form::Diamonds(size) => {
                let (rows, places): (Vec<usize>, Vec<CompositeValue>) =
                    self.places(series).into_iter().unzip();
                let hollow = |width: f64| {
                    ItemStyle::new()
                        .color("rgba(0,0,0,0)")
                        .border_color(series.colour)
                        .border_width(width)
                };
                let (symbol, style) = match series.form {
                    Form::Rings(_) => (Symbol::Circle, hollow(1.5)),
                    Form::Diamonds(_) => (Symbol::Diamond, hollow(1.75)),
                    _ => (
                        Symbol::Circle,
                        ItemStyle::new()
                            .color(series.colour)
                            .border_color(self.plot.theme.paper)
                            .border_width(1),
                    ),
                };
                let points = rows.iter().zip(places).map(|(row, place)| {
                    let own = series.style.as_ref();
                    match own.map(|style| style(&self.plot.rows[*row])) {
                        Some(style) => DataPointItem::new(place).item_style(style).into(),
                        None => DataPoint::from(place),
                    }
                });
                let dots = Scatter::new()
                    .name(series.name.as_str())
                    .symbol(symbol)
                    .symbol_size(size)
                    .item_style(style)
                    .data(points.collect::<Vec<_>>());
                self.add_at(rows, dots, own);
            }
        }
    }

    /// A line a row, above bars and below dots.
    fn whiskers(&mut self, series: &Series<usize>, width: f64) {
        let Some(upper) = &series.upper else { return };
        for (row, of) in self.plot.rows.iter().enumerate() {
            if let Some((lower, upper)) = (series.value)(of).zip(upper(of)) {
                let ends = [lower, upper].map(|value| self.place(row, value)).to_vec();
                let line = Line::new()
                    .silent(true)
                    .symbol(Symbol::None)
                    .line_style(LineStyle::new().color(series.colour).width(width))
                    .z(if self.has_bars { 4 } else { 2 });
                self.add_at(vec![row; 2], line.data(ends), None);
            }
        }
    }

    fn bars(&self, series: &Series<usize>) -> Vec<DataPoint> {
        let bar = |row: &usize| -> DataPoint {
            let Some(value) = (series.value)(row) else {
                return CompositeValue::from("-").into();
            };
            let is_pale = self.plot.is_pale.as_ref();
            let is_pale = is_pale.is_some_and(|is_pale| is_pale(row));
            let style = series.style.as_ref().map(|style| style(row));
            if style.is_none() && !is_pale && series.label.is_none() {
                return value.into();
            }
            let mut bar = DataPointItem::new(value);
            if is_pale || style.is_some() {
                let style = style.unwrap_or_default();
                bar = bar.item_style(if is_pale { style.opacity(PALE) } else { style });
            }
            match &series.label {
                Some((_, text)) => bar.name(text(row)).into(),
                None => bar.into(),
            }
        };
        let rows = self.plot.rows.iter();
        if self.plot.is_lying {
            rows.rev().map(bar).collect()
        } else {
            rows.map(bar).collect()
        }
    }

    /// A value of each place, from the left or from the bottom; ECharts' word for nothing where a row has none.
    pub(super) fn values(&self, value: impl Fn(&usize) -> Option<f64>) -> Vec<CompositeValue> {
        let drawn = |row: &usize| match value(row) {
            Some(value) => CompositeValue::from(value),
            None => CompositeValue::from("-"),
        };
        let rows = self.plot.rows.iter();
        if self.plot.is_lying {
            rows.rev().map(drawn).collect()
        } else {
            rows.map(drawn).collect()
        }
    }

    /// The rows that have a value, each with its place.
    fn places(&self, series: &Series<usize>) -> Vec<(usize, CompositeValue)> {
        let rows = self.plot.rows.iter().enumerate();
        rows.filter_map(|(row, of)| Some((row, self.place(row, (series.value)(of)?))))
            .collect()
    }

    /// The place of a value of the row at a position.
    pub(super) fn place(&self, row: usize, value: f64) -> CompositeValue {
        let last = self.plot.rows.len().saturating_sub(1);
        if self.plot.is_lying {
            place(value, (last - row) as f64)
        } else {
            place(row as f64, value)
        }
    }

    /// Two lines that nobody sees: the lower edge, and what lies above it.
    fn band(&mut self, series: &Series<usize>) {
        let Some(upper) = &series.upper else { return };
        let edge = || {
            Line::new()
                .silent(true)
                .stack("band")
                .symbol(Symbol::None)
                .line_style(LineStyle::new().width(0).opacity(0.0))
        };
        let lower = self.values(|row| (series.value)(row));
        let above = self.values(|row| Some(upper(row)? - (series.value)(row)?));
        let area = AreaStyle::new().color(series.colour).opacity(0.15);
        self.add(edge().data(lower), None);
        self.add(edge().area_style(area).data(above), None);
    }
}

fn line(series: &Series<usize>, count: usize, paper: &str) -> Line {
    let width = match series.form {
        Form::Line(width) | Form::Dotted(width) => width,
        _ => 1.5,
    };
    let mut style = LineStyle::new().color(series.colour).width(width);
    if series.is_dashed {
        style = style.type_(LineStyleType::Dashed);
    }
    let mut line = Line::new().name(series.name.as_str()).line_style(style);
    if let Some(stack) = series.stack {
        line = line.stack(stack);
    }
    match (series.form, series.dot_size) {
        (Form::Dotted(_), Some(size)) => line
            .symbol(Symbol::Circle)
            .symbol_size(size)
            .show_symbol(true)
            .item_style(ItemStyle::new().color(series.colour)),
        (Form::Dotted(_), None) => line
            .symbol(Symbol::Circle)
            // A value between two gaps is a point of its own, however many there are.
            .symbol_size(if count <= 14 { 5 } else { 2 })
            .show_symbol(true)
            .item_style(ItemStyle::new().color(series.colour).border_color(paper)),
        (Form::Area, _) => line
            .symbol(Symbol::None)
            .area_style(AreaStyle::new().color(series.colour).opacity(0.22)),
        _ => line.symbol(Symbol::None),
    }
}
