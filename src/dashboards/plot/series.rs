//! A series of a plot: one value a row, drawn in one form and colour.

use std::rc::Rc;

use charming::element::ItemStyle;

use super::of_row::{IntoValue, Mark, Of, Told, Value, by_number};
use crate::components::format::{ValueFormat, whole_dollars};
use crate::dashboards::marks::PanelMark;

/// How a series is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Form {
    /// Bars of a width in percent of their place.
    Bars(u8),
    /// Bars beside those of other series, as wide as there is room for.
    Beside,
    /// A line of a width in pixels.
    Line(f64),
    /// A line above a filled area.
    Area,
    /// A line with a dot at each value.
    Dotted(f64),
    /// Dots of a size in pixels, on whatever they mark.
    Dots(f64),
    /// Dots that are hollow.
    Rings(f64),
    /// Diamonds that are hollow.
    Diamonds(f64),
    /// Ticks across bars.
    Ticks,
    /// A band from the value of this series to that of its upper edge.
    Band,
    /// A line of a width in pixels at each row, from the value of this series to that of its upper end.
    Whiskers(f64),
}

/// What is written beside a bar.
pub(super) struct Figures<R> {
    pub(super) colour: &'static str,
    pub(super) text: Told<R>,
}

/// A series: a value a row.
pub struct Series<R> {
    pub(super) name: String,
    pub(super) colour: &'static str,
    pub(super) form: Form,
    pub(super) value: Value<R>,
    pub(super) upper: Option<Value<R>>,
    pub(super) stack: Option<&'static str>,
    /// Where it is drawn among the series: the lowest first.
    pub(super) level: usize,
    pub(super) opacity: Option<f64>,
    pub(super) is_dashed: bool,
    pub(super) end_name: Option<String>,
    pub(super) has_figures: bool,
    pub(super) figures: Option<Figures<R>>,
    pub(super) style: Option<Of<R, ItemStyle>>,
    pub(super) label: Option<(&'static str, Of<R, String>)>,
    pub(super) dot_size: Option<f64>,
    pub(super) mark: Option<Mark<R>>,
    pub(super) mark_of_all: Option<PanelMark>,
    told: Option<Told<R>>,
    told_name: Option<String>,
    is_told: bool,
    is_largest_for_place: bool,
}

impl<R> Series<R> {
    fn new<V: IntoValue>(
        name: impl Into<String>,
        colour: &'static str,
        form: Form,
        value: impl Fn(&R) -> V + 'static,
    ) -> Self {
        Self {
            name: name.into(),
            colour,
            form,
            value: Rc::new(move |row| value(row).into_value()),
            upper: None,
            stack: None,
            level: 0,
            opacity: None,
            is_dashed: false,
            end_name: None,
            has_figures: false,
            figures: None,
            style: None,
            label: None,
            dot_size: None,
            mark: None,
            mark_of_all: None,
            told: None,
            told_name: None,
            is_told: true,
            is_largest_for_place: false,
        }
    }

    /// Bars, or columns where places stand side by side; `percent` of their place wide.
    #[must_use]
    pub fn bars<V: IntoValue>(
        name: impl Into<String>,
        colour: &'static str,
        percent: u8,
        value: impl Fn(&R) -> V + 'static,
    ) -> Self {
        Self::new(name, colour, Form::Bars(percent), value)
    }

    /// Columns beside those of the other series of this kind.
    #[must_use]
    pub fn beside<V: IntoValue>(
        name: impl Into<String>,
        colour: &'static str,
        value: impl Fn(&R) -> V + 'static,
    ) -> Self {
        Self::new(name, colour, Form::Beside, value)
    }

    /// A line, `width` pixels wide.
    #[must_use]
    pub fn line<V: IntoValue>(
        name: impl Into<String>,
        colour: &'static str,
        width: f64,
        value: impl Fn(&R) -> V + 'static,
    ) -> Self {
        Self::new(name, colour, Form::Line(width), value)
    }

    /// A line with a dot at each value, so that a value between two gaps is seen.
    #[must_use]
    pub fn dotted<V: IntoValue>(
        name: impl Into<String>,
        colour: &'static str,
        width: f64,
        value: impl Fn(&R) -> V + 'static,
    ) -> Self {
        Self::new(name, colour, Form::Dotted(width), value)
    }

