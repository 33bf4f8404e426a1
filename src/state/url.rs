//! The URL is the page's global state; nothing else writes a scenario.

use crate::parameters::{PAGE_KEYS, SHARED_KEYS, Scenario};

/// The query of a page: the scenario, then what belongs to the page and stood there before.
#[must_use]
pub fn page_query(scenario: &Scenario, current: &str) -> String {
    let kept = form_urlencoded::parse(current.trim_start_matches('?').as_bytes())
        .filter(|(key, _)| PAGE_KEYS.contains(&key.as_ref()));
    let mut page = form_urlencoded::Serializer::new(String::new());
    page.extend_pairs(kept);
    joined(&scenario.to_query(), &page.finish())
}

/// The query of a page with some of its own keys set (or, with `None`, taken away); what else it
/// held stays.
#[must_use]
pub fn with_page_keys(
    scenario: &Scenario,
    current: &str,
    changes: &[(&str, Option<String>)],
) -> String {
    let kept =
        form_urlencoded::parse(current.trim_start_matches('?').as_bytes()).filter(|(key, _)| {
            PAGE_KEYS.contains(&key.as_ref()) && changes.iter().all(|(changed, _)| changed != key)
        });
    let set = changes
        .iter()
        .filter_map(|(key, value)| Some((*key, value.as_deref()?)));
    let mut page = form_urlencoded::Serializer::new(String::new());
    page.extend_pairs(kept).extend_pairs(set);
    joined(&scenario.to_query(), &page.finish())
}

/// A page's own key in a query, its words in lower case.
#[must_use]
pub fn page_key(query: &str, key: &str) -> Option<String> {
    form_urlencoded::parse(query.trim_start_matches('?').as_bytes())
        .find(|(name, value)| name == key && !value.is_empty())
        .map(|(_, value)| plain_case(key, &value))
}

/// A value as the pages read it: in lower case, like every word of a link. What is searched for
/// stays as it was typed, and so does the mark behind a panel's name.
#[must_use]
pub fn plain_case(key: &str, value: &str) -> String {
    match key {
        "find" => value.to_owned(),
        "panel" => match value.split_once('.') {
            Some((panel, mark)) => format!("{}.{mark}", panel.to_lowercase()),
            None => value.trim().to_lowercase(),
        },
        _ => value.trim().to_lowercase(),
    }
}

/// The query that goes along to another page: without the keys that are this page's own.
#[must_use]
pub fn query_for_another_page(query: &str) -> String {
    let pairs =
        form_urlencoded::parse(query.trim_start_matches('?').as_bytes()).filter(|(key, _)| {
            let key = key.as_ref();
            !PAGE_KEYS.contains(&key) || SHARED_KEYS.contains(&key)
        });
    let mut kept = form_urlencoded::Serializer::new(String::new());
    kept.extend_pairs(pairs);
    kept.finish().replace("%2C", ",")
}

