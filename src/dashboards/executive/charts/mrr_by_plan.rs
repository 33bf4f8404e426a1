//! Monthly recurring revenue over time, stacked by plan.

use charming::Chart;
use charming::datatype::CompositeValue;
use charming::element::{AreaStyle, BoundaryGap, ItemStyle, LineStyle, Symbol};
use charming::series::Line;
use chrono::{Datelike, NaiveDate};

use crate::components::chart_parts::{
    EndName, axis_tooltip, before_line, category_axis, end_names, grid, month_names, spread,
    value_axis,
};
use crate::components::chart_spec::ChartMark;
use crate::components::format::{change, day, month_long, relative_change, whole_dollars, words};
use crate::components::theme::Theme;
use crate::components::tooltip::Tooltip;
use crate::results::executive::{PlanMonth, UnusualDay};

/// Plans from the bottom of the stack to its top.
const ORDER: [&str; 3] = ["enterprise", "professional", "starter"];

/// The months in order, with each plan's MRR in [`ORDER`].
fn stacked(rows: &[PlanMonth]) -> Vec<(NaiveDate, [i64; 3])> {
    let mut months: Vec<(NaiveDate, [i64; 3])> = Vec::new();
    for row in rows {
        let Some(plan) = ORDER.iter().position(|plan| *plan == row.plan) else {
            continue;
        };
        match months.iter_mut().find(|(month, _)| *month == row.month) {
            Some((_, cents)) => cents[plan] += row.mrr_cents,
            None => {
                let mut cents = [0; 3];
                cents[plan] = row.mrr_cents;
                months.push((row.month, cents));
            }
        }
    }
    months.sort_by_key(|(month, _)| *month);
    months
}

/// MRR of all plans together, month by month.
#[must_use]
pub fn totals(rows: &[PlanMonth]) -> Vec<(NaiveDate, i64)> {
    let months = stacked(rows).into_iter();
    months
        .map(|(month, cents)| (month, cents.iter().sum()))
        .collect()
}

/// First days of the months that are drawn.
#[must_use]
pub fn months(rows: &[PlanMonth]) -> Vec<NaiveDate> {
    stacked(rows).into_iter().map(|(month, _)| month).collect()
}

/// The unusual days of the month at `index`.
fn unusual_in(month: NaiveDate, unusual: &[UnusualDay]) -> Vec<&UnusualDay> {
    let is_in = |day: &&UnusualDay| day.date.with_day(1) == Some(month);
    unusual.iter().filter(is_in).collect()
}

/// Draws MRR by plan as a stack of areas with its total as the upper edge: `before` is the period
/// before, of which the total is drawn; months that hold `unusual` days have a mark on the edge.
#[must_use]
pub fn chart(
    rows: &[PlanMonth],
    before: &[PlanMonth],
    unusual: &[UnusualDay],
    theme: &Theme,
) -> Chart {
    let months = stacked(rows);
    let names = month_names(&months.iter().map(|(month, _)| *month).collect::<Vec<_>>());
    let mut axis = category_axis(theme, names).boundary_gap(BoundaryGap::CategoryAxis(false));
    axis = axis.axis_label(crate::components::chart_parts::axis_label(theme).interval(0));
    let mut chart = Chart::new()
        .grid(grid(84.0))
        .tooltip(axis_tooltip(theme))
        .x_axis(axis)
        .y_axis(value_axis(theme));

    for (position, plan) in ORDER.iter().enumerate() {
        let cents: Vec<CompositeValue> = months
            .iter()
            .map(|(_, cents)| CompositeValue::from(cents[position] as f64))
            .collect();
        chart = chart.series(
            Line::new()
                .name(words(plan))
                .stack("mrr")
                .symbol(Symbol::None)
                .line_style(LineStyle::new().color(theme.plan(plan)).width(1.5))
                .area_style(AreaStyle::new().color(theme.plan(plan)).opacity(0.22))
                .data(cents),
        );
    }

    let Some((_, last)) = months.last() else {
        return chart;
    };
    if !unusual.is_empty() {
        let edges = months.iter().map(|(month, cents)| {
            if unusual_in(*month, unusual).is_empty() {
                CompositeValue::from("-")
            } else {
                CompositeValue::from(cents.iter().sum::<i64>() as f64)
            }
        });
        chart = chart.series(
            Line::new()
                .name("Anomalous days")
                .silent(true)
                .symbol(Symbol::Circle)
                .symbol_size(9)
                .show_symbol(true)
                .line_style(LineStyle::new().width(0).opacity(0.0))
                .item_style(
                    ItemStyle::new()
                        .color(theme.orange)
                        .border_color(theme.paper)
                        .border_width(1.5),
                )
                .z(6)
                .data(edges.collect::<Vec<CompositeValue>>()),
        );
    }
    let before: Vec<i64> = totals(before).into_iter().map(|(_, cents)| cents).collect();
    if !before.is_empty() {
        let values = before.iter().take(months.len());
        let values = values.map(|cents| CompositeValue::from(*cents as f64));
        chart = chart.series(before_line(theme.muted, values.collect()));
    }
    let highest = months
        .iter()
        .map(|(_, cents)| cents.iter().sum::<i64>())
        .max()
        .unwrap_or(0) as f64;
    let mut below = 0.0;
    let middles: Vec<f64> = last
        .iter()
        .map(|cents| {
            below += *cents as f64;
            below - *cents as f64 / 2.0
        })
        .collect();
    let heights = spread(&middles, highest * 0.07);
    let names = ORDER.iter().zip(heights).map(|(plan, height)| EndName {
        name: words(plan).into(),
        colour: theme.plan(plan),
        position: months.len() - 1,
        height,
    });
    chart.series(end_names(&names.collect::<Vec<_>>()))
}

/// The tooltip of the month at `index`.
#[must_use]
pub fn tooltip(
    rows: &[PlanMonth],
    before: &[PlanMonth],
    unusual: &[UnusualDay],
    theme: &Theme,
    index: usize,
) -> Option<Tooltip> {
    let months = stacked(rows);
    let (month, cents) = months.get(index)?;
    let mut tooltip = Tooltip::new(month_long(*month));
    for (plan, cents) in ORDER.iter().zip(cents).rev() {
        let value = whole_dollars(*cents as f64);
        tooltip = tooltip.mark(theme.plan(plan), words(plan), value);
    }
    let total: i64 = cents.iter().sum();
    tooltip = tooltip.total("MRR", whole_dollars(total as f64));
    if let Some((month, cents)) = totals(before).get(index) {
        tooltip = tooltip.mark(
            theme.muted,
            month_long(*month),
            whole_dollars(*cents as f64),
        );
        if let Some(growth) = relative_change(total as f64, *cents as f64) {
            tooltip = tooltip.line("Change", change(growth));
        }
    }
    let days: Vec<String> = unusual_in(*month, unusual)
        .into_iter()
        .map(|unusual| day(unusual.date))
        .collect();
    if !days.is_empty() {
        tooltip = tooltip.mark(theme.orange, "Anomalous charges", days.join(", "));
    }
    Some(tooltip)
}

/// The row under a place on the chart: a plan's month, or the largest plan's in a column.
#[must_use]
pub fn row_at(rows: &[PlanMonth], place: &ChartMark) -> Option<usize> {
    let months = stacked(rows);
    let (month, cents) = months.get(place.index)?;
    let position = match place.series {
        Some(series) => series % ORDER.len(),
        None => (0..ORDER.len()).max_by_key(|plan| cents[*plan])?,
    };
    rows.iter()
        .position(|row| row.month == *month && row.plan == ORDER[position])
}
