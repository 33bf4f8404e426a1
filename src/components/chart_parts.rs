//! Axes, grids and labels every chart shares, so that all look alike.

use std::borrow::Cow;

use charming::component::{Axis, Grid};
use charming::datatype::{CompositeValue, DataPoint, DataPointItem};
use charming::element::{
    AxisLabel, AxisLine, AxisPointer, AxisPointerType, AxisTick, AxisType, BorderType, ItemStyle,
    Label, LabelPosition, LineStyle, LineStyleType, SplitLine, Symbol, TextStyle, Tooltip, Trigger,
};
use charming::series::{Line, Scatter};
use chrono::{Datelike, NaiveDate};
use serde_json::{Value, json};

use super::format::month_name;
use super::theme::{Theme, with_opacity};

/// Size of all text in charts, in pixels.
pub const LABEL_SIZE: f64 = 12.0;

/// The plotting area; `right` leaves room for labels at line ends.
#[must_use]
pub fn grid(right: f64) -> Grid {
    Grid::new()
        .left(4)
        .right(right)
        .top(10)
        .bottom(4)
        .contain_label(true)
}

/// An axis of values with horizontal hairlines; the binding writes its ticks.
#[must_use]
pub fn value_axis(theme: &Theme) -> Axis {
    Axis::new()
        .type_(AxisType::Value)
        .split_number(4)
        .axis_line(AxisLine::new().show(false))
        .axis_tick(AxisTick::new().show(false))
        .axis_label(axis_label(theme))
        .split_line(
            SplitLine::new()
                .show(true)
                .line_style(LineStyle::new().color(theme.rule).width(1)),
        )
}

/// An axis of named places: months, channels.
#[must_use]
pub fn category_axis(theme: &Theme, names: Vec<String>) -> Axis {
    Axis::new()
        .type_(AxisType::Category)
        .data(names)
        .axis_line(AxisLine::new().show(true))
        .axis_tick(AxisTick::new().show(false))
        .axis_label(axis_label(theme))
}

/// The text of an axis.
#[must_use]
pub fn axis_label(theme: &Theme) -> AxisLabel {
    AxisLabel::new().color(theme.muted).font_size(LABEL_SIZE)
}

/// A tooltip that follows the axis; its table comes from the binding.
#[must_use]
pub fn axis_tooltip(theme: &Theme) -> Tooltip {
    Tooltip::new().trigger(Trigger::Axis).axis_pointer(
        AxisPointer::new().type_(AxisPointerType::Line).line_style(
            LineStyle::new()
                .color(theme.rule_strong)
                .width(1)
                .type_(LineStyleType::Solid),
        ),
    )
}

/// A tooltip over columns: the whole column is shaded.
#[must_use]
pub fn column_tooltip() -> Tooltip {
    Tooltip::new()
        .trigger(Trigger::Axis)
        .axis_pointer(AxisPointer::new().type_(AxisPointerType::Shadow))
}

/// A name at the end of a line or band, instead of a legend.
#[derive(Debug, Clone, PartialEq)]
pub struct EndName<'a> {
    /// What is written.
    pub name: Cow<'a, str>,
    /// The colour of what it names.
    pub colour: &'a str,
    /// The position along the axis of names.
    pub position: usize,
    /// The height, in values.
    pub height: f64,
}

