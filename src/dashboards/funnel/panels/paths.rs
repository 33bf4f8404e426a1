//! What do people do first, and does it lead to payment?

use std::collections::BTreeSet;
use std::rc::Rc;

use charming::Chart;
use charming::element::{ItemStyle, Label, LineStyle, Tooltip as ChartTooltip, Trigger};
use charming::series::{Sankey, SankeyLink, SankeyNode, SankeyNodeAlign};

use super::people::people;
use crate::components::chart_parts::LABEL_SIZE;
use crate::components::chart_spec::ChartMark;
use crate::dashboards::funnel::options::Shown;
use crate::dashboards::prelude::*;
use crate::results::funnel::PathLink;

/// What people do first, second and third, and whether they then activate and pay.
pub struct Paths;

impl Source for Paths {
    type Row = PathLink;
    type Options = ();
    const COMPARED_ON: Option<Basis> = None;

    fn sql(filters: &Filters, (): &()) -> String {
        statement!("paths.sql", filters)
    }
}

impl Panel for Paths {
    const SPEC: PanelSpec = PanelSpec {
        id: "paths",
        title: "What do people do first, and does it lead to payment?",
        unit: "People, by their first three actions within seven days, activation and payment",
        form: "sankey",
        model: "int_events_enriched",
        defined_by: "first_actions",
        acts: ALL_FILTERS,
        plan: PlanOf::Signup,
        click: "",
        rows: "the people on that path",
        span: "span-7 tall",
        keys: &[],
    };
    const TICKS: ValueFormat = COUNT;
    type Source = Self;
    type Options = Shown;

    fn answer(view: &View<'_, Self>) -> Option<String> {
        sentence(&view.rows)
    }

    fn figure(view: &View<'_, Self>, theme: &'static Theme) -> Figure {
        let rows = view.rows.clone();
        let actions = [1, 2, 3].map(|level| actions(&rows, level)).to_vec();
        Figure {
            chart: chart(&rows, view.options.is_narrow, theme),
            marks: rows
                .iter()
                .map(|link| went(link, &actions, &view.filters))
                .collect(),
            mark_at: Rc::new(|place| place.is_link.then_some(place.index)),
            tooltip: Rc::new(move |place| tooltip(&rows, theme, place)),
            time: None,
        }
    }
}

/// The actions that a level of the paths names.
fn actions(rows: &[PathLink], level: i64) -> Vec<String> {
    let named = places(rows)
        .into_iter()
        .filter(|(other, name)| *other == level && !["nothing", "other"].contains(&name.as_str()));
    named.map(|(_, name)| name).collect()
}

/// Those who went from one place to another; `actions` are the named ones of each level.
fn went(link: &PathLink, actions: &[Vec<String>], filters: &Filters) -> PanelMark {
    let PathLink {
        source_level,
        source,
        target_level,
        target,
        people: count,
    } = link.clone();
    let actions = actions.to_vec();
    let mark = PanelMark::new(
        format!("{source_level}.{source}.{target_level}.{target}"),
        heading(link),
    );
    people(mark, count, filters, move |filters| {
        statement!(
            "paths_people.sql",
            filters,
            source_level = source_level,
            source = source.as_str(),
            target_level = target_level,
            target = target.as_str(),
            actions = actions.clone(),
        )
    })
}

/// A place of a path: its level, from 1, and what is done there.
type Place = (i64, String);

/// The places there are, by level.
fn places(rows: &[PathLink]) -> BTreeSet<Place> {
    let places = rows.iter().flat_map(|row| {
        [
            (row.source_level, row.source.clone()),
            (row.target_level, row.target.clone()),
        ]
    });
    places.collect()
}

fn heading(link: &PathLink) -> String {
    format!(
        "{} → {}",
        place_name(&link.source),
        place_name(&link.target)
    )
}

/// The name of what is done at a place.
fn place_name(action: &str) -> String {
    match action {
        "other" => "Something else".to_owned(),
        "nothing" => "Nothing".to_owned(),
        "not_paid" => "Never paid".to_owned(),
        action => words(action).replace("Api", "API"),
    }
}

