//! How long users take to a feature: the middle half as a bar, the median as a tick.

use charming::Chart;
use charming::component::Axis;
use charming::datatype::{DataPoint, DataPointItem};
use charming::element::{
    AxisLine, AxisTick, AxisType, Color, ItemStyle, LabelPosition, LineStyle, SplitLine,
};
use charming::series::Bar;

use super::adoption_curves::category_colour;
use crate::components::chart_parts::{
    LABEL_SIZE, axis_label, category_axis, column_tooltip, figures, grid, place, ticks,
};
use crate::components::chart_spec::ChartMark;
use crate::components::format::ValueFormat;
use crate::components::theme::Theme;
use crate::components::tooltip::Tooltip;
use crate::dashboards::claims::{PALE, interval, is_enough};
use crate::results::adoption::TimeToAdopt;
use crate::results::shares::Share;

/// Draws the quickest feature on top; the share that took it up at all stands beside the bar. Orange is
/// the median of the period before. Bars of few people are pale.
#[must_use]
pub fn chart(rows: &[TimeToAdopt], before: &[TimeToAdopt], theme: &Theme) -> Chart {
    // ECharts counts from the bottom.
    let rows: Vec<&TimeToAdopt> = rows.iter().rev().collect();
    let days = Axis::new()
        .type_(AxisType::Value)
        .split_number(4)
        .min(0)
        .axis_line(AxisLine::new().show(false))
        .axis_tick(AxisTick::new().show(false))
        .axis_label(axis_label(theme))
        .split_line(
            SplitLine::new()
                .show(true)
                .line_style(LineStyle::new().color(theme.rule).width(1)),
        );
    let names = rows.iter().map(|row| row.feature.clone()).collect();
    let features = category_axis(theme, names)
        .axis_label(axis_label(theme).color(theme.ink).interval(0))
        .axis_line(AxisLine::new().show(false));
    let foot: Vec<f64> = rows.iter().map(|row| row.quarter.unwrap_or(0.0)).collect();
    let middle: Vec<DataPoint> = rows
        .iter()
        .map(|row| {
            let width = row.three_quarters.unwrap_or(0.0) - row.quarter.unwrap_or(0.0);
            let colour = category_colour(theme, &row.category);
            let opacity = if is_enough(row.adopters) {
                0.45
            } else {
                0.45 * PALE
            };
            DataPointItem::new(width)
                .item_style(ItemStyle::new().color(colour).opacity(opacity))
                .into()
        })
        .collect();
    let medians = rows
        .iter()
        .enumerate()
        .filter_map(|(position, row)| Some(place(row.median?, position as f64)))
        .collect();
    let befores = rows
        .iter()
        .enumerate()
        .filter_map(|(position, row)| {
            let median = of_feature(before, &row.feature)?.median?;
            Some(place(median, position as f64))
        })
        .collect();
    let shares = rows.iter().enumerate().map(|(position, row)| {
        let end = row.three_quarters.unwrap_or(0.0);
        let share = ValueFormat::Percent.short(row.share);
        (place(end, position as f64), share)
    });
    let shares = figures(LabelPosition::Right, theme.muted, LABEL_SIZE, shares);
    Chart::new()
        .grid(grid(56.0))
        .tooltip(column_tooltip())
        .x_axis(days)
        .y_axis(features)
        .series(
            Bar::new()
                .name("First quarter")
                .stack("days")
                .item_style(ItemStyle::new().color(Color::from("transparent")))
                .data(foot),
        )
        .series(
            Bar::new()
                .name("Middle half")
                .stack("days")
                .bar_width("52%")
                .data(middle),
        )
        .series(ticks("Period before", true, theme.orange, befores))
        .series(ticks("Median", true, theme.ink, medians))
        .series(shares)
}

fn of_feature<'a>(rows: &'a [TimeToAdopt], feature: &str) -> Option<&'a TimeToAdopt> {
    rows.iter().find(|row| row.feature == feature)
}

/// The row that a place along the axis of names stands for.
#[must_use]
pub fn row_at(rows: &[TimeToAdopt], mark: &ChartMark) -> Option<usize> {
    rows.len().checked_sub(mark.index + 1)
}

/// The tooltip of a feature.
#[must_use]
pub fn tooltip(
    rows: &[TimeToAdopt],
    before: &[TimeToAdopt],
    within: u32,
    mark: &ChartMark,
) -> Option<Tooltip> {
    let row = rows.get(row_at(rows, mark)?)?;
    let count = |value: i64| ValueFormat::Count.full(value as f64);
    let mut tooltip = Tooltip::new(row.feature.as_str())
        .line("Eligible users", count(row.eligible))
        .line(format!("Adopted within {within} days"), count(row.adopters))
        .line("Share", ValueFormat::Percent.full(row.share))
        .line(
            "95% interval",
            interval(Share::new(row.adopters, row.eligible)).unwrap_or_default(),
        );
    for (name, days) in [
        ("A quarter within", row.quarter),
        ("Half adopted within", row.median),
        ("Three quarters within", row.three_quarters),
    ] {
        if let Some(days) = days {
            tooltip = tooltip.line(name, days_text(days));
        }
    }
    if let Some(before) = of_feature(before, &row.feature) {
        tooltip = tooltip.line(
            "Share, period before",
            ValueFormat::Percent.full(before.share),
        );
        if let Some(days) = before.median {
            tooltip = tooltip.line("Half within, period before", days_text(days));
        }
    }
    Some(tooltip)
}

/// Days in words: `0 days` are those of the first day.
#[must_use]
pub fn days_text(days: f64) -> String {
    match days {
        few if few < 1.0 => "the first day".to_owned(),
        one if one < 1.25 => "a day".to_owned(),
        whole if (whole - whole.round()).abs() < 0.05 => format!("{whole:.0} days"),
        _ => format!("{days:.1} days"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::theme::LIGHT;

    #[test]
    fn bars_of_few_people_are_pale() {
        let row = |adopters: i64| TimeToAdopt {
            key: "dashboards".to_owned(),
            feature: "Dashboards".to_owned(),
            category: "core".to_owned(),
            eligible: 200,
            adopters,
            share: adopters as f64 / 200.0,
            quarter: Some(1.0),
            median: Some(2.0),
            three_quarters: Some(4.0),
        };
        let drawn = serde_json::to_value(chart(&[row(60), row(3)], &[], &LIGHT)).unwrap();
        let opacity =
            |place: usize| drawn["series"][1]["data"][place]["itemStyle"]["opacity"].as_f64();
        // ECharts counts from the bottom.
        assert_eq!([opacity(0), opacity(1)], [Some(0.45 * PALE), Some(0.45)]);
    }
}