/// Names at the ends of lines and bands: one series, since each costs as much as a short line.
#[must_use]
pub fn end_names(names: &[EndName<'_>]) -> Line {
    let places: Vec<DataPoint> = names
        .iter()
        .map(|one| {
            DataPointItem::new(place(one.position as f64, one.height))
                .name(one.name.as_ref())
                .item_style(ItemStyle::new().color(one.colour))
                .into()
        })
        .collect();
    Line::new()
        .name("Names")
        .silent(true)
        .symbol(Symbol::Circle)
        .symbol_size(0)
        .show_symbol(true)
        .line_style(LineStyle::new().width(0).opacity(0.0))
        .label(end_label().position(LabelPosition::Right).distance(6))
        .z(5)
        .data(places)
}

/// The text of a name at a line's end.
fn end_label() -> Label {
    Label::new()
        .show(true)
        .formatter("{b}")
        .color("inherit")
        .font_size(LABEL_SIZE)
}

/// A dashed line of the period before, muted or in the colour of its series; no click and no tooltip
/// hits it.
#[must_use]
pub fn before_line(colour: &str, values: Vec<CompositeValue>) -> Line {
    Line::new()
        .name("Period before")
        .silent(true)
        .symbol(Symbol::None)
        .line_style(
            LineStyle::new()
                .color(colour)
                .width(1.25)
                .type_(LineStyleType::Dashed),
        )
        .z(3)
        .data(values)
}

/// A thin upright bar in a square box, since charming knows square symbols only.
const UPRIGHT: &str = "path://M0 0M18 18M8 0L10 0L10 18L8 18Z";
/// The same, lying.
const LYING: &str = "path://M0 0M18 18M0 8L18 8L18 10L0 10Z";

/// Ticks across bars: upright where bars lie. No click hits them ([`finish`]): some rows have none, so
/// a tick's position among ticks is not its row's.
#[must_use]
pub fn ticks(name: &str, is_upright: bool, colour: &str, places: Vec<CompositeValue>) -> Scatter {
    let symbol = if is_upright { UPRIGHT } else { LYING };
    Scatter::new()
        .name(name)
        .symbol(Symbol::Custom(symbol.to_owned()))
        .symbol_size(18)
        .item_style(ItemStyle::new().color(colour))
        .data(places)
}

/// Figures of a size in pixels beside marks, each at a place of its own; nothing else is drawn there.
#[must_use]
pub fn figures(
    position: LabelPosition,
    colour: &str,
    size: f64,
    texts: impl IntoIterator<Item = (CompositeValue, String)>,
) -> Scatter {
    let points: Vec<DataPoint> = texts
        .into_iter()
        .map(|(place, text)| DataPointItem::new(place).name(text).into())
        .collect();
    Scatter::new()
        .name("Figures")
        .symbol(Symbol::Circle)
        .symbol_size(0)
        .label(
            Label::new()
                .show(true)
                .position(position)
                .distance(6)
                .formatter("{b}")
                .color(colour)
                .font_size(size),
        )
        .data(points)
}

/// Figures over columns, in the order of these, on paper above whatever line crosses them.
#[must_use]
pub fn figures_over_lines(
    theme: &Theme,
    columns: impl IntoIterator<Item = (f64, String)>,
) -> Scatter {
    let texts = columns
        .into_iter()
        .enumerate()
        .map(|(index, (height, text))| (place(index as f64, height), text));
    figures(LabelPosition::Top, theme.ink, LABEL_SIZE, texts).label(
        Label::new()
            .show(true)
            .position(LabelPosition::Top)
            .distance(3)
            .formatter("{b}")
            .color(theme.ink)
            .font_size(LABEL_SIZE)
            .background_color(theme.paper)
            .padding((0.0, 2.0, 0.0, 2.0)),
    )
}

/// Names at places of their own, in their colours and on paper, above all marks.
#[must_use]
pub fn names_on_paper<'a>(
    theme: &Theme,
    names: impl IntoIterator<Item = (CompositeValue, &'a str, &'a str)>,
) -> Scatter {
    let points: Vec<DataPoint> = names
        .into_iter()
        .map(|(place, name, colour)| {
            DataPointItem::new(place)
                .name(name)
                .item_style(ItemStyle::new().color(colour))
                .into()
        })
        .collect();
    Scatter::new()
        .name("Names")
        .symbol(Symbol::Circle)
        .symbol_size(0)
        .label(
            end_label()
                .position(LabelPosition::Inside)
                .background_color(theme.paper)
                .padding((1.0, 3.0, 1.0, 3.0)),
        )
        .data(points)
}

/// Says of [`ticks`] and [`figures`] what charming's scatter can't: no click hits them, so that it reaches
/// the mark or the column below, the lines of a figure stand apart, and figures on paper lie above lines.
pub fn finish(option: &mut Value) {
    for series in option["series"].as_array_mut().into_iter().flatten() {
        let is_tick = [UPRIGHT, LYING]
            .iter()
            .any(|path| series["symbol"] == *path);
        let is_unseen = series["symbolSize"].as_f64() == Some(0.0);
        if series["type"] == "scatter" && (is_tick || is_unseen) {
            series["silent"] = json!(true);
            if let Some(size) = series["label"]["fontSize"].as_f64() {
                series["label"]["lineHeight"] = json!(1.25 * size);
            }
            // Lines lie on level 3, their marks on 4 and lines across a chart on 5.
            if series["label"]["backgroundColor"].is_string() {
                series["z"] = json!(6);
            }
        }
    }
}

/// A place in a chart.
#[must_use]
pub fn place(x: f64, y: f64) -> CompositeValue {
    CompositeValue::from(vec![CompositeValue::from(x), CompositeValue::from(y)])
}

/// Moves labels apart, so that no two lie closer than `least_gap`; the order stays.
#[must_use]
pub fn spread(heights: &[f64], least_gap: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..heights.len()).collect();
    order.sort_by(|&one, &other| heights[one].total_cmp(&heights[other]));
    let mut spread = heights.to_vec();
    for pair in order.windows(2) {
        let (lower, upper) = (pair[0], pair[1]);
        spread[upper] = spread[upper].max(spread[lower] + least_gap);
    }
    spread
}

