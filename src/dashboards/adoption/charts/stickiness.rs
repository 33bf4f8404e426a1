//! What share of a month's users come on an average day, by group.

use charming::Chart;
use charming::datatype::CompositeValue;
use charming::element::{BoundaryGap, LineStyle, Symbol};
use charming::series::Line;
use chrono::NaiveDate;

use super::feature_heatmap::group_name;
use crate::components::chart_parts::{
    EndName, axis_label, axis_tooltip, before_line, category_axis, end_names, grid, month_names,
    spread, value_axis,
};
use crate::components::chart_spec::ChartMark;
use crate::components::format::{ValueFormat, month_long};
use crate::components::theme::Theme;
use crate::components::tooltip::Tooltip;
use crate::results::adoption::StickinessMonth;

/// The colour of a group; everyone is ink.
#[must_use]
pub fn group_colour(theme: &Theme, position: usize, group: &str) -> &'static str {
    match group {
        "everyone" => theme.ink,
        "starter" | "professional" | "enterprise" => theme.plan(group),
        "free" | "inactive" => theme.other,
        _ => [
            theme.teal,
            theme.orange,
            theme.blue,
            theme.ochre,
            theme.plum,
            theme.slate,
            theme.rose,
        ]
        .get(position)
        .copied()
        .unwrap_or(theme.other),
    }
}

/// A group with its value in each month.
pub type GroupLine<'a> = (&'a str, Vec<Option<f64>>);

/// The months, and the groups in the order of the rows with a value a month.
#[must_use]
pub fn by_group(rows: &[StickinessMonth]) -> (Vec<NaiveDate>, Vec<GroupLine<'_>>) {
    let mut months: Vec<NaiveDate> = rows.iter().map(|row| row.month).collect();
    months.sort_unstable();
    months.dedup();
    let mut groups: Vec<GroupLine<'_>> = Vec::new();
    for row in rows {
        if groups.last().is_none_or(|(group, _)| *group != row.group) {
            groups.push((&row.group, vec![None; months.len()]));
        }
        if let (Some((_, values)), Ok(place)) =
            (groups.last_mut(), months.binary_search(&row.month))
        {
            values[place] = Some(row.stickiness);
        }
    }
    (months, groups)
}

/// Draws a line a group, everyone in ink; `before` is everyone in the period before, dashed.
#[must_use]
pub fn chart(rows: &[StickinessMonth], before: &[StickinessMonth], theme: &Theme) -> Chart {
    let (months, groups) = by_group(rows);
    let axis = category_axis(theme, month_names(&months))
        .boundary_gap(BoundaryGap::CategoryAxis(false))
        .axis_label(axis_label(theme).interval(0));
    let mut chart = Chart::new()
        .grid(grid(96.0))
        .tooltip(axis_tooltip(theme))
        .x_axis(axis)
        .y_axis(value_axis(theme).min(0));
    let is_single = months.len() == 1;
    for (position, (group, values)) in groups.iter().enumerate() {
        let colour = group_colour(theme, position.wrapping_sub(1), group);
        let width = if *group == "everyone" { 2.5 } else { 1.5 };
        chart = chart.series(
            Line::new()
                .name(group_name(group))
                .symbol(if is_single {
                    Symbol::Circle
                } else {
                    Symbol::None
                })
                .line_style(LineStyle::new().color(colour).width(width))
                .item_style(charming::element::ItemStyle::new().color(colour))
                .data(values.clone()),
        );
    }
    let (_, groups_before) = by_group(before);
    let everyone_before = groups_before.iter().find(|(group, _)| *group == "everyone");
    if let Some((_, values)) = everyone_before {
        let values = values.iter().take(months.len());
        let values = values.map(|value| match value {
            Some(value) => CompositeValue::from(*value),
            None => CompositeValue::from("-"),
        });
        chart = chart.series(before_line(theme.muted, values.collect()));
    }
    let all = groups
        .iter()
        .flat_map(|(_, values)| values.iter().flatten());
    let highest = all.copied().fold(0.0, f64::max);
    let last = |values: &Vec<Option<f64>>| values.iter().rev().flatten().next().copied();
    let ends: Vec<f64> = groups
        .iter()
        .map(|(_, values)| last(values).unwrap_or(0.0))
        .collect();
    let heights = spread(&ends, highest * 0.075);
    let groups = groups.iter().zip(heights).enumerate();
    let names = groups.map(|(position, ((group, _), height))| EndName {
        name: group_name(group).into(),
        colour: group_colour(theme, position.wrapping_sub(1), group),
        position: months.len().saturating_sub(1),
        height,
    });
    chart.series(end_names(&names.collect::<Vec<_>>()))
}

/// The tooltip of a month.
#[must_use]
pub fn tooltip(
    rows: &[StickinessMonth],
    before: &[StickinessMonth],
    theme: &Theme,
    mark: &ChartMark,
) -> Option<Tooltip> {
    let (months, groups) = by_group(rows);
    let month = *months.get(mark.index)?;
    let mut tooltip = Tooltip::new(month_long(month));
    for (position, (group, values)) in groups.iter().enumerate() {
        if let Some(value) = values[mark.index] {
            tooltip = tooltip.mark(
                group_colour(theme, position.wrapping_sub(1), group),
                group_name(group),
                ValueFormat::Percent.full(value),
            );
        }
    }
    let mut everyone_before = before.iter().filter(|row| row.group == "everyone");
    if let Some(before) = everyone_before.nth(mark.index) {
        tooltip = tooltip.mark(
            theme.muted,
            format!("Everyone, {}", month_long(before.month)),
            ValueFormat::Percent.full(before.stickiness),
        );
    }
    let everyone = rows
        .iter()
        .find(|row| row.group == "everyone" && row.month == month)?;
    Some(tooltip.total(
        "Active users",
        ValueFormat::Count.full(everyone.users as f64),
    ))
}
