//! The power-user curve: users by the number of days on which they came.

use charming::Chart;
use charming::datatype::{CompositeValue, DataPoint, DataPointItem};
use charming::element::ItemStyle;
use charming::series::Bar;

use crate::components::chart_parts::{
    axis_label, category_axis, column_tooltip, grid, place, ticks, value_axis,
};
use crate::components::chart_spec::ChartMark;
use crate::components::format::ValueFormat;
use crate::components::theme::Theme;
use crate::components::tooltip::Tooltip;
use crate::results::adoption::ActiveDays;

/// Days of 28 from which on somebody is a power user: four a week.
pub const POWER_DAYS: i64 = 16;

/// Draws a column a number of days, with ticks at the 28 days before the range; those of power users
/// are in another colour.
#[must_use]
pub fn chart(rows: &[ActiveDays], before: &[ActiveDays], theme: &Theme) -> Chart {
    let names = rows.iter().map(|row| match row.days {
        1 | 4 | 8 | 12 | 16 | 20 | 24 | 28 => row.days.to_string(),
        _ => String::new(),
    });
    let columns: Vec<DataPoint> = rows
        .iter()
        .map(|row| {
            let colour = if row.days >= POWER_DAYS {
                theme.accent
            } else {
                theme.slate
            };
            DataPointItem::new(row.users as f64)
                .item_style(ItemStyle::new().color(colour))
                .into()
        })
        .collect();
    let before: Vec<CompositeValue> = rows
        .iter()
        .enumerate()
        .filter_map(|(position, row)| {
            Some(place(position as f64, users_on(before, row.days)? as f64))
        })
        .collect();
    Chart::new()
        .grid(grid(12.0))
        .tooltip(column_tooltip())
        .x_axis(category_axis(theme, names.collect()).axis_label(axis_label(theme).interval(0)))
        .y_axis(value_axis(theme))
        .series(Bar::new().name("Users").bar_width("72%").data(columns))
        .series(ticks("Period before", false, theme.ink, before))
}

fn users_on(rows: &[ActiveDays], days: i64) -> Option<i64> {
    let row = rows.iter().find(|row| row.days == days)?;
    Some(row.users)
}

/// The tooltip of a number of days.
#[must_use]
pub fn tooltip(rows: &[ActiveDays], before: &[ActiveDays], mark: &ChartMark) -> Option<Tooltip> {
    let row = rows.get(mark.index)?;
    let total: i64 = rows.iter().map(|row| row.users).sum();
    let at_least: i64 = rows[mark.index..].iter().map(|row| row.users).sum();
    let days = if row.days == 1 { "day" } else { "days" };
    let mut tooltip = Tooltip::new(format!("{} {days} of 28", row.days))
        .line("Users", ValueFormat::Count.full(row.users as f64));
    if let Some(users) = users_on(before, row.days) {
        tooltip = tooltip.line("Period before", ValueFormat::Count.full(users as f64));
    }
    Some(if total == 0 {
        tooltip
    } else {
        let share = |users: i64| ValueFormat::Percent.full(users as f64 / total as f64);
        tooltip
            .line("Share", share(row.users))
            .line("On at least as many days", share(at_least))
    })
}