/// Labels of a monthly axis: the year at each January, or each month when there are few.
#[must_use]
pub fn month_names(months: &[NaiveDate]) -> Vec<String> {
    let is_short = months.len() <= 14;
    months
        .iter()
        .enumerate()
        .map(|(position, month)| match (is_short, month.month()) {
            (true, _) if position == 0 || month.month() == 1 => {
                format!("{}\n{}", &month_name(*month)[..3], month.year())
            }
            (true, _) => month_name(*month)[..3].to_owned(),
            (false, 1) => month.year().to_string(),
            (false, _) => String::new(),
        })
        .collect()
}

/// Labels of a weekly axis, at the first week of a month: the year at each January, and every other month or, over
/// more than a year, every half.
#[must_use]
pub fn week_names(weeks: &[NaiveDate]) -> Vec<String> {
    let is_short = weeks.len() < 60;
    let names = weeks.iter().enumerate().map(|(place, week)| {
        let is_first = place == 0 || weeks[place - 1].month() != week.month();
        match week.month() {
            1 if is_first => format!("Jan\n{}", week.year()),
            month if is_first && (is_short && month % 2 == 1 || month % 6 == 1) => {
                month_name(*week)[..3].to_owned()
            }
            _ => String::new(),
        }
    });
    names.collect()
}

/// Labels of a daily axis: the first day of each quarter.
#[must_use]
pub fn day_names(days: &[NaiveDate]) -> Vec<String> {
    days.iter()
        .map(|day| match (day.day(), day.month()) {
            (1, 1) => format!("Jan\n{}", day.year()),
            (1, 4 | 7 | 10) => month_name(*day)[..3].to_owned(),
            _ => String::new(),
        })
        .collect()
}

/// The look of a column whose period is not over, as [`super::running`] marks it on time axes.
#[must_use]
pub fn unfinished(colour: &str) -> ItemStyle {
    ItemStyle::new()
        .color(with_opacity(colour, UNFINISHED).as_str())
        .border_color(colour)
        .border_width(1)
        .border_type(BorderType::Dashed)
}

/// Opacity of a column whose period is not over.
pub const UNFINISHED: f64 = 0.3;

/// Quiet text inside a chart.
#[must_use]
pub fn quiet_text(theme: &Theme) -> TextStyle {
    TextStyle::new().color(theme.muted).font_size(LABEL_SIZE)
}

#[cfg(test)]
mod tests {
    use charming::Chart;

    use super::*;
    use crate::components::theme::LIGHT;

    #[test]
    fn figures_on_paper_lie_above_lines_and_take_no_click() {
        let chart = Chart::new().series(figures_over_lines(&LIGHT, [(0.5, "50".to_owned())]));
        let mut option = serde_json::to_value(chart).unwrap();
        finish(&mut option);
        let series = &option["series"][0];
        assert_eq!((&series["z"], &series["silent"]), (&json!(6), &json!(true)));
    }

    #[test]
    fn clicks_go_through_ticks_and_figures_and_hit_other_points() {
        let places = || vec![place(0.0, 1.0)];
        let texts = [(place(0.0, 1.0), "1%".to_owned())];
        let chart = Chart::new()
            .series(ticks("Median", true, "black", places()))
            .series(ticks("Median", false, "black", places()))
            .series(figures(LabelPosition::Top, "black", LABEL_SIZE, texts))
            .series(Scatter::new().symbol_size(6).data(places()));
        let mut option = serde_json::to_value(&chart).unwrap();
        finish(&mut option);
        let silent: Vec<bool> = (0..4)
            .map(|series| option["series"][series]["silent"] == json!(true))
            .collect();
        assert_eq!(silent, [true, true, true, false]);
    }

    #[test]
    fn labels_move_apart_and_keep_their_order() {
        assert_eq!(spread(&[10.0, 1.0, 2.0], 3.0), [10.0, 1.0, 4.0]);
        assert_eq!(spread(&[], 3.0), [0.0; 0]);
    }

    #[test]
    fn years_stand_at_januaries() {
        let first = NaiveDate::from_ymd_opt(2023, 11, 1).unwrap();
        let months: Vec<NaiveDate> = (0..20)
            .map(|months| first + chrono::Months::new(months))
            .collect();
        assert_eq!(month_names(&months)[..4], ["", "", "2024", ""]);
        assert_eq!(month_names(&months[..3]), ["Nov\n2023", "Dec", "Jan\n2024"]);
    }
}
