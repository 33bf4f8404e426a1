//! What a link holds, in words: for who shares it, and for who prints the page.

use crate::app::pages;
use crate::components::format::{count, day};
use crate::components::panel_view::PanelView;
use crate::dashboards::filter_words::{of_users, range_label};
use crate::dashboards::pages::Page;
use crate::dashboards::spec::PanelSpec;
use crate::parameters::{PAGE_KEYS, PARAMETERS, Scenario};
use crate::state::filters::{FILTER_KEYS, Filters, Range};
use crate::state::page_key;

/// Changes of a scenario that are named one by one.
const NAMED_CHANGES: usize = 6;

/// One thing a link holds: its name, and what it is.
pub type Part = (&'static str, String);

/// Everything a link holds: `path` below the site's root, and its query as understood.
#[must_use]
pub fn parts(path: &str, query: &str, scenario: &Scenario, filters: &Filters) -> Vec<Part> {
    let page = pages::at(path);
    let name = page.map_or("Page not found", |page| page.name);
    let mut parts = vec![
        ("Page", name.to_owned()),
        ("Scenario", scenario_words(scenario)),
    ];
    let is_filtered = pages::dashboard_at(path).is_some();
    if is_filtered || !filters.is_usual() {
        parts.push(("Days", days_words(filters)));
    }
    let users = of_users(filters);
    if let Some(users) = users.strip_prefix("; ") {
        parts.push(("Filters", users.to_owned()));
    } else if is_filtered {
        parts.push(("Filters", "everyone".to_owned()));
    }
    if let Some(open) = page_key(query, "panel").and_then(|key| open_words(&key)) {
        parts.push(("Open", open));
    }
    let choices = choice_words(query);
    if !choices.is_empty() {
        parts.push(("Choices", choices));
    }
    if let Some(theme) = page_key(query, "theme") {
        parts.push(("Theme", theme));
    }
    parts
}

/// The scenario, what it is changed by included.
#[must_use]
pub fn scenario_words(scenario: &Scenario) -> String {
    let mut words = format!(
        "{}, {} users, seed {}",
        scenario.base().label(),
        count(scenario.users()),
        scenario.seed()
    );
    let changed: Vec<String> = PARAMETERS
        .iter()
        .filter(|member| !matches!(member.key, "seed" | "users"))
        .filter(|member| scenario.is_changed(member.parameter))
        .map(|member| {
            let value = scenario.text(member.parameter);
            let name = member.label.to_lowercase();
            format!("{name} {}", member.unit.write(&value))
        })
        .collect();
    for change in changed.iter().take(NAMED_CHANGES) {
        words.push_str(", ");
        words.push_str(change);
    }
    match changed.len().saturating_sub(NAMED_CHANGES) {
        0 => {}
        more => words.push_str(&format!(", and {more} more changed")),
    }
    words
}

/// The range of days, and what it is compared with.
#[must_use]
pub fn days_words(filters: &Filters) -> String {
    let days = format!("{} – {}", day(filters.from), day(filters.to));
    let range = match filters.range {
        Range::Custom(..) => days,
        _ => format!("{} ({days})", range_label(filters).to_lowercase()),
    };
    match filters.period_before().filter(|_| filters.compare) {
        Some(before) => format!(
            "{range}, compared with {} – {}",
            day(before.from),
            day(before.to)
        ),
        None => range,
    }
}

/// What is open over the page.
fn open_words(key: &str) -> Option<String> {
    let (panel, view) = panel_of(key)?;
    let title = panel.title;
    Some(match view {
        PanelView::Full => format!("“{title}” in full"),
        PanelView::Sql => format!("the SQL of “{title}”"),
        PanelView::Rows(mark) => format!("the rows behind {mark} in “{title}”"),
    })
}

fn panel_of(key: &str) -> Option<(&'static PanelSpec, PanelView)> {
    Page::ALL
        .into_iter()
        .flat_map(|page| page.panels().iter().copied())
        .find_map(|panel| Some((panel, PanelView::of_panel(panel.id, key)?)))
}

/// Whatever else of the page the query holds: `mode unbounded, grain week`.
fn choice_words(query: &str) -> String {
    let told_elsewhere = ["theme", "panel", "workers"];
    let keys = PAGE_KEYS.iter().copied();
    let others = keys.filter(|key| !FILTER_KEYS.contains(key) && !told_elsewhere.contains(key));
    let choices = others.filter_map(|key| {
        let value = page_key(query, key)?;
        Some(match key {
            "truth" => "truth shown".to_owned(),
            "table" => format!("shown as tables: {}", value.replace(',', ", ")),
            _ => format!("{key} {value}"),
        })
    });
    choices.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(path: &str, query: &str) -> Vec<(&'static str, String)> {
        let (scenario, _) = Scenario::from_query(query);
        let (filters, _) = Filters::from_query(query, scenario.starts_on(), scenario.as_of());
        parts(path, query, &scenario, &filters)
    }

    fn part<'a>(parts: &'a [Part], name: &str) -> Option<&'a str> {
        let found = parts.iter().find(|(other, _)| *other == name);
        found.map(|(_, words)| words.as_str())
    }

    #[test]
    fn a_link_is_told_in_words() {
        let parts = told(
            "revenue/",
            "preset=tiny&seed=7&churn=6&range=90d&plan=starter&country=DE&compare=previous&theme=dark&panel=waterfall.rows.2025-12.new&truth=1",
        );
        assert_eq!(part(&parts, "Page"), Some("Revenue deep-dive"));
        let scenario = part(&parts, "Scenario").unwrap();
        assert!(
            scenario.starts_with("Tiny, 500 users, seed 7, monthly churn 6%"),
            "{scenario}"
        );
        let days = part(&parts, "Days").unwrap();
        assert!(
            days.starts_with("last 90 days (") && days.contains("compared with"),
            "{days}"
        );
        assert_eq!(
            part(&parts, "Filters"),
            Some("plan Starter; country Germany")
        );
        let open = part(&parts, "Open").unwrap();
        assert!(
            open.starts_with("the rows behind 2025-12.new in “"),
            "{open}"
        );
        assert_eq!(part(&parts, "Choices"), Some("truth shown"));
        assert_eq!(part(&parts, "Theme"), Some("dark"));
    }

    #[test]
    fn a_page_without_filters_does_not_speak_of_them() {
        let parts = told("models/", "model=fct_mrr&tab=sql");
        assert_eq!(part(&parts, "Page"), Some("Models"));
        assert_eq!(part(&parts, "Days"), None);
        assert_eq!(part(&parts, "Filters"), None);
        assert!(part(&parts, "Choices").is_some_and(|words| words.contains("model fct_mrr")));
        assert_eq!(part(&told("", ""), "Filters"), Some("everyone"));
    }

    #[test]
    fn what_can_not_be_read_is_left_out() {
        let parts = told("churn/", "panel=nothing.sql&plan=nobody");
        assert_eq!(part(&parts, "Open"), None);
        assert_eq!(part(&parts, "Filters"), Some("everyone"));
    }
}
