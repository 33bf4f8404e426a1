//! The URL is the page's global state; nothing else writes a scenario.

use crate::parameters::{PAGE_KEYS, Scenario};

/// The query of a page: the scenario, then what belongs to the page and stood there before.
#[must_use]
pub fn page_query(scenario: &Scenario, current: &str) -> String {
    let kept = form_urlencoded::parse(current.trim_start_matches('?').as_bytes())
        .filter(|(key, _)| PAGE_KEYS.contains(&key.as_ref()));
    let mut page = form_urlencoded::Serializer::new(String::new());
    page.extend_pairs(kept);
    let parts = [scenario.to_query(), page.finish()];
    parts
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

    use super::page_query;
    use crate::parameters::{Notice, Scenario};

    type Write = dyn Fn(&Scenario);

    /// The scenario as the URL holds it.
    #[derive(Clone, Copy)]
    pub(in crate::state) struct UrlState {
        /// The scenario.
        pub(in crate::state) scenario: Signal<Scenario>,
        /// What could not be used.
        pub(in crate::state) notices: Signal<Vec<Notice>>,
        write: StoredValue<Box<Write>, LocalStorage>,
    }

    impl UrlState {
        /// Reads the router's location; must be called below `<Router>`.
        pub(in crate::state) fn new() -> Self {
            let location = use_location();
            let navigate = use_navigate();
            let search = location.search;
            let parsed = Memo::new(move |_| Scenario::from_query(&search.get()));
            let write = move |scenario: &Scenario| {
                let query = page_query(scenario, &location.search.get_untracked());
                let path = location.pathname.get_untracked();
                let separator = if query.is_empty() { "" } else { "?" };
                let options = NavigateOptions {
                    // The path is whole already; resolving it would repeat the base.
                    resolve: false,
                    scroll: false,
                    ..NavigateOptions::default()
                };
                navigate(&format!("{path}{separator}{query}"), options);
            };
            Self {
                scenario: Memo::new(move |_| parsed.get().0).into(),
                notices: Memo::new(move |_| parsed.get().1).into(),
                write: StoredValue::new_local(Box::new(write)),
            }
        }

        /// Writes a scenario; the page's own keys stay.
        pub(in crate::state) fn write(self, scenario: &Scenario) {
            self.write.with_value(|write| write(scenario));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::page_query;
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
}
