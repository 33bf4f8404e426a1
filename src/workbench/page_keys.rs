//! What a workbench page shows, as keys of the link.

use crate::state::plain_case;
#[cfg(target_arch = "wasm32")]
use crate::state::query_for_another_page;

/// The query `search` with some keys changed; an empty value takes a key away.
#[must_use]
pub fn with_keys(search: &str, changes: &[(&str, &str)]) -> String {
    let search = search.trim_start_matches('?');
    let kept = form_urlencoded::parse(search.as_bytes())
        .filter(|(key, _)| !changes.iter().any(|(changed, _)| changed == key));
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(kept);
    query.extend_pairs(changes.iter().filter(|(_, value)| !value.is_empty()));
    query.finish()
}

/// The value of a key; empty when it is not there.
#[must_use]
pub fn key_of(search: &str, key: &str) -> String {
    let search = search.trim_start_matches('?');
    form_urlencoded::parse(search.as_bytes())
        .find(|(name, _)| name == key)
        .map_or_else(String::new, |(_, value)| plain_case(key, &value))
}

#[cfg(target_arch = "wasm32")]
pub use browser::{PageKeys, use_page_keys};

#[cfg(target_arch = "wasm32")]
mod browser {
    use leptos::prelude::*;
    use leptos_router::NavigateOptions;
    use leptos_router::hooks::{use_location, use_navigate};

    use super::{key_of, query_for_another_page, with_keys};
    use crate::components::browser::site_path;

    type Go = dyn Fn(&str, bool);

    /// Reads and writes the link's keys; copied freely.
    #[derive(Clone, Copy)]
    pub struct PageKeys {
        search: Memo<String>,
        pathname: Memo<String>,
        site: StoredValue<String>,
        go: StoredValue<Box<Go>, LocalStorage>,
    }

    /// The link's keys; must be called below `<Router>`.
    pub fn use_page_keys() -> PageKeys {
        let location = use_location();
        let navigate = use_navigate();
        let go = move |address: &str, replace: bool| {
            let options = NavigateOptions {
                // The address is whole already; resolving it would repeat the base.
                resolve: false,
                scroll: false,
                replace,
                ..NavigateOptions::default()
            };
            navigate(address, options);
        };
        PageKeys {
            search: location.search,
            pathname: location.pathname,
            site: StoredValue::new(site_path()),
            go: StoredValue::new_local(Box::new(go)),
        }
    }

    impl PageKeys {
        /// The value of a key, followed; empty when it is not there.
        pub fn memo(self, key: &'static str) -> Memo<String> {
            Memo::new(move |_| self.search.with(|search| key_of(search, key)))
        }

        /// The address of a route (`""`, `"models/"`) with this link's keys, some changed; keys that
        /// are this page's own don't go along to another one.
        pub fn href(self, route: &str, changes: &[(&str, &str)]) -> String {
            let site = self.site.get_value();
            let here = self.pathname.get();
            let here = here.strip_prefix(&site).unwrap_or(&here);
            let is_here = here.trim_matches('/') == route.trim_matches('/');
            let query = self.search.with(|search| {
                if is_here {
                    with_keys(search, changes)
                } else {
                    with_keys(&query_for_another_page(search), changes)
                }
            });
            let separator = if query.is_empty() { "" } else { "?" };
            format!("{site}/{route}{separator}{query}")
        }

        /// Changes keys of this page; a new entry of the history.
        pub fn set(self, changes: &[(&str, &str)]) {
            self.write(changes, false);
        }

        /// Changes keys in place, for what is typed.
        pub fn replace(self, changes: &[(&str, &str)]) {
            self.write(changes, true);
        }

        /// Goes to another route with this link's keys, some changed.
        pub fn open(self, route: &str, changes: &[(&str, &str)]) {
            let address = untrack(|| self.href(route, changes));
            self.go.with_value(|go| go(&address, false));
        }

        fn write(self, changes: &[(&str, &str)], replace: bool) {
            let query = with_keys(&self.search.get_untracked(), changes);
            let separator = if query.is_empty() { "" } else { "?" };
            let path = self.pathname.get_untracked();
            let address = format!("{path}{separator}{query}");
            self.go.with_value(|go| go(&address, replace));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{key_of, with_keys};

    #[test]
    fn keys_are_changed_and_the_rest_is_kept() {
        let search = "?preset=tiny&model=a&theme=dark";
        assert_eq!(
            with_keys(search, &[("model", "b c")]),
            "preset=tiny&theme=dark&model=b+c"
        );
        assert_eq!(
            with_keys(search, &[("model", ""), ("theme", "")]),
            "preset=tiny"
        );
        assert_eq!(key_of(search, "model"), "a");
        assert_eq!(key_of(search, "hops"), "");
    }
}
