//! The axes of a plot: places by their names or dates, and values up to a reach.

use charming::component::Axis;
use charming::element::{
    AxisLabel, AxisLine, AxisTick, AxisType, BoundaryGap, LineStyle, SplitLine,
};

use super::Drawing;
use crate::components::chart_parts::{
    axis_label, category_axis, day_names, month_names, quiet_text, value_axis, week_names,
};
use crate::results::periods::Grain;

impl Drawing<'_> {
    pub(super) fn axes(&mut self) {
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
    pub(super) fn cap(&self) -> Option<f64> {
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
