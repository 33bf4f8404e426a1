//! A plot as a charming chart, and which row each drawn place is of.

use charming::Chart;
use charming::component::Axis;
use charming::datatype::{CompositeValue, DataPoint, DataPointItem};
use charming::element::{
    AreaStyle, AxisLabel, AxisLine, AxisTick, AxisType, BoundaryGap, ItemStyle, Label,
    LabelPosition, LineStyle, LineStyleType, SplitLine, Symbol,
};
use charming::series::{Bar, Line, Scatter};

use super::series::written;
use super::{Form, Plot, Series};
use crate::components::chart_parts::{
    EndName, LABEL_SIZE, axis_label, axis_tooltip, before_line, category_axis, column_tooltip,
    day_names, end_names, figures, grid, month_names, place, quiet_text, spread, ticks, value_axis,
    week_names,
};
use crate::results::periods::Grain;

/// Opacity of bars that the filters leave out.
const PALE: f64 = 0.3;

/// A series as drawn: which one of the plot's it is, and which rows its places are of.
#[derive(Clone)]
pub(super) struct Drawn {
    /// Its position among the plot's series; `None` for what is no series.
    pub(super) series: Option<usize>,
    /// The rows of its points, where it has none at some places; `None` when each place, from the left or
    /// from the bottom, is a row.
    pub(super) rows: Option<Vec<usize>>,
}

/// The chart, and what each of its series is of.
pub(super) fn chart(plot: &Plot<usize>) -> (Chart, Vec<Drawn>) {
    let has_bars = plot
        .series
        .iter()
        .any(|series| matches!(series.form, Form::Bars(_) | Form::Beside));
    let tooltip = if has_bars || plot.is_lying {
        column_tooltip()
    } else {
        axis_tooltip(plot.theme)
    };
    let grid = match plot.headroom {
        None => grid(plot.room),
        Some(headroom) => grid(plot.room).top(headroom),
    };
    let mut drawing = Drawing {
        plot,
        has_bars,
        chart: Chart::new().grid(grid).tooltip(tooltip),
        drawn: Vec::new(),
    };
    drawing.axes();
    for position in drawn_order(&plot.series) {
        drawing.series(position, &plot.series[position]);
    }
    drawing.baseline();
    drawing.reference();
    drawing.before();
    for overlay in &plot.overlays {
        drawing.add(overlay.clone(), None);
    }
    drawing.names();
    drawing.figures();
    drawing.beyond();
    (drawing.chart, drawing.drawn)
}

struct Drawing<'a> {
    plot: &'a Plot<usize>,
    has_bars: bool,
    chart: Chart,
    drawn: Vec<Drawn>,
}

