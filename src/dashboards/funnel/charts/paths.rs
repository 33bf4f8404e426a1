//! What people do first, second and third, and what comes of it.

use charming::Chart;
use charming::element::{ItemStyle, Label, LineStyle, Tooltip as ChartTooltip, Trigger};
use charming::series::{Sankey, SankeyLink, SankeyNode, SankeyNodeAlign};

use crate::components::chart_parts::LABEL_SIZE;
use crate::components::format::{ValueFormat, words};
use crate::components::theme::Theme;
use crate::components::tooltip::Tooltip;
use crate::results::funnel::PathLink;

/// A place of a path: its level, from 1, and what is done there.
pub type Place = (i64, String);

/// The places there are, by level.
#[must_use]
pub fn places(rows: &[PathLink]) -> Vec<Place> {
    let mut places: Vec<Place> = rows
        .iter()
        .flat_map(|row| {
            [
                (row.source_level, row.source.clone()),
                (row.target_level, row.target.clone()),
            ]
        })
        .collect();
    places.sort_unstable();
    places.dedup();
    places
}

/// The name of what is done at a place.
#[must_use]
pub fn place_name(action: &str) -> String {
    match action {
        "other" => "Something else".to_owned(),
        "nothing" => "Nothing".to_owned(),
        "not_paid" => "Never paid".to_owned(),
        action => words(action).replace("Api", "API"),
    }
}

/// A place's name, told apart from the same name at other levels by marks nobody sees.
fn node_name((level, action): &Place) -> String {
    let marks = "\u{200b}".repeat(usize::try_from(*level).unwrap_or(0));
    format!("{}{marks}", short_name(action))
}

/// The name beside a node, which must not reach the next one; tooltips say it in full.
fn short_name(action: &str) -> String {
    let short = match action {
        "integration_connected" => "Integration",
        "report_created" => "Report",
        "dashboard_viewed" => "Dashboard",
        "export_data" => "Export",
        "invite_sent" => "Invite",
        "search_performed" => "Search",
        "settings_changed" => "Settings",
        "support_ticket_opened" => "Ticket",
        "file_uploaded" => "Upload",
        "comment_added" => "Comment",
        "alert_configured" => "Alert",
        "feature_click" => "Feature",
        "other" => "Other",
        "not_activated" => "Inactive",
        "not_paid" => "No payment",
        action => return place_name(action),
    };
    short.to_owned()
}

fn node_colour(theme: &Theme, action: &str) -> &'static str {
    match action {
        "activated" => theme.teal,
        "paid" => theme.blue,
        "nothing" | "other" | "not_activated" | "not_paid" => theme.other,
        _ => theme.slate,
    }
}

/// Room beside the last nodes for the longest of their names, "No payment".
const ROOM: i32 = 84;

/// Draws the paths from left to right; the links are `rows`, in their order. On a narrow screen names
/// are smaller.
#[must_use]
pub fn chart(rows: &[PathLink], is_narrow: bool, theme: &Theme) -> Chart {
    let (right, size) = if is_narrow {
        (ROOM - 10, 10.5)
    } else {
        (ROOM, LABEL_SIZE)
    };
    let nodes: Vec<SankeyNode> = places(rows)
        .iter()
        .map(|place| {
            SankeyNode::new(node_name(place))
                .depth((place.0 - 1) as f64)
                .item_style(ItemStyle::new().color(node_colour(theme, &place.1)))
        })
        .collect();
    let links: Vec<SankeyLink> = rows
        .iter()
        .map(|row| {
            let source = node_name(&(row.source_level, row.source.clone()));
            let target = node_name(&(row.target_level, row.target.clone()));
            SankeyLink::from((source, target, row.people as f64))
        })
        .collect();
    Chart::new()
        .tooltip(ChartTooltip::new().trigger(Trigger::Item))
        .series(
            Sankey::new()
                .left(2)
                .right(right)
                .top(6)
                .bottom(6)
                .node_align(SankeyNodeAlign::Left)
                .label(Label::new().color(theme.ink).font_size(size))
                .line_style(
                    LineStyle::new()
                        .color(theme.other)
                        .opacity(0.22)
                        .curveness(0.5),
                )
                .nodes(nodes)
                .links(links),
        )
}

/// The tooltip of the link, or else the place, at `index`.
#[must_use]
pub fn tooltip(rows: &[PathLink], theme: &Theme, index: usize, is_link: bool) -> Option<Tooltip> {
    if !is_link {
        let (level, action) = places(rows).into_iter().nth(index)?;
        let sum = |links: &dyn Fn(&PathLink) -> bool| -> i64 {
            rows.iter()
                .filter(|row| links(row))
                .map(|row| row.people)
                .sum()
        };
        let came = sum(&|row| row.target_level == level && row.target == action);
        let left = sum(&|row| row.source_level == level && row.source == action);
        let people = ValueFormat::Count.full(came.max(left) as f64);
        let tooltip = Tooltip::new(place_name(&action));
        return Some(tooltip.mark(node_colour(theme, &action), "People", people));
    }
    let row = rows.get(index)?;
    let from: i64 = rows
        .iter()
        .filter(|other| other.source_level == row.source_level && other.source == row.source)
        .map(|other| other.people)
        .sum();
    let heading = format!("{} → {}", place_name(&row.source), place_name(&row.target));
    let tooltip = Tooltip::new(heading).mark(
        node_colour(theme, &row.target),
        "People",
        ValueFormat::Count.full(row.people as f64),
    );
    Some(if from > 0 {
        let share = row.people as f64 / from as f64;
        let of = format!("Of “{}”", place_name(&row.source));
        tooltip.line(of, ValueFormat::Percent.full(share))
    } else {
        tooltip
    })
}