    /// A line above a filled area.
    #[must_use]
    pub fn area<V: IntoValue>(
        name: impl Into<String>,
        colour: &'static str,
        value: impl Fn(&R) -> V + 'static,
    ) -> Self {
        Self::new(name, colour, Form::Area, value)
    }

    /// Dots of `size` pixels at the rows that have a value.
    #[must_use]
    pub fn dots<V: IntoValue>(
        name: impl Into<String>,
        colour: &'static str,
        size: f64,
        value: impl Fn(&R) -> V + 'static,
    ) -> Self {
        Self::new(name, colour, Form::Dots(size), value)
    }

    /// Hollow dots of `size` pixels at the rows that have a value.
    #[must_use]
    pub fn rings<V: IntoValue>(
        name: impl Into<String>,
        colour: &'static str,
        size: f64,
        value: impl Fn(&R) -> V + 'static,
    ) -> Self {
        Self::new(name, colour, Form::Rings(size), value)
    }

    /// Hollow diamonds of `size` pixels at the rows that have a value.
    #[must_use]
    pub fn diamonds<V: IntoValue>(
        name: impl Into<String>,
        colour: &'static str,
        size: f64,
        value: impl Fn(&R) -> V + 'static,
    ) -> Self {
        Self::new(name, colour, Form::Diamonds(size), value)
    }

    /// A line at each row that has both values, such as its interval, `width` pixels wide; no click hits it,
    /// and it is not told.
    #[must_use]
    pub fn whiskers<V: IntoValue>(
        colour: &'static str,
        width: f64,
        lower: impl Fn(&R) -> V + 'static,
        upper: impl Fn(&R) -> V + 'static,
    ) -> Self {
        let mut whiskers = Self::new("", colour, Form::Whiskers(width), lower).untold();
        whiskers.upper = Some(Rc::new(move |row| upper(row).into_value()));
        whiskers
    }

    /// Ticks across the bars of rows that have a value; no click hits them.
    #[must_use]
    pub fn ticks<V: IntoValue>(
        name: impl Into<String>,
        colour: &'static str,
        value: impl Fn(&R) -> V + 'static,
    ) -> Self {
        Self::new(name, colour, Form::Ticks, value)
    }

    /// A band between two values; no click hits it, and it is not told.
    #[must_use]
    pub fn band<V: IntoValue>(
        colour: &'static str,
        lower: impl Fn(&R) -> V + 'static,
        upper: impl Fn(&R) -> V + 'static,
    ) -> Self {
        let mut band = Self::new("", colour, Form::Band, lower).untold();
        band.upper = Some(Rc::new(move |row| upper(row).into_value()));
        band
    }

    /// Stands on the series before it of the same stack.
    #[must_use]
    pub fn stacked(mut self, stack: &'static str) -> Self {
        self.stack = Some(stack);
        self
    }

    /// Stands on the series of lower levels of the same stack, whatever the order they are given and told in.
    #[must_use]
    pub fn stacked_at(mut self, stack: &'static str, level: usize) -> Self {
        self.level = level;
        self.stacked(stack)
    }

    /// Draws bars in a fainter tone of the colour.
    #[must_use]
    pub fn faint(mut self, opacity: f64) -> Self {
        self.opacity = Some(opacity);
        self
    }

    /// Draws the line dashed.
    #[must_use]
    pub fn dashed(mut self) -> Self {
        self.is_dashed = true;
        self
    }

    /// Writes the series' name at its end, instead of a legend.
    #[must_use]
    pub fn named_at_end(mut self) -> Self {
        self.end_name = Some(self.name.clone());
        self
    }

    /// Writes another name at the series' end.
    #[must_use]
    pub fn end_name(mut self, name: impl Into<String>) -> Self {
        self.end_name = Some(name.into());
        self
    }

    /// Writes each value beyond its bar.
    #[must_use]
    pub fn with_figures(mut self) -> Self {
        self.has_figures = true;
        self
    }

    /// Writes a text in a colour beyond the bar of each row that has one.
    #[must_use]
    pub fn figures(
        mut self,
        colour: &'static str,
        text: impl Fn(&R) -> Option<String> + 'static,
    ) -> Self {
        let text = Rc::new(text);
        self.figures = Some(Figures { colour, text });
        self
    }

