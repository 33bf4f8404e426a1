//! Which groups use what?

use super::super::features::touched;
use super::super::matrix::heatmap;
use super::super::options::By;
use super::super::window::{self, window};
use super::super::words::{EVERYONE, chance, count, group_name, key_of, one_group};
use crate::components::shades::mix;
use crate::dashboards::claims::interval;
use crate::dashboards::plot::heatmap::Cell;
use crate::dashboards::prelude::*;
use crate::results::adoption::FeatureGroup;

/// Users of each feature over active users of each group, and of everyone, in 28 days.
pub struct FeatureGroups;

impl Source for FeatureGroups {
    type Row = FeatureGroup;
    type Options = By;
    const COMPARED_ON: Option<Basis> = Some(Basis::Last28Days);

    fn sql(filters: &Filters, by: &By) -> String {
        statement!(
            "feature_groups.sql",
            filters,
            group_by = by.0.key(),
            window_start = window(filters).0.to_string()
        )
    }
}

impl Panel for FeatureGroups {
    const SPEC: PanelSpec = PanelSpec {
        id: "feature-groups",
        title: "Which groups use what?",
        unit: "Users of the feature in 28 days, % of the group’s active users",
        form: "heatmap",
        model: "srv_feature_days",
        defined_by: "feature_groups",
        acts: AND_COMPARE,
        plan: PlanOf::LastDay,
        click: "sets the group",
        rows: "the users of the group who used the feature",
        span: "span-7 taller",
        keys: &[],
    };
    const TICKS: ValueFormat = PERCENT;
    type Source = Self;
    type Options = By;

    fn answer(view: &View<'_, Self>) -> Option<String> {
        let earlier = view.compared();
        let earlier = earlier.map(|before| format!("the 28 days to {}", day(before.to)));
        sentence(&view.rows, &view.before, &earlier.unwrap_or_default())
    }

    fn caption(view: &View<'_, Self>) -> Option<String> {
        window::caption(view.fetched, "Set against")
    }

    /// Features down from the most used one and groups across, with the share in each cell. Cells of few people are
    /// pale.
    fn figure(view: &View<'_, Self>, theme: &'static Theme) -> Figure {
        let mut groups: Vec<&str> = Vec::new();
        let mut features: Vec<&FeatureGroup> = Vec::new();
        for row in &view.rows {
            if !groups.contains(&row.group.as_str()) {
                groups.push(&row.group);
            }
            if row.group == EVERYONE {
                features.push(row);
            }
        }
        features.sort_by(|one, other| {
            let by_rate = other.rate.total_cmp(&one.rate);
            by_rate.then(one.feature.cmp(&other.feature))
        });
        let cells = view.rows.iter().zip(shades(&view.rows));
        let cells = cells.map(|(row, value)| {
            let line = features.iter().position(|of| of.feature == row.feature);
            Cell {
                of: row.clone(),
                column: groups.iter().position(|of| *of == row.group).unwrap_or(0),
                line: line.unwrap_or(0),
                value,
                text: format!("{:.0}", row.rate * 100.0),
                layer: 0,
            }
        });
        let (by, before) = (view.options.0, view.before.clone());
        heatmap(
            groups.iter().map(|group| group_name(group)).collect(),
            features.iter().map(|row| row.feature.clone()).collect(),
            cells.collect(),
            &[mix(theme.paper, theme.teal, 0.05), theme.teal.to_owned()],
            theme,
        )
        .figure(
            theme,
            move |row| tooltip(row, &before),
            |row| users_of(row, by, &view.filters),
        )
    }
}

/// Where each row's share lies on the scale, from 0 to 1. A handful must not set the scale.
#[must_use]
pub fn shades(rows: &[FeatureGroup]) -> Vec<f64> {
    let of_enough = rows.iter().filter(|row| is_enough(row.active_users));
    let most = of_enough.map(|row| row.rate).fold(0.0_f64, f64::max);
    let shade = |row: &FeatureGroup| match (is_enough(row.active_users), most > 0.0) {
        (true, true) => row.rate / most,
        (false, true) => PALE * (row.rate / most).min(1.0),
        // No group has enough people.
        (_, false) => PALE * row.rate,
    };
    rows.iter().map(shade).collect()
}

