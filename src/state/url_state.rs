//! What the URL says as signals, and the one way to write it.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};

use super::filters::{FILTER_KEYS, Filters};
use super::switches::Switches;
use super::url::{page_key, page_query, with_page_keys};
use crate::parameters::{Notice, Scenario};

type Write = dyn Fn(&str, bool);

/// The scenario as the URL holds it.
#[derive(Clone, Copy)]
pub(super) struct UrlState {
    /// The scenario.
    pub(super) scenario: Signal<Scenario>,
    /// What could not be used.
    pub(super) notices: Signal<Vec<Notice>>,
    /// What the page's figures are limited to.
    pub(super) filters: Signal<Filters>,
    /// What the dashboards show besides.
    pub(super) switches: Signal<Switches>,
    search: Memo<String>,
    write: StoredValue<Box<Write>, LocalStorage>,
}

impl UrlState {
    /// Reads the router's location; must be called below `<Router>`.
    pub(super) fn new() -> Self {
        let location = use_location();
        let navigate = use_navigate();
        let search = location.search;
        let parsed = Memo::new(move |_| Scenario::from_query(&search.get()));
        let filtered = Memo::new(move |_| {
            parsed.with(|(scenario, _)| {
                Filters::from_query(&search.get(), scenario.starts_on(), scenario.as_of())
            })
        });
        let switched = Memo::new(move |_| Switches::from_query(&search.get()));
        let write = move |query: &str, replace: bool| {
            let path = location.pathname.get_untracked();
            let separator = if query.is_empty() { "" } else { "?" };
            let options = NavigateOptions {
                // The path is whole already; resolving it would repeat the base.
                resolve: false,
                scroll: false,
                replace,
                ..NavigateOptions::default()
            };
            navigate(&format!("{path}{separator}{query}"), options);
        };
        Self {
            scenario: Memo::new(move |_| parsed.get().0).into(),
            notices: Memo::new(move |_| {
                let mut notices = parsed.get().1;
                notices.extend(filtered.get().1);
                notices.extend(switched.get().1);
                notices
            })
            .into(),
            filters: Memo::new(move |_| filtered.get().0).into(),
            switches: Memo::new(move |_| switched.get().0).into(),
            search,
            write: StoredValue::new_local(Box::new(write)),
        }
    }

    /// Writes filters; the scenario and the page's other keys stay.
    pub(super) fn write_filters(self, filters: &Filters) {
        let mut changes: Vec<(&str, Option<String>)> =
            FILTER_KEYS.iter().map(|key| (*key, None)).collect();
        for (key, value) in filters.to_pairs() {
            changes.retain(|(other, _)| *other != key);
            changes.push((key, Some(value)));
        }
        self.write_keys(&changes, false);
    }

    /// Writes keys of the page; `replace` leaves no step to go back to.
    pub(super) fn write_keys(self, changes: &[(&str, Option<String>)], replace: bool) {
        let current = self.search.get_untracked();
        let scenario = self.scenario.get_untracked();
        let query = with_page_keys(&scenario, &current, changes);
        if query != current.trim_start_matches('?') {
            self.write.with_value(|write| write(&query, replace));
        }
    }

    /// A key of the page, as it changes.
    pub(super) fn key(self, key: &'static str) -> Memo<Option<String>> {
        Memo::new(move |_| page_key(&self.search.get(), key))
    }

    /// Puts a scenario in the place of the link's, without a step to go back from.
    pub(super) fn write_back(self, scenario: &Scenario) {
        let query = page_query(scenario, &self.search.get_untracked());
        self.write.with_value(|write| write(&query, true));
    }

    /// Writes a scenario; the page's own keys stay.
    pub(super) fn write(self, scenario: &Scenario) {
        let query = page_query(scenario, &self.search.get_untracked());
        self.write.with_value(|write| write(&query, false));
    }
}
