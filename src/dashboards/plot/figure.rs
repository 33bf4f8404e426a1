//! A plot as a figure: what its tooltips say, what its marks are, and where a click leads.
//!
//! Rows become numbers first, so that the program has this code and the drawing once, not once for each kind of row.

use std::rc::Rc;

use super::of_row::by_number;
use super::{Before, Entry, Figure, Line, Plot, Time, lower, period_name, series};
use crate::components::chart_spec::ChartMark;
use crate::components::format::{change, relative_change};
use crate::components::tooltip::Tooltip;
use crate::dashboards::marks::PanelMark;

impl<R: Clone + 'static> Plot<R> {
    /// The same plot of the numbers of its rows; those of the period before follow.
    pub(super) fn of_numbers(self) -> Plot<usize> {
        let count = self.rows.len();
        let mut rows = self.rows.as_ref().clone();
        if let Some(before) = &self.before {
            rows.extend(before.rows.iter().cloned());
        }
        let rows = Rc::new(rows);
        let entries = self.entries.into_iter().map(|entry| match entry {
            Entry::Series(position) => Entry::Series(position),
            Entry::Before => Entry::Before,
            Entry::Line(line) => Entry::Line(Line {
                name: line.name,
                is_total: line.is_total,
                told: by_number(&rows, line.told),
            }),
        });
        let series = self.series.into_iter();
        Plot {
            theme: self.theme,
            ticks: self.ticks,
            rows: Rc::new((0..count).collect()),
            name: by_number(&rows, self.name),
            heading: by_number(&rows, self.heading),
            time: self.time.map(|time| Time {
                subject: time.subject,
                grain: time.grain,
                starts_on: by_number(&rows, time.starts_on),
            }),
            is_lying: self.is_lying,
            is_scaled: self.is_scaled,
            is_ruled: self.is_ruled,
            room: self.room,
            headroom: self.headroom,
            reach: self.reach,
            are_figures_aligned: self.are_figures_aligned,
            series: series.map(|series| series.by_number(&rows)).collect(),
            entries: entries.collect(),
            is_largest_told_first: self.is_largest_told_first,
            before: self.before.map(|before| Before {
                rows: (count..rows.len()).collect(),
                name: before.name,
                value: by_number(&rows, before.value),
                has_change: before.has_change,
            }),
            is_pale: self.is_pale.map(|is_pale| by_number(&rows, is_pale)),
            mark: self.mark.map(|mark| by_number(&rows, mark)),
            are_marks_from_last: self.are_marks_from_last,
            are_marks_by_series: self.are_marks_by_series,
            names_apart: self.names_apart,
            axis_name: self.axis_name,
            baseline: self.baseline,
            reference: self.reference,
            remark: self.remark.map(|remark| by_number(&rows, remark)),
            is_capped: self.is_capped,
            overlays: self.overlays,
        }
    }
}

impl Plot<usize> {
    /// The tooltip of the row at `index`.
    fn tooltip(&self, index: usize) -> Option<Tooltip> {
        let row = self.rows.get(index)?;
        let mut tooltip = Tooltip::new((self.heading)(row));
        for entry in self.entries_of(row) {
            match entry {
                Entry::Series(position) => {
                    let series = &self.series[*position];
                    if let Some(told) = series.told(row, self.ticks) {
                        tooltip = tooltip.mark(series.colour, series.told_name(), told);
                    }
                }
                Entry::Line(line) => {
                    if let Some(told) = (line.told)(row) {
                        tooltip = if line.is_total {
                            tooltip.total(&line.name, told)
                        } else {
                            tooltip.line(&line.name, told)
                        };
                    }
                }
                Entry::Before => tooltip = self.tell_before(tooltip, index),
            }
        }
        if let Some(remark) = self.remark.as_ref().and_then(|remark| remark(row)) {
            tooltip = tooltip.remark(remark);
        }
        let mut entries = self.entries.iter();
        if entries.any(|entry| matches!(entry, Entry::Before)) {
            Some(tooltip)
        } else {
            Some(self.tell_before(tooltip, index))
        }
    }

    /// The lines of a row's tooltip in their order.
    fn entries_of(&self, row: &usize) -> Vec<&Entry<usize>> {
        let mut entries: Vec<&Entry<usize>> = self.entries.iter().collect();
        if self.is_largest_told_first {
            let rank = |entry: &Entry<usize>| match entry {
                Entry::Series(position) => {
                    let series = &self.series[*position];
                    let value = (series.value)(row).unwrap_or(f64::NEG_INFINITY);
                    (-value, series.name.as_str())
                }
                _ => (f64::INFINITY, ""),
            };
            entries.sort_by(|one, other| {
                let ((value, name), (other_value, other_name)) = (rank(one), rank(other));
                value.total_cmp(&other_value).then(name.cmp(other_name))
            });
        }
        entries
    }

