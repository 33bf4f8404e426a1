//! Where one can go: the rail, the palette and the shortcuts read it here.

use crate::dashboards::pages::Page;

/// A page of the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Destination {
    /// Its route below the site's root: `""`, `"models/"`.
    pub route: &'static str,
    /// Its name.
    pub name: &'static str,
    /// The word of its name that a phone's bar has room for.
    pub short: &'static str,
    /// The key that opens it after `g`.
    pub key: char,
    /// Other words people look for it by.
    pub also: &'static str,
}

const fn dashboard(page: Page, short: &'static str, key: char, also: &'static str) -> Destination {
    Destination {
        route: page.route(),
        name: page.title(),
        short,
        key,
        also,
    }
}

const fn workbench(
    route: &'static str,
    name: &'static str,
    key: char,
    also: &'static str,
) -> Destination {
    Destination {
        route,
        name,
        short: name,
        key,
        also,
    }
}

/// The six dashboards.
pub const DASHBOARDS: &[Destination] = &[
    dashboard(Page::Executive, "Growth", 'e', "overview home kpi mrr arr"),
    dashboard(
        Page::Retention,
        "Retention",
        'r',
        "cohorts survival lifecycle",
    ),
    dashboard(
        Page::Revenue,
        "Revenue",
        'v',
        "waterfall nrr grr dunning refunds",
    ),
    dashboard(
        Page::Funnel,
        "Funnel",
        'f',
        "conversion attribution experiment",
    ),
    dashboard(
        Page::Adoption,
        "Adoption",
        'a',
        "features stickiness segments rfm",
    ),
    dashboard(Page::Churn, "Churn", 'c', "risk health prediction"),
];

/// The workbench.
pub const WORKBENCH: &[Destination] = &[
    workbench("scenario/", "Scenario", 's', "parameters presets seed run"),
    workbench("lineage/", "Lineage", 'l', "dag graph dbt"),
    workbench(
        "models/",
        "Models",
        'm',
        "sql catalogue edit dbt variables gross margin",
    ),
    workbench("quality/", "Data quality", 'q', "tests dbt"),
    workbench(
        "cards/",
        "Model cards",
        'k',
        "machine learning churn ltv forecast",
    ),
    workbench("truth/", "Truth", 't', "planted estimate verdict"),
    workbench(
        "definitions/",
        "Our definitions",
        'd',
        "metrics glossary formulas worked examples stripe chartmogul posthog",
    ),
];

/// Every page, in the order of the rail.
pub fn all() -> impl Iterator<Item = Destination> {
    DASHBOARDS.iter().chain(WORKBENCH).copied()
}

/// The page at a path below the site's root, with or without its closing slash.
#[must_use]
pub fn at(path: &str) -> Option<Destination> {
    let path = path.trim_matches('/');
    all().find(|page| page.route.trim_matches('/') == path)
}

/// The dashboard at a path below the site's root.
#[must_use]
pub fn dashboard_at(path: &str) -> Option<Page> {
    let path = path.trim_matches('/');
    Page::ALL
        .into_iter()
        .find(|page| page.route().trim_matches('/') == path)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_page_has_a_route_and_a_key_of_its_own() {
        let routes: BTreeSet<&str> = all().map(|page| page.route).collect();
        let keys: BTreeSet<char> = all().map(|page| page.key).collect();
        assert_eq!(routes.len(), all().count());
        assert_eq!(keys.len(), all().count());
    }

    #[test]
    fn a_path_names_its_page() {
        assert_eq!(at("/models").map(|page| page.name), Some("Models"));
        assert_eq!(at("").map(|page| page.name), Some("Executive growth"));
        assert_eq!(at("no/such"), None);
        assert_eq!(dashboard_at("/churn/"), Some(Page::Churn));
        assert_eq!(dashboard_at("scenario/"), None);
    }
}
