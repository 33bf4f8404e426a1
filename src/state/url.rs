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
