//! What a panel says of its plot, call by call.

use std::rc::Rc;

use charming::series::Series as DrawnSeries;

use super::{
    Before, Entry, Figure, IntoValue, Line, Of, Plot, Reference, Series, Time, period_name,
};
use crate::components::format::ValueFormat;
use crate::components::theme::Theme;
use crate::dashboards::marks::PanelMark;
use crate::dashboards::notes::Subject;
use crate::results::periods::Periodic;

impl<R: Periodic + Clone + 'static> Plot<R> {
    /// A plot over time, a place for each row; `ticks` is how its values are written.
    #[must_use]
    pub fn over_time(
        rows: &[R],
        subject: Subject,
        ticks: ValueFormat,
        theme: &'static Theme,
    ) -> Self {
        let heading = |row: &R| period_name(R::GRAIN, row.starts_on());
        let mut plot = Self::of_names(rows, ticks, theme, heading);
        plot.time = Some(Time {
            subject,
            grain: R::GRAIN,
            starts_on: Rc::new(R::starts_on),
        });
        plot
    }
}

impl<R: Clone + 'static> Plot<R> {
    /// A plot over names, a place for each row from the left.
    #[must_use]
    pub fn of_names(
        rows: &[R],
        ticks: ValueFormat,
        theme: &'static Theme,
        name: impl Fn(&R) -> String + 'static,
    ) -> Self {
        let name: Of<R, String> = Rc::new(name);
        Self {
            theme,
            ticks,
            rows: Rc::new(rows.to_vec()),
            heading: Rc::clone(&name),
            name,
            time: None,
            is_lying: false,
            is_scaled: false,
            is_ruled: false,
            room: 12.0,
            headroom: None,
            reach: None,
            are_figures_aligned: false,
            series: Vec::new(),
            entries: Vec::new(),
            is_largest_told_first: false,
            before: None,
            is_pale: None,
            mark: None,
            are_marks_from_last: false,
            are_marks_by_series: false,
            names_apart: 0.07,
            axis_name: "",
            baseline: None,
            reference: None,
            remark: None,
            is_capped: false,
            overlays: Vec::new(),
        }
    }

    /// Lays bars down: a place for each row from the top.
    #[must_use]
    pub fn lying(mut self) -> Self {
        self.is_lying = true;
        self
    }

    /// Shows the scale of values where bars or dots lie: no figures beside them say it.
    #[must_use]
    pub fn scaled(mut self) -> Self {
        self.is_scaled = true;
        self
    }

    /// Parts the places by hairlines.
    #[must_use]
    pub fn ruled(mut self) -> Self {
        self.is_ruled = true;
        self
    }

    /// Leaves room above the plotting area for figures, in pixels.
    #[must_use]
    pub fn headroom(mut self, pixels: f64) -> Self {
        self.headroom = Some(pixels);
        self
    }

    /// Ends the axis of values at a value.
    #[must_use]
    pub fn reach(mut self, value: f64) -> Self {
        self.reach = Some(value);
        self
    }

    /// Writes figures below each other, beyond the longest bar, instead of at the end of each.
    #[must_use]
    pub fn figures_aligned(mut self) -> Self {
        self.are_figures_aligned = true;
        self
    }

    /// Leaves room for names at the ends of lines and figures at the ends of bars, in pixels.
    #[must_use]
    pub fn room(mut self, pixels: f64) -> Self {
        self.room = pixels;
        self
    }

    /// Heads tooltips otherwise than the axis names places.
    #[must_use]
    pub fn headed(mut self, heading: impl Fn(&R) -> String + 'static) -> Self {
        self.heading = Rc::new(heading);
        self
    }

    /// Lists marks from the last place, as plots of time do.
    #[must_use]
    pub fn marks_from_last(mut self) -> Self {
        self.are_marks_from_last = true;
        self
    }

    /// Lists marks series by series, each from its first place.
    #[must_use]
    pub fn marks_by_series(mut self) -> Self {
        self.are_marks_by_series = true;
        self
    }

    /// Keeps names at line ends as far apart as this share of the highest value: more where the chart is low.
    #[must_use]
    pub fn names_apart(mut self, share: f64) -> Self {
        self.names_apart = share;
        self
    }

    /// Names the axis of places.
    #[must_use]
    pub fn axis_name(mut self, name: &'static str) -> Self {
        self.axis_name = name;
        self
    }

    /// Draws a hairline across at a value that readers compare with.
    #[must_use]
    pub fn baseline(mut self, value: f64) -> Self {
        self.baseline = Some(value);
        self
    }

    /// Draws a dashed line across at a value that marks are held to, where there is one.
    #[must_use]
    pub fn reference(
        mut self,
        name: &'static str,
        colour: &'static str,
        value: impl IntoValue,
    ) -> Self {
        self.reference = value.into_value().map(|value| Reference {
            name,
            colour,
            value,
        });
        self
    }

    /// Adds a remark to the tooltips of some rows.
    #[must_use]
    pub fn remark(mut self, remark: impl Fn(&R) -> Option<String> + 'static) -> Self {
        self.remark = Some(Rc::new(remark));
        self
    }

    /// Ends the axis below a few values that are so far above the rest that they would rule it; they are written
    /// at its end.
    #[must_use]
    pub fn capped(mut self) -> Self {
        self.is_capped = true;
        self
    }

    /// Draws a series. Tooltips list series in the order of these calls.
    #[must_use]
    pub fn series(mut self, series: Series<R>) -> Self {
        self.entries.push(Entry::Series(self.series.len()));
        self.series.push(series);
        self
    }

    /// Draws a series of each kind, such as one of each feature.
    #[must_use]
    pub fn each(self, series: impl IntoIterator<Item = Series<R>>) -> Self {
        series.into_iter().fold(self, Self::series)
    }

    /// Tells the series of a place from the largest value on, ahead of all other lines.
    #[must_use]
    pub fn largest_told_first(mut self) -> Self {
        self.is_largest_told_first = true;
        self
    }

    /// Draws a stack of series from the bottom up. Tooltips list them from the top down.
    #[must_use]
    pub fn stack(mut self, stack: impl IntoIterator<Item = Series<R>>) -> Self {
        let first = self.series.len();
        let stack = stack.into_iter();
        self.series
            .extend(stack.map(|series| series.stacked("stack")));
        let told = (first..self.series.len()).rev();
        self.entries.extend(told.map(Entry::Series));
        self
    }

    /// Tells a figure of each row, without a mark.
    #[must_use]
    pub fn line(
        self,
        name: impl Into<String>,
        told: impl Fn(&R) -> Option<String> + 'static,
    ) -> Self {
        self.told(name.into(), false, told)
    }

    /// Tells what the series add up to.
    #[must_use]
    pub fn total(self, name: &'static str, told: impl Fn(&R) -> Option<String> + 'static) -> Self {
        self.told(name.to_owned(), true, told)
    }

    fn told(
        mut self,
        name: String,
        is_total: bool,
        told: impl Fn(&R) -> Option<String> + 'static,
    ) -> Self {
        let told = Rc::new(told);
        self.entries.push(Entry::Line(Line {
            name,
            is_total,
            told,
        }));
        self
    }

    /// Draws one value of the period before as a dashed line, where there is one, and tells it under the
    /// period's name with `name` before it.
    #[must_use]
    pub fn before<V: IntoValue>(
        mut self,
        rows: &[R],
        name: &'static str,
        value: impl Fn(&R) -> V + 'static,
    ) -> Self {
        self.before = (!rows.is_empty()).then(|| Before {
            rows: rows.to_vec(),
            name,
            value: Rc::new(move |row| value(row).into_value()),
            has_change: false,
        });
        self
    }

    /// Tells the period before here, and not below all else.
    #[must_use]
    pub fn before_told_here(mut self) -> Self {
        self.entries.push(Entry::Before);
        self
    }

    /// Tells also how much has changed since the period before.
    #[must_use]
    pub fn with_change(mut self) -> Self {
        if let Some(before) = &mut self.before {
            before.has_change = true;
        }
        self
    }

    /// Draws some rows pale: those that the filters leave out.
    #[must_use]
    pub fn pale(mut self, is_pale: impl Fn(&R) -> bool + 'static) -> Self {
        self.is_pale = Some(Rc::new(is_pale));
        self
    }

    /// Says what each row stands for; a series may have marks of its own.
    #[must_use]
    pub fn mark(mut self, mark: impl Fn(&R) -> PanelMark + 'static) -> Self {
        self.mark = Some(Rc::new(move |row| Some(mark(row))));
        self
    }

    /// Draws what is no mark above all, such as a line that leads to one; no click hits it.
    #[must_use]
    pub fn overlay(mut self, series: impl Into<DrawnSeries>) -> Self {
        self.overlays.push(series.into());
        self
    }

    /// The plot, drawn.
    #[must_use]
    pub fn figure(self) -> Figure {
        self.of_numbers().drawn()
    }
}