impl Drawing<'_> {
    fn add(&mut self, drawn: impl Into<charming::series::Series>, series: Option<usize>) {
        self.chart = std::mem::take(&mut self.chart).series(drawn);
        self.drawn.push(Drawn { series, rows: None });
    }

    /// Draws a series that has points at some rows only.
    fn add_at(
        &mut self,
        rows: Vec<usize>,
        drawn: impl Into<charming::series::Series>,
        series: Option<usize>,
    ) {
        self.add(drawn, series);
        if let Some(drawn) = self.drawn.last_mut() {
            drawn.rows = Some(rows);
        }
    }

    fn axes(&mut self) {
        let plot = self.plot;
        let chart = std::mem::take(&mut self.chart);
        if plot.is_lying {
            let names = plot.rows.iter().rev().map(|row| (plot.name)(row));
            let values = if plot.is_scaled {
                value_axis(plot.theme)
            } else {
                Axis::new()
                    .type_(AxisType::Value)
                    .axis_label(AxisLabel::new().show(false))
                    .axis_line(AxisLine::new().show(false))
                    .axis_tick(AxisTick::new().show(false))
                    .split_line(SplitLine::new().show(false))
            };
            let values = match plot.reach {
                Some(reach) => values.max(reach),
                None => values,
            };
            let mut names = category_axis(plot.theme, names.collect())
                .axis_label(axis_label(plot.theme).color(plot.theme.ink).interval(0))
                .axis_line(AxisLine::new().show(false));
            if plot.is_ruled {
                let hairline = LineStyle::new().color(plot.theme.rule).width(1);
                names = names.split_line(SplitLine::new().show(true).line_style(hairline));
            }
            self.chart = chart.x_axis(values).y_axis(names);
            return;
        }
        let names: Vec<String> = match &plot.time {
            None => plot.rows.iter().map(|row| (plot.name)(row)).collect(),
            Some(time) => {
                let starts: Vec<_> = plot.rows.iter().map(|row| (time.starts_on)(row)).collect();
                match time.grain {
                    Grain::Day => day_names(&starts),
                    Grain::Week => week_names(&starts),
                    Grain::Month | Grain::Quarter => month_names(&starts),
                }
            }
        };
        let mut axis = category_axis(plot.theme, names);
        if !self.has_bars {
            axis = axis.boundary_gap(BoundaryGap::CategoryAxis(false));
        }
        axis = axis.axis_label(axis_label(plot.theme).interval(0));
        if !plot.axis_name.is_empty() {
            axis = axis
                .name(plot.axis_name)
                .name_gap(8)
                .name_text_style(quiet_text(plot.theme));
        }
        let heights = value_axis(plot.theme);
        let heights = match self.cap().or(plot.reach) {
            Some(cap) => heights.max(cap),
            None => heights,
        };
        self.chart = chart.x_axis(axis).y_axis(heights);
    }

    /// Where the axis ends, if it is capped and some values lie beyond.
    fn cap(&self) -> Option<f64> {
        let plot = self.plot;
        let of_rows = plot.series.iter().flat_map(|series| {
            let rows = plot.rows.iter();
            rows.filter_map(|row| (series.value)(row))
        });
        let before = plot.before.iter().flat_map(|before| {
            let rows = before.rows.iter();
            rows.filter_map(|row| (before.value)(row))
        });
        plot.is_capped.then(|| cap(of_rows.chain(before)))?
    }

    /// A hairline from the first place to the last.
    fn baseline(&mut self) {
        let Some(value) = self.plot.baseline else {
            return;
        };
        let line = Line::new()
            .name("Baseline")
            .silent(true)
            .symbol(Symbol::None)
            .line_style(LineStyle::new().color(self.plot.theme.rule_strong).width(1))
            .z(1);
        let line = self.across(line, value);
        self.add(line, None);
    }

    /// A dashed line from the first place to the last.
    fn reference(&mut self) {
        let Some(reference) = &self.plot.reference else {
            return;
        };
        let style = LineStyle::new()
            .color(reference.colour)
            .width(1.25)
            .type_(LineStyleType::Dashed);
        let line = Line::new()
            .name(reference.name)
            .silent(true)
            .symbol(Symbol::None)
            .line_style(style);
        let line = self.across(line, reference.value);
        self.add(line, None);
    }

    /// The line at one value, from the first place to the last.
    fn across(&self, line: Line, value: f64) -> Line {
        let places = 0..self.plot.rows.len();
        if self.plot.is_lying {
            line.data(places.map(|along| place(value, along as f64)).collect())
        } else {
            line.data(vec![value; places.len()])
        }
    }

    /// A value of each place, from the left or from the bottom; ECharts' word for nothing where a row has none.
    fn values(&self, value: impl Fn(&usize) -> Option<f64>) -> Vec<CompositeValue> {
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

    fn series(&mut self, position: usize, series: &Series<usize>) {
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

    /// The rows that have a value, each with its place.
    fn places(&self, series: &Series<usize>) -> Vec<(usize, CompositeValue)> {
        let rows = self.plot.rows.iter().enumerate();
        rows.filter_map(|(row, of)| Some((row, self.place(row, (series.value)(of)?))))
            .collect()
    }

    /// The place of a value of the row at a position.
    fn place(&self, row: usize, value: f64) -> CompositeValue {
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

    fn before(&mut self) {
        let Some(before) = &self.plot.before else {
            return;
        };
        let rows = before.rows.iter().take(self.plot.rows.len());
        let values = rows.map(|row| match (before.value)(row) {
            Some(value) => CompositeValue::from(value),
            None => CompositeValue::from("-"),
        });
        let mut line = before_line(self.plot.theme.muted, values.collect());
        if self
            .plot
            .series
            .iter()
            .any(|series| matches!(series.form, Form::Dotted(_)))
        {
            line = line
                .symbol(Symbol::Circle)
                .symbol_size(2)
                .show_symbol(true)
                .item_style(ItemStyle::new().color(self.plot.theme.muted));
        }
        self.add(line, None);
    }

    /// Names at the ends of series: in the middle of a layer of a stack, at the last value of a line.
    fn names(&mut self) {
        let mut below = 0.0;
        let mut ends: Vec<(usize, usize, f64)> = Vec::new();
        for position in drawn_order(&self.plot.series) {
            let series = &self.plot.series[position];
            let rows = self.plot.rows.iter().enumerate().rev();
            let mut values = rows.filter_map(|(row, of)| Some((row, (series.value)(of)?)));
            let Some((row, value)) = values.next() else {
                continue;
            };
            let height = if series.stack.is_some() {
                below += value;
                below - value / 2.0
            } else {
                value
            };
            if series.end_name.is_some() {
                ends.push((position, row, height));
            }
        }
        if ends.is_empty() {
            return;
        }
        let highest = self.highest();
        let highest = self.cap().map_or(highest, |cap| cap.min(highest));
        let heights: Vec<f64> = ends
            .iter()
            .map(|(_, _, height)| height.min(highest))
            .collect();
        let heights = spread(&heights, highest * self.plot.names_apart);
        let names = ends
            .iter()
            .zip(heights)
            .map(|((position, row, _), height)| {
                let series = &self.plot.series[*position];
                EndName {
                    name: series.end_name.as_deref().unwrap_or_default().into(),
                    colour: series.colour,
                    position: *row,
                    height,
                }
            });
        let names = end_names(&names.collect::<Vec<_>>());
        self.add(names, None);
    }

    /// The highest value that is drawn, stacks as a whole.
    fn highest(&self) -> f64 {
        let ends = self.plot.rows.iter().map(|row| self.end(row));
        ends.fold(0.0, f64::max)
    }

    /// The highest value of a row, a stack as a whole.
    fn end(&self, row: &usize) -> f64 {
        let values = |is_stacked: bool| {
            let of = self.plot.series.iter();
            let of = of.filter(move |series| series.stack.is_some() == is_stacked);
            of.filter_map(|series| match (&series.upper, series.form) {
                (Some(upper), Form::Whiskers(_)) => upper(row),
                _ => (series.value)(row),
            })
        };
        let alone = values(false).fold(0.0, f64::max);
        alone.max(values(true).sum::<f64>())
    }

    /// The values of the first series that lie beyond a capped axis, written at its end.
    fn beyond(&mut self) {
        let Some((cap, first)) = self.cap().zip(self.plot.series.first()) else {
            return;
        };
        let rows = self.plot.rows.iter().enumerate();
        let beyond = rows.filter_map(|(row, of)| {
            let value = (first.value)(of).filter(|value| *value > cap)?;
            Some((
                place(row as f64, cap),
                format!("↑ {}", self.plot.ticks.short(value)),
            ))
        });
        let beyond: Vec<_> = beyond.collect();
        let figures = figures(LabelPosition::Right, first.colour, LABEL_SIZE, beyond);
        self.add(figures, None);
    }

    /// Figures beyond bars, so that neither a bar nor its tick crosses them.
    fn figures(&mut self) {
        let plot = self.plot;
        let has_figures = |series: &&Series<usize>| series.has_figures || series.figures.is_some();
        let Some(series) = plot.series.iter().find(has_figures) else {
            return;
        };
        let own = series.figures.as_ref();
        let colour = own.map_or(plot.theme.ink, |figures| figures.colour);
        let text = |row: &usize| match own {
            Some(figures) => (figures.text)(row),
            None => (series.value)(row).map(|value| written(plot.ticks, value)),
        };
        let highest = plot.are_figures_aligned.then(|| self.highest());
        let texts = plot.rows.iter().enumerate().filter_map(|(row, of)| {
            let end = highest.unwrap_or_else(|| self.end(of));
            Some((self.place(row, end), text(of)?))
        });
        let position = if plot.is_lying {
            LabelPosition::Right
        } else {
            LabelPosition::Top
        };
        // Listed as they are drawn: from the bottom where bars lie.
        let mut texts: Vec<_> = texts.collect();
        if plot.is_lying {
            texts.reverse();
        }
        let figures = figures(position, colour, LABEL_SIZE, texts);
        self.add(figures, None);
    }
}

/// Positions of series in the order they are drawn: by level, and as they were given.
fn drawn_order(series: &[Series<usize>]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..series.len()).collect();
    order.sort_by_key(|position| series[*position].level);
    order
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

/// Where an axis ends, if a few values are so far above the rest that they would rule it: at twice what nine in ten
/// values reach.
fn cap(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let highest = *values.last()?;
    let usual = *values.get((values.len() - 1) * 9 / 10)?;
    // With few values the highest is the tenth in ten: the one below it says what is usual.
    let usual = if usual < highest {
        usual
    } else {
        *values.get(values.len().checked_sub(2)?)?
    };
    let cap = libm::ceil(2.0 * usual.max(1.0));
    (highest > cap).then_some(cap)
}

#[cfg(test)]
mod tests {
    use super::cap;

    fn check(values: &[f64], expected: Option<f64>) {
        assert_eq!(cap(values.iter().copied()), expected);
    }

    #[test]
    fn one_value_does_not_rule_the_axis() {
        check(&[1.8, 2.2, 2.4, 2.1, 1.9, 38.0], Some(5.0));
        check(&[1.8, 2.2, 2.4, 2.1, 1.9, 3.1], None);
        check(&[0.2, 0.3, 0.4], None);
        check(&[7.0], None);
        check(&[], None);
    }
}