    /// Draws the bar of each row in a style of its own, such as pale where few people stand behind it.
    #[must_use]
    pub fn styled(mut self, style: impl Fn(&R) -> ItemStyle + 'static) -> Self {
        self.style = Some(Rc::new(style));
        self
    }

    /// Writes a text on each bar, in a colour.
    #[must_use]
    pub fn labelled(mut self, colour: &'static str, text: impl Fn(&R) -> String + 'static) -> Self {
        self.label = Some((colour, Rc::new(text)));
        self
    }

    /// Draws the dots of a dotted line in a size, in pixels, however many there are.
    #[must_use]
    pub fn dot_size(mut self, pixels: f64) -> Self {
        self.dot_size = Some(pixels);
        self
    }

    /// Names the series otherwise in tooltips.
    #[must_use]
    pub fn told_as(mut self, name: impl Into<String>) -> Self {
        self.told_name = Some(name.into());
        self
    }

    /// Writes the value otherwise in tooltips; rows that give none have no line.
    #[must_use]
    pub fn told_by(mut self, told: impl Fn(&R) -> Option<String> + 'static) -> Self {
        self.told = Some(Rc::new(told));
        self
    }

    /// Leaves the series out of tooltips.
    #[must_use]
    pub fn untold(mut self) -> Self {
        self.is_told = false;
        self
    }

    /// Says what a mark of the series stands for, at the rows that give one.
    #[must_use]
    pub fn mark<M: Into<Option<PanelMark>>>(mut self, mark: impl Fn(&R) -> M + 'static) -> Self {
        self.mark = Some(Rc::new(move |row| mark(row).into()));
        self
    }

    /// Says what the series stands for as a whole, wherever it is clicked.
    #[must_use]
    pub fn mark_of_all(mut self, mark: Option<PanelMark>) -> Self {
        self.mark_of_all = mark;
        self
    }

    /// Lets a click beside the marks of a place reach this series where it is the largest there.
    #[must_use]
    pub fn for_place_if_largest(mut self) -> Self {
        self.is_largest_for_place = true;
        self
    }

    /// The same series of the numbers of rows.
    pub(super) fn by_number(self, rows: &Rc<Vec<R>>) -> Series<usize>
    where
        R: 'static,
    {
        Series {
            name: self.name,
            colour: self.colour,
            form: self.form,
            value: by_number(rows, self.value),
            upper: self.upper.map(|upper| by_number(rows, upper)),
            stack: self.stack,
            level: self.level,
            opacity: self.opacity,
            is_dashed: self.is_dashed,
            end_name: self.end_name,
            has_figures: self.has_figures,
            figures: self.figures.map(|figures| Figures {
                colour: figures.colour,
                text: by_number(rows, figures.text),
            }),
            style: self.style.map(|style| by_number(rows, style)),
            label: self
                .label
                .map(|(colour, text)| (colour, by_number(rows, text))),
            dot_size: self.dot_size,
            mark: self.mark.map(|mark| by_number(rows, mark)),
            mark_of_all: self.mark_of_all,
            told: self.told.map(|told| by_number(rows, told)),
            told_name: self.told_name,
            is_told: self.is_told,
            is_largest_for_place: self.is_largest_for_place,
        }
    }

    pub(super) fn is_for_place(&self, row: &R, all: &[Self]) -> bool {
        let value = |series: &Self| (series.value)(row).unwrap_or(f64::NEG_INFINITY);
        let others = all.iter().filter(|series| series.is_largest_for_place);
        self.is_largest_for_place && others.map(value).all(|other| other <= value(self))
    }

    pub(super) fn told_name(&self) -> String {
        self.told_name.clone().unwrap_or_else(|| self.name.clone())
    }

    pub(super) fn told(&self, row: &R, format: ValueFormat) -> Option<String> {
        match &self.told {
            _ if !self.is_told => None,
            Some(told) => told(row),
            None => match (self.value)(row) {
                // A gap in a line of ratios is a value that cannot be computed.
                None if matches!(self.form, Form::Dotted(_)) => Some("–".to_owned()),
                value => value.map(|value| written(format, value)),
            },
        }
    }
}

/// A value of a chart in full; money in whole dollars.
pub(super) fn written(format: ValueFormat, value: f64) -> String {
    match format {
        ValueFormat::Money => whole_dollars(value),
        format => format.full(value),
    }
}
