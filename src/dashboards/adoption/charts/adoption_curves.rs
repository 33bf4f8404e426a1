//! How many use each feature: week by week, or since they first could.

use charming::Chart;
use charming::element::{BoundaryGap, LineStyle, Symbol};
use charming::series::Line;
use chrono::{Datelike, NaiveDate};

use crate::components::chart_parts::{
    EndName, axis_label, axis_tooltip, category_axis, end_names, grid, spread, value_axis,
};
use crate::components::chart_spec::ChartMark;
use crate::components::format::{ValueFormat, day, month_name};
use crate::components::theme::Theme;
use crate::components::tooltip::Tooltip;
use crate::results::adoption::{FeatureAge, FeatureWeek};

/// A feature's curve.
struct Curve<'a> {
    feature: &'a str,
    category: &'a str,
    /// By position along the axis; nothing before the feature was there.
    rates: Vec<Option<f64>>,
}

/// The colour of what a feature is for, the same in every chart.
#[must_use]
pub fn category_colour(theme: &Theme, category: &str) -> &'static str {
    match category {
        "analysis" => theme.teal,
        "automation" => theme.blue,
        "teamwork" => theme.plum,
        "navigation" => theme.ochre,
        "administration" => theme.slate,
        _ => theme.other,
    }
}

/// First days of the weeks that are drawn, in order.
#[must_use]
pub fn weeks_of(rows: &[FeatureWeek]) -> Vec<NaiveDate> {
    let mut weeks: Vec<NaiveDate> = rows.iter().map(|row| row.week).collect();
    weeks.sort_unstable();
    weeks.dedup();
    weeks
}

/// Draws a line a feature over the weeks, with its name at the end.
#[must_use]
pub fn over_time(rows: &[FeatureWeek], theme: &Theme) -> Chart {
    let weeks = weeks_of(rows);
    let mut curves: Vec<Curve<'_>> = Vec::new();
    for row in rows {
        if curves
            .last()
            .is_none_or(|curve| curve.feature != row.feature)
        {
            curves.push(Curve {
                feature: &row.feature,
                category: &row.category,
                rates: vec![None; weeks.len()],
            });
        }
        if let (Some(curve), Ok(place)) = (curves.last_mut(), weeks.binary_search(&row.week)) {
            curve.rates[place] = Some(row.rate);
        }
    }
    let names = weeks.iter().enumerate().map(|(place, week)| {
        let is_first = place == 0 || weeks[place - 1].month() != week.month();
        match week.month() {
            1 if is_first => format!("Jan\n{}", week.year()),
            month if is_first && (weeks.len() < 60 && month % 2 == 1 || month % 6 == 1) => {
                month_name(*week)[..3].to_owned()
            }
            _ => String::new(),
        }
    });
    draw(names.collect(), &curves, theme)
}

/// Draws a line a feature over whole weeks since the user could have it.
#[must_use]
pub fn since_start(rows: &[FeatureAge], theme: &Theme) -> Chart {
    let last = rows.iter().map(|row| row.weeks).max().unwrap_or(0);
    let mut curves: Vec<Curve<'_>> = Vec::new();
    for row in rows {
        if curves
            .last()
            .is_none_or(|curve| curve.feature != row.feature)
        {
            curves.push(Curve {
                feature: &row.feature,
                category: &row.category,
                rates: Vec::new(),
            });
        }
        if let Some(curve) = curves.last_mut() {
            curve.rates.push(Some(row.rate));
        }
    }
    let names = (0..=last).map(|week| week.to_string()).collect();
    draw(names, &curves, theme)
}

fn draw(names: Vec<String>, curves: &[Curve<'_>], theme: &Theme) -> Chart {
    let last = names.len().saturating_sub(1);
    let axis = category_axis(theme, names)
        .boundary_gap(BoundaryGap::CategoryAxis(false))
        .axis_label(axis_label(theme).interval(0));
    let mut chart = Chart::new()
        .grid(grid(104.0))
        .tooltip(axis_tooltip(theme))
        .x_axis(axis)
        .y_axis(value_axis(theme).min(0));
    let mut highest = 0.0_f64;
    for curve in curves {
        highest = curve
            .rates
            .iter()
            .flatten()
            .copied()
            .fold(highest, f64::max);
        let colour = category_colour(theme, curve.category);
        let line = Line::new()
            .name(curve.feature)
            .symbol(Symbol::None)
            .line_style(LineStyle::new().color(colour).width(1.5))
            .data(curve.rates.clone());
        chart = chart.series(line);
    }
    let ends: Vec<f64> = curves
        .iter()
        .map(|curve| curve.rates.last().copied().flatten().unwrap_or(0.0))
        .collect();
    let heights = spread(&ends, highest * 0.078);
    let names = curves.iter().zip(heights).map(|(curve, height)| EndName {
        name: curve.feature.into(),
        colour: category_colour(theme, curve.category),
        position: last,
        height,
    });
    chart.series(end_names(&names.collect::<Vec<_>>()))
}

/// The tooltip of a week: the features, most used first.
#[must_use]
pub fn tooltip_over_time(rows: &[FeatureWeek], theme: &Theme, mark: &ChartMark) -> Option<Tooltip> {
    let week = *weeks_of(rows).get(mark.index)?;
    let mut of_week: Vec<&FeatureWeek> = rows.iter().filter(|row| row.week == week).collect();
    of_week.sort_by(|one, other| {
        other
            .users
            .cmp(&one.users)
            .then(one.feature.cmp(&other.feature))
    });
    let active = of_week.first()?.active_users;
    let tooltip = Tooltip::new(format!("Week of {}", day(week)));
    let tooltip = of_week.into_iter().fold(tooltip, |tooltip, row| {
        let colour = category_colour(theme, &row.category);
        tooltip.mark(
            colour,
            row.feature.as_str(),
            ValueFormat::Percent.full(row.rate),
        )
    });
    Some(tooltip.total("Active users", ValueFormat::Count.full(active as f64)))
}

/// The tooltip of a number of weeks since the start.
#[must_use]
pub fn tooltip_since_start(
    rows: &[FeatureAge],
    theme: &Theme,
    mark: &ChartMark,
) -> Option<Tooltip> {
    let weeks = i64::try_from(mark.index).ok()?;
    let mut at: Vec<&FeatureAge> = rows.iter().filter(|row| row.weeks == weeks).collect();
    at.sort_by(|one, other| {
        other
            .rate
            .total_cmp(&one.rate)
            .then(one.feature.cmp(&other.feature))
    });
    let eligible = at.first()?.eligible;
    let heading = match weeks {
        0 => "On the first day".to_owned(),
        1 => "Within a week".to_owned(),
        _ => format!("Within {weeks} weeks"),
    };
    let tooltip = at.into_iter().fold(Tooltip::new(heading), |tooltip, row| {
        let colour = category_colour(theme, &row.category);
        tooltip.mark(
            colour,
            row.feature.as_str(),
            ValueFormat::Percent.full(row.rate),
        )
    });
    Some(tooltip.total("Users observed", ValueFormat::Count.full(eligible as f64)))
}