fn joined(scenario: &str, page: &str) -> String {
    // A comma needs no escape in a query, and lists read better without one.
    let page = page.replace("%2C", ",");
    [scenario, page.as_str()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("&")
}

#[cfg(target_arch = "wasm32")]
pub(super) use browser::UrlState;

#[cfg(target_arch = "wasm32")]
mod browser {
    use leptos::prelude::*;
    use leptos_router::NavigateOptions;
    use leptos_router::hooks::{use_location, use_navigate};

    use super::{page_key, page_query, with_page_keys};
    use crate::parameters::{Notice, Scenario};
    use crate::state::Switches;
    use crate::state::filters::{FILTER_KEYS, Filters};

    type Write = dyn Fn(&str, bool);

    /// The scenario as the URL holds it.
    #[derive(Clone, Copy)]
    pub(in crate::state) struct UrlState {
        /// The scenario.
        pub(in crate::state) scenario: Signal<Scenario>,
        /// What could not be used.
        pub(in crate::state) notices: Signal<Vec<Notice>>,
        /// What the page's figures are limited to.
        pub(in crate::state) filters: Signal<Filters>,
        /// What the dashboards show besides.
        pub(in crate::state) switches: Signal<Switches>,
        search: Memo<String>,
        write: StoredValue<Box<Write>, LocalStorage>,
    }

    impl UrlState {
        /// Reads the router's location; must be called below `<Router>`.
        pub(in crate::state) fn new() -> Self {
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
        pub(in crate::state) fn write_filters(self, filters: &Filters) {
            let mut changes: Vec<(&str, Option<String>)> =
                FILTER_KEYS.iter().map(|key| (*key, None)).collect();
            for (key, value) in filters.to_pairs() {
                changes.retain(|(other, _)| *other != key);
                changes.push((key, Some(value)));
            }
            self.write_keys(&changes, false);
        }

        /// Writes keys of the page; `replace` leaves no step to go back to.
        pub(in crate::state) fn write_keys(
            self,
            changes: &[(&str, Option<String>)],
            replace: bool,
        ) {
            let current = self.search.get_untracked();
            let scenario = self.scenario.get_untracked();
            let query = with_page_keys(&scenario, &current, changes);
            if query != current.trim_start_matches('?') {
                self.write.with_value(|write| write(&query, replace));
            }
        }

        /// A key of the page, as it changes.
        pub(in crate::state) fn key(self, key: &'static str) -> Memo<Option<String>> {
            Memo::new(move |_| page_key(&self.search.get(), key))
        }

        /// Puts a scenario in the place of the link's, without a step to go back from.
        pub(in crate::state) fn write_back(self, scenario: &Scenario) {
            let query = page_query(scenario, &self.search.get_untracked());
            self.write.with_value(|write| write(&query, true));
        }

        /// Writes a scenario; the page's own keys stay.
        pub(in crate::state) fn write(self, scenario: &Scenario) {
            let query = page_query(scenario, &self.search.get_untracked());
            self.write.with_value(|write| write(&query, false));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{page_key, page_query, query_for_another_page, with_page_keys};
    use crate::parameters::{Parameter, Scenario};

    #[test]
    fn page_keys_survive_a_new_scenario() {
        let scenario = Scenario::default().with(Parameter::Seed, 7);
        assert_eq!(
            page_query(&scenario, "?churn=9&theme=dark"),
            "seed=7&theme=dark"
        );
        assert_eq!(page_query(&Scenario::default(), "seed=7"), "");
    }

    #[test]
    fn shared_keys_alone_go_along_to_another_page() {
        let query = "?preset=tiny&plan=starter,free&tab=sql&model=x&panel=mrr&theme=dark&window=7";
        assert_eq!(
            query_for_another_page(query),
            "preset=tiny&plan=starter,free&theme=dark"
        );
    }

    #[test]
    fn words_of_a_link_are_read_in_whatever_case() {
        assert_eq!(page_key("tab=SQL", "tab").as_deref(), Some("sql"));
        assert_eq!(page_key("find=Ab", "find").as_deref(), Some("Ab"));
        let panel = page_key("panel=Signups.rows.US", "panel");
        assert_eq!(panel.as_deref(), Some("signups.rows.US"));
    }

    #[test]
    fn keys_are_set_and_taken_away_one_by_one() {
        let scenario = Scenario::default().with(Parameter::Seed, 7);
        let current = "?seed=7&plan=starter%2Centerprise&panel=mrr";
        let query = with_page_keys(&scenario, current, &[("panel", None)]);
        assert_eq!(query, "seed=7&plan=starter,enterprise");
        let changes = [("panel", Some("a & b".to_owned())), ("plan", None)];
        let query = with_page_keys(&scenario, current, &changes);
        assert_eq!(page_key(&query, "panel").as_deref(), Some("a & b"));
        assert_eq!(page_key(&query, "plan"), None);
    }
}
