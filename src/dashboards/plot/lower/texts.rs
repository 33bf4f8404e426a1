//! Words and figures on a plot: names at the ends of series, figures beyond bars.

use charming::element::LabelPosition;

use super::{Drawing, drawn_order};
use crate::components::chart_parts::{EndName, LABEL_SIZE, end_names, figures, place, spread};
use crate::dashboards::plot::series::written;
use crate::dashboards::plot::{Form, Series};

impl Drawing<'_> {
    /// Names at the ends of series: in the middle of a layer of a stack, at the last value of a line.
    pub(super) fn names(&mut self) {
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
    pub(super) fn beyond(&mut self) {
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
    pub(super) fn figures(&mut self) {
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