    fn tell_before(&self, tooltip: Tooltip, index: usize) -> Tooltip {
        let Some(before) = &self.before else {
            return tooltip;
        };
        let Some(row) = before.rows.get(index) else {
            return tooltip;
        };
        let period = match &self.time {
            Some(time) => period_name(time.grain, (time.starts_on)(row)),
            None => (self.heading)(row),
        };
        let name = match before.name {
            "" => period,
            name => format!("{name}, {period}"),
        };
        let value = (before.value)(row);
        let written = value.map_or_else(
            || "–".to_owned(),
            |value| series::written(self.ticks, value),
        );
        let tooltip = tooltip.mark(self.theme.muted, name, written);
        let now = self.rows.get(index).and_then(|row| (before.value)(row));
        match now.zip(value).filter(|_| before.has_change) {
            Some((now, then)) => match relative_change(now, then) {
                Some(growth) => tooltip.line("Change", change(growth)),
                None => tooltip,
            },
            None => tooltip,
        }
    }

    /// The plot, drawn.
    pub(super) fn drawn(self) -> Figure {
        let (chart, drawn) = lower::chart(&self);
        let (marks, places) = self.marks();
        let starts = self.time.as_ref().map(|time| {
            let starts = self.rows.iter().map(|row| (time.starts_on)(row));
            (time.subject, time.grain, starts.collect())
        });
        let last = self.rows.len().saturating_sub(1);
        let is_lying = self.is_lying;
        let row_of = move |place: &ChartMark| -> (Option<usize>, Option<usize>) {
            let drawn = place.series.and_then(|series| drawn.get(series));
            let along = |index: usize| {
                if is_lying {
                    last.checked_sub(index)
                } else {
                    Some(index)
                }
            };
            match drawn {
                Some(drawn) => match &drawn.rows {
                    None => (drawn.series, along(place.index)),
                    Some(rows) => (drawn.series, rows.get(place.index).copied()),
                },
                None => (None, along(place.index)),
            }
        };
        let at = row_of.clone();
        let mark_at = move |place: &ChartMark| {
            let (series, row) = at(place);
            let of_row = places.get(row?)?;
            let own = series.and_then(|series| of_row.of_series.get(series).copied().flatten());
            own.or(of_row.of_row)
        };
        let plot = self;
        Figure {
            chart,
            tooltip: Rc::new(move |place| plot.tooltip(row_of(place).1?)),
            marks,
            mark_at: Rc::new(mark_at),
            time: starts,
        }
    }

    /// All marks, the newest of a time first, and which of them are of which row.
    fn marks(&self) -> (Vec<PanelMark>, Vec<MarksOfRow>) {
        let mut marks = Vec::new();
        let of_row = MarksOfRow {
            of_row: None,
            of_series: vec![None; self.series.len()],
        };
        let mut places = vec![of_row; self.rows.len()];
        let mut add = |mark: PanelMark| {
            marks.push(mark);
            marks.len() - 1
        };
        for (position, series) in self.series.iter().enumerate() {
            if let Some(mark) = &series.mark_of_all {
                let own = Some(add(mark.clone()));
                places
                    .iter_mut()
                    .for_each(|of| of.of_series[position] = own);
            }
        }
        for (index, position) in self.order_of_marks() {
            let row = &self.rows[index];
            let Some(position) = position else {
                let mark = self.mark.as_ref().and_then(|mark| mark(row));
                places[index].of_row = mark.map(&mut add);
                continue;
            };
            let series = &self.series[position];
            let own = series.mark.as_ref().and_then(|mark| mark(row));
            let own = own.map(&mut add).or(places[index].of_series[position]);
            places[index].of_series[position] = own;
            // A place beside the marks reaches the first series that says so, the largest one.
            if series.is_for_place(row, &self.series) {
                places[index].of_row = places[index].of_row.or(own);
            }
        }
        (marks, places)
    }

    /// Rows and their series in the order that marks are listed; `None` stands for the row itself.
    fn order_of_marks(&self) -> Vec<(usize, Option<usize>)> {
        let rows = 0..self.rows.len();
        let rows: Vec<usize> = if self.time.is_some() || self.are_marks_from_last {
            rows.rev().collect()
        } else {
            rows.collect()
        };
        let series = || std::iter::once(None).chain((0..self.series.len()).map(Some));
        if self.are_marks_by_series {
            let of = |series| rows.iter().map(move |row| (*row, series));
            series().flat_map(of).collect()
        } else {
            let of = |row| series().map(move |one| (row, one));
            rows.into_iter().flat_map(of).collect()
        }
    }
}

/// The positions of a row's marks.
#[derive(Debug, Clone, Default)]
struct MarksOfRow {
    of_row: Option<usize>,
    of_series: Vec<Option<usize>>,
}