fn tooltip(row: &FeatureGroup, before: &[FeatureGroup]) -> Tooltip {
    let heading = format!("{}, {}", row.feature, group_name(&row.group).to_lowercase());
    let interval = interval(Share::new(row.users, row.active_users)).unwrap_or_default();
    let tooltip = Tooltip::new(heading)
        .line("Users of the feature", count(row.users))
        .line("95% interval", interval)
        .line("Active users", count(row.active_users))
        .total("Share", PERCENT.full(row.rate));
    let mut before = before.iter();
    match before.find(|other| other.group == row.group && other.feature == row.feature) {
        None => tooltip,
        Some(earlier) => tooltip.line("Period before", PERCENT.full(earlier.rate)),
    }
}

/// The users of a group who used a feature.
fn users_of(row: &FeatureGroup, by: Dimension, filters: &Filters) -> PanelMark {
    let group = one_group(&row.group).map(|group| (by, group));
    let mark = PanelMark::new(
        format!("{}.{}", key_of(&row.feature), key_of(&row.group)),
        format!("{}, {}", row.feature, group_name(&row.group)),
    );
    let mark = match group {
        Some((by, group)) => mark.only(by, group),
        None => mark,
    };
    touched(
        mark,
        row.users,
        &row.feature,
        window(filters),
        group,
        filters,
    )
}

/// Which groups use what? `earlier` names the days that are set against: "the 28 days to 30 Sep 2025".
#[must_use]
pub fn sentence(rows: &[FeatureGroup], before: &[FeatureGroup], earlier: &str) -> Option<String> {
    let everyone = rows.iter().filter(|row| row.group == EVERYONE);
    let top = everyone.max_by(|one, other| {
        one.rate
            .total_cmp(&other.rate)
            .then(other.feature.cmp(&one.feature))
    })?;
    if !is_enough(top.active_users) {
        return Some(format!(
            "Too few people to compare: only {} were active.",
            count(top.active_users)
        ));
    }
    let mut sentence = if top.users == 0 {
        "No feature is used by active users".to_owned()
    } else {
        format!(
            "{} is used by {} of active users",
            top.feature,
            share(top.rate)
        )
    };
    // Groups of a few users say nothing.
    let groups: Vec<&FeatureGroup> = rows
        .iter()
        .filter(|row| row.group != EVERYONE && is_enough(row.active_users))
        .collect();
    let mut widest: Option<(&FeatureGroup, &FeatureGroup)> = None;
    for high in &groups {
        for low in groups.iter().filter(|low| low.feature == high.feature) {
            let is_wider =
                widest.is_none_or(|(one, other)| high.rate - low.rate > one.rate - other.rate);
            let used = |row: &FeatureGroup| Share::new(row.users, row.active_users);
            if is_wider && used(high).is_clearly_above(used(low)) {
                widest = Some((high, low));
            }
        }
    }
    if let Some((high, low)) = widest {
        sentence.push_str(&format!(
            "; groups differ most on {}: {} of {} and {} of {}",
            high.feature,
            share(high.rate),
            group_name(&high.group),
            share(low.rate),
            group_name(&low.group),
        ));
    }
    sentence.push('.');
    if let Some((feature, [then, now])) = most_changed(rows, before)
        && let (Some(from), Some(to)) = (then.rate(), now.rate())
        && from != to
    {
        sentence.push_str(&format!(
            " {feature} changed most: {} in {earlier}, {} now{}.",
            share(from),
            share(to),
            chance(now, then)
        ));
    }
    Some(sentence)
}

/// The feature whose share of everyone changed most, with what it was and is; none without a period
/// before.
fn most_changed<'a>(
    rows: &'a [FeatureGroup],
    before: &[FeatureGroup],
) -> Option<(&'a str, [Share; 2])> {
    // What a handful did before is nothing to measure from.
    let everyone = rows
        .iter()
        .filter(|row| row.group == EVERYONE && is_enough(row.active_users));
    let changes = everyone.filter_map(|row| {
        let same = |other: &&FeatureGroup| other.group == row.group && other.feature == row.feature;
        let earlier = before
            .iter()
            .find(same)
            .filter(|earlier| is_enough(earlier.active_users))?;
        let used = |row: &FeatureGroup| Share::new(row.users, row.active_users);
        Some((row.feature.as_str(), [used(earlier), used(row)]))
    });
    changes.max_by(|one, other| {
        let by = |change: &(&str, [Share; 2])| {
            let [then, now] = change.1.map(|used| used.rate().unwrap_or_default());
            (now - then).abs()
        };
        by(one).total_cmp(&by(other)).then(other.0.cmp(one.0))
    })
}
