//! Lines that belong to no series: the baseline, a reference, the period before.

use charming::datatype::CompositeValue;
use charming::element::{ItemStyle, LineStyle, LineStyleType, Symbol};
use charming::series::Line;

use super::Drawing;
use crate::components::chart_parts::{before_line, place};
use crate::dashboards::plot::Form;

impl Drawing<'_> {
    /// A hairline from the first place to the last.
    pub(super) fn baseline(&mut self) {
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
    pub(super) fn reference(&mut self) {
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

    pub(super) fn before(&mut self) {
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
}