/// A place's name, told apart from the same name at other levels by marks nobody sees.
fn node_name(level: i64, action: &str) -> String {
    let marks = "\u{200b}".repeat(usize::try_from(level).unwrap_or(0));
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
fn chart(rows: &[PathLink], is_narrow: bool, theme: &Theme) -> Chart {
    let (right, size) = if is_narrow {
        (ROOM - 10, 10.5)
    } else {
        (ROOM, LABEL_SIZE)
    };
    let nodes = places(rows).into_iter().map(|(level, action)| {
        SankeyNode::new(node_name(level, &action))
            .depth((level - 1) as f64)
            .item_style(ItemStyle::new().color(node_colour(theme, &action)))
    });
    let links = rows.iter().map(|row| {
        let source = node_name(row.source_level, &row.source);
        let target = node_name(row.target_level, &row.target);
        SankeyLink::from((source, target, row.people as f64))
    });
    let flow = LineStyle::new().color(theme.other);
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
                .line_style(flow.opacity(0.22).curveness(0.5))
                .nodes(nodes.collect::<Vec<_>>())
                .links(links.collect::<Vec<_>>()),
        )
}

/// The people of the links for which `belongs` holds.
fn sum(rows: &[PathLink], belongs: impl Fn(&PathLink) -> bool) -> i64 {
    let links = rows.iter().filter(|row| belongs(row));
    links.map(|row| row.people).sum()
}

/// The tooltip of a link or a node.
fn tooltip(rows: &[PathLink], theme: &Theme, place: &ChartMark) -> Option<Tooltip> {
    let told = |heading, action: &str, people: i64| {
        let colour = node_colour(theme, action);
        Tooltip::new(heading).mark(colour, "People", COUNT.full(people as f64))
    };
    if !place.is_link {
        let (level, action) = places(rows).into_iter().nth(place.index)?;
        let came = sum(rows, |row| {
            row.target_level == level && row.target == action
        });
        let left = sum(rows, |row| {
            row.source_level == level && row.source == action
        });
        return Some(told(place_name(&action), &action, came.max(left)));
    }
    let row = rows.get(place.index)?;
    let from = sum(rows, |other| {
        other.source_level == row.source_level && other.source == row.source
    });
    let tooltip = told(heading(row), &row.target, row.people);
    Some(if from > 0 {
        let share = row.people as f64 / from as f64;
        let of = format!("Of “{}”", place_name(&row.source));
        tooltip.line(of, PERCENT.full(share))
    } else {
        tooltip
    })
}

/// What do those who pay do first?
#[must_use]
pub fn sentence(rows: &[PathLink]) -> Option<String> {
    let people = sum(rows, |row| row.source_level == 1);
    if people == 0 {
        return None;
    }
    if !is_enough(people) {
        let people = counted(people.unsigned_abs(), "person");
        return Some(format!("Only {people} to follow: too few for shares."));
    }
    let started = |name: &str| sum(rows, |row| row.source_level == 1 && row.source == name);
    let of_all = |count: i64| share(count as f64 / people as f64);
    let firsts = first_actions(rows);
    let leader = firsts
        .iter()
        .filter(|name| !["nothing", "other"].contains(name))
        .max_by_key(|name| (started(name), std::cmp::Reverse(**name)))?;
    let mut sentence = format!(
        "{} start with “{}”",
        of_all(started(leader)),
        place_name(leader).to_lowercase()
    );
    if firsts.contains("nothing") {
        sentence.push_str(&format!(
            ", {} only look around",
            of_all(started("nothing"))
        ));
    }
    let paid = |outcome: &str| {
        let of = |row: &PathLink| row.source_level == 4 && row.source == outcome;
        let all = sum(rows, of);
        let paid = sum(rows, |row| of(row) && row.target == "paid");
        is_enough(all).then(|| share(paid as f64 / all as f64))
    };
    if let (Some(active), Some(inactive)) = (paid("activated"), paid("not_activated")) {
        sentence.push_str(&format!(
            "; {active} of activated users pay, {inactive} of the others"
        ));
    }
    sentence.push('.');
    Some(sentence)
}

/// What people do first.
fn first_actions(rows: &[PathLink]) -> BTreeSet<&str> {
    let firsts = rows.iter().filter(|row| row.source_level == 1);
    firsts.map(|row| row.source.as_str()).collect()
}
