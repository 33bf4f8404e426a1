//! How long until people find it?

use std::rc::Rc;

use charming::Chart;
use charming::component::Axis;
use charming::datatype::{DataPoint, DataPointItem};
use charming::element::{
    AxisLine, AxisTick, AxisType, Color, ItemStyle, LabelPosition, LineStyle, SplitLine,
};
use charming::series::Bar;

use super::super::features::{adopters, category_colour};
use super::super::words::count;
use crate::components::chart_parts::{
    LABEL_SIZE, axis_label, category_axis, column_tooltip, figures, grid, place, ticks,
};
use crate::components::format::{ValueFormat, share};
use crate::components::theme::Theme;
use crate::components::tooltip::Tooltip;
use crate::dashboards::claims::{PALE, interval, is_enough};
use crate::dashboards::compared::told;
use crate::dashboards::declared::{Panel, Source, View};
use crate::dashboards::marks::PanelMark;
use crate::dashboards::plot::Figure;
use crate::dashboards::remarks::joined;
use crate::dashboards::spec::{AND_COMPARE, PanelSpec, PlanOf};
use crate::results::adoption::TimeToAdopt as FeatureTime;
use crate::results::shares::Share;
use crate::state::filters::{Basis, Filters};
use crate::state::statement::statement;

/// How many of those who could have a feature took it up within some days, and how fast. Users for whom those days
/// have not passed yet are left out.
pub struct TimeToAdopt;

impl Source for TimeToAdopt {
    type Row = FeatureTime;
    /// The days within which a feature must be taken up to count.
    type Options = u32;
    const COMPARED_ON: Option<Basis> = Some(Basis::Days);

    fn sql(filters: &Filters, within: &u32) -> String {
        statement!("time_to_adopt.sql", filters, within_days = *within)
    }
}

impl Panel for TimeToAdopt {
    const SPEC: PanelSpec = PanelSpec {
        id: "time-to-adopt",
        title: "How long until people find it?",
        unit: "Days to first use: middle half, median, and share who adopted it",
        form: "range chart",
        model: "fct_feature_adoption",
        defined_by: "time_to_adopt",
        acts: AND_COMPARE,
        plan: PlanOf::LastDay,
        click: "",
        rows: "the users who adopted the feature in time",
        span: "span-5 tall",
        keys: &[],
    };
    const TICKS: ValueFormat = ValueFormat::Count;
    type Source = Self;
    type Options = u32;

    fn answer(view: &View<'_, Self>) -> Option<String> {
        sentence(&view.rows, *view.options)
    }

    fn caption(view: &View<'_, Self>) -> Option<String> {
        let share = format!(
            "Beside the bars: share of users who adopted the feature within {} days.",
            view.options,
        );
        let before = told(&view.filters, view.basis, "Orange ticks, medians");
        joined([Some(share), before])
    }

    fn figure(view: &View<'_, Self>, theme: &'static Theme) -> Figure {
        let (rows, before, within) = (view.rows.clone(), view.before.clone(), *view.options);
        let count = rows.len();
        // ECharts counts from the bottom.
        let row_at = move |index: usize| count.checked_sub(index + 1);
        Figure {
            chart: chart(&rows, &before, theme),
            marks: { rows.iter() }
                .map(|row| adopted(row, within, &view.filters))
                .collect(),
            tooltip: Rc::new(move |place| {
                let row = rows.get(row_at(place.index)?)?;
                Some(tooltip(row, of_feature(&before, &row.feature), within))
            }),
            mark_at: Rc::new(move |place| row_at(place.index)),
            time: None,
        }
    }
}

/// The quickest feature on top; the share that took it up at all stands beside the bar. Orange is
/// the median of the period before. Bars of few people are pale.
fn chart(rows: &[FeatureTime], before: &[FeatureTime], theme: &Theme) -> Chart {
    // ECharts counts from the bottom.
    let rows: Vec<&FeatureTime> = rows.iter().rev().collect();
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

fn of_feature<'a>(rows: &'a [FeatureTime], feature: &str) -> Option<&'a FeatureTime> {
    rows.iter().find(|row| row.feature == feature)
}

fn tooltip(row: &FeatureTime, before: Option<&FeatureTime>, within: u32) -> Tooltip {
    let percent = |share: f64| ValueFormat::Percent.full(share);
    let interval = interval(Share::new(row.adopters, row.eligible)).unwrap_or_default();
    let mut tooltip = Tooltip::new(row.feature.as_str())
        .line("Eligible users", count(row.eligible))
        .line(format!("Adopted within {within} days"), count(row.adopters))
        .line("Share", percent(row.share))
        .line("95% interval", interval);
    for (name, days) in [
        ("A quarter within", row.quarter),
        ("Half adopted within", row.median),
        ("Three quarters within", row.three_quarters),
    ] {
        if let Some(days) = days {
            tooltip = tooltip.line(name, days_text(days));
        }
    }
    if let Some(before) = before {
        tooltip = tooltip.line("Share, period before", percent(before.share));
        if let Some(days) = before.median {
            tooltip = tooltip.line("Half within, period before", days_text(days));
        }
    }
    tooltip
}

/// Days in words: `0 days` are those of the first day.
fn days_text(days: f64) -> String {
    match days {
        few if few < 1.0 => "the first day".to_owned(),
        one if one < 1.25 => "a day".to_owned(),
        whole if (whole - whole.round()).abs() < 0.05 => format!("{whole:.0} days"),
        _ => format!("{days:.1} days"),
    }
}

/// The users who took up a feature within some days.
fn adopted(row: &FeatureTime, within: u32, filters: &Filters) -> PanelMark {
    let within_words = days_text(f64::from(within));
    let mark = PanelMark::new(
        row.key.clone(),
        format!("{}, within {within_words}", row.feature),
    );
    let within = i64::from(within);
    adopters(mark, row.adopters, &row.feature, within, filters)
}

/// How long until people find it?
#[must_use]
pub fn sentence(rows: &[FeatureTime], within: u32) -> Option<String> {
    let mut taken: Vec<&FeatureTime> = rows.iter().filter(|row| row.adopters > 0).collect();
    let rarest = taken.clone();
    // Half of a handful says little of how long it takes.
    let largest = taken.iter().map(|row| row.adopters).max()?;
    taken.retain(|row| is_enough(row.adopters));
    let (Some(quick), Some(slow)) = (taken.first(), taken.last()) else {
        return Some(format!(
            "Too few people to compare: {} at most adopted a feature within {within} days.",
            count(largest)
        ));
    };
    let half = |row: &FeatureTime| row.median.map(days_text).unwrap_or_default();
    let eligible = taken.iter().map(|row| row.eligible).max()?;
    if !is_enough(eligible) {
        return Some(format!(
            "Too few people to compare: only {} have been observed for {within} days.",
            count(eligible)
        ));
    }
    let mut sentence = format!(
        "Of those who adopt {} within {within} days, half do so within {}",
        quick.feature,
        half(quick)
    );
    if slow.feature != quick.feature {
        sentence.push_str(&format!("; {} takes {}", slow.feature, half(slow)));
    }
    let least = rarest
        .iter()
        .filter(|row| is_enough(row.eligible))
        .min_by(|one, other| one.share.total_cmp(&other.share));
    if let Some(least) = least.filter(|_| rarest.len() > 1) {
        sentence.push_str(&format!(
            "; only {} adopt {} within {within} days",
            share(least.share),
            least.feature
        ));
    }
    sentence.push('.');
    Some(sentence)
}
