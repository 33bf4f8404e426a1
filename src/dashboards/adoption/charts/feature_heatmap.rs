//! Which groups use which features.

use charming::Chart;

use super::matrix::{self, Cell, Matrix};
use crate::components::chart_spec::ChartMark;
use crate::components::format::{ValueFormat, words};
use crate::components::shades::mix;
use crate::components::theme::Theme;
use crate::components::tooltip::Tooltip;
use crate::dashboards::claims::{PALE, interval, is_enough};
use crate::results::adoption::FeatureGroup;
use crate::results::shares::Share;

/// A group's name on screen.
#[must_use]
pub fn group_name(group: &str) -> String {
    words(group)
}

/// Features from the most used one, groups in the order of the rows.
fn matrix(rows: &[FeatureGroup], theme: &Theme) -> Matrix {
    let mut groups: Vec<&str> = Vec::new();
    let mut features: Vec<(&str, f64)> = Vec::new();
    for row in rows {
        if !groups.contains(&row.group.as_str()) {
            groups.push(&row.group);
        }
        if row.group == "everyone" {
            features.push((&row.feature, row.rate));
        }
    }
    features.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(other.0)));
    // A handful must not set the scale.
    let of_enough = || rows.iter().filter(|row| is_enough(row.active_users));
    let most = of_enough().map(|row| row.rate).fold(0.0_f64, f64::max);
    let shade = |row: &FeatureGroup| match (is_enough(row.active_users), most > 0.0) {
        (true, true) => row.rate / most,
        (false, true) => PALE * (row.rate / most).min(1.0),
        // No group has enough people.
        (_, false) => PALE * row.rate,
    };
    let cells = rows
        .iter()
        .map(|row| Cell {
            column: groups
                .iter()
                .position(|group| *group == row.group)
                .unwrap_or(0),
            row: features
                .iter()
                .position(|(feature, _)| *feature == row.feature)
                .unwrap_or(0),
            share: shade(row),
            text: format!("{:.0}", row.rate * 100.0),
        })
        .collect();
    Matrix {
        columns: groups.into_iter().map(group_name).collect(),
        rows: features
            .into_iter()
            .map(|(name, _)| name.to_owned())
            .collect(),
        cells,
        scale: vec![mix(theme.paper, theme.teal, 0.05), theme.teal.to_owned()],
    }
}

/// Draws features down and groups across, with the share in each cell. Cells of few people are pale.
#[must_use]
pub fn chart(rows: &[FeatureGroup], theme: &Theme) -> Chart {
    matrix::chart(&matrix(rows, theme), theme)
}

/// The row that a mark stands for.
#[must_use]
pub fn row_at(rows: &[FeatureGroup], theme: &Theme, mark: &ChartMark) -> Option<usize> {
    matrix::cell_at(&matrix(rows, theme), theme, mark.series?, mark.index)
}

/// The tooltip of a mark.
#[must_use]
pub fn tooltip(
    rows: &[FeatureGroup],
    before: &[FeatureGroup],
    theme: &Theme,
    mark: &ChartMark,
) -> Option<Tooltip> {
    let row = rows.get(row_at(rows, theme, mark)?)?;
    let count = |value: i64| ValueFormat::Count.full(value as f64);
    let heading = format!("{}, {}", row.feature, group_name(&row.group).to_lowercase());
    let tooltip = Tooltip::new(heading)
        .line("Users of the feature", count(row.users))
        .line(
            "95% interval",
            interval(Share::new(row.users, row.active_users)).unwrap_or_default(),
        )
        .line("Active users", count(row.active_users))
        .total("Share", ValueFormat::Percent.full(row.rate));
    let earlier = before
        .iter()
        .find(|other| other.group == row.group && other.feature == row.feature);
    Some(match earlier {
        None => tooltip,
        Some(earlier) => tooltip.line("Period before", ValueFormat::Percent.full(earlier.rate)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::theme::LIGHT;

    #[test]
    fn cells_of_few_people_are_pale_and_set_no_scale() {
        let group = |group: &str, users: i64, active_users: i64| FeatureGroup {
            feature: "Dashboards".to_owned(),
            group: group.to_owned(),
            users,
            active_users,
            rate: users as f64 / active_users as f64,
        };
        let shades = |rows: &[FeatureGroup]| -> Vec<f64> {
            let cells = matrix(rows, &LIGHT).cells;
            cells.iter().map(|cell| cell.share).collect()
        };
        let rows = [group("everyone", 30, 60), group("starter", 4, 4)];
        assert_eq!(shades(&rows), [1.0, PALE]);
        assert_eq!(shades(&rows[1..]), [PALE]);
    }
}
