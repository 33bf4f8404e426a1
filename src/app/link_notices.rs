//! What a page's own keys hold that cannot be used.

use super::pages;
use crate::components::panel_view::PanelView;
use crate::components::theme::ThemeName;
use crate::dashboards::pages::Page;
use crate::dashboards::{adoption, churn, funnel, retention};
use crate::parameters::{Notice, PAGE_KEYS, Reason, SHARED_KEYS};
use crate::state::filters::{Dimension, FILTER_KEYS};
use crate::state::{MOST_WORKERS, Switches, plain_case};
use crate::workbench::lineage::graph::Reach;
use crate::workbench::names::Names;
use crate::workbench::quality::checks::Verdict;
use crate::workbench::truth::text::VERDICT_KEYS;

/// What a key of a page may hold.
enum Holds {
    /// One of some words.
    Words(Vec<String>),
    /// A number between two.
    Number(f64, f64),
    /// Ids of the page's panels, with commas between.
    Panels(Vec<String>),
    /// A panel's id and what of it is open.
    PanelView(Vec<String>),
    /// Any text.
    Text,
}

/// A key that one page has: what it may hold, and what is used in place of anything else.
struct OwnKey {
    key: &'static str,
    holds: Holds,
    usual: &'static str,
}

/// Notices on the keys of `query` that belong to pages; `path` is below the site's root.
///
/// Scenario, filters and switches report their own keys.
#[must_use]
pub fn link_notices(path: &str, query: &str, names: &Names) -> Vec<Notice> {
    let Some(here) = pages::at(path) else {
        return Vec::new();
    };
    let own = own_keys(here.route, names);
    let mut notices = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    for (key, given) in form_urlencoded::parse(query.trim_start_matches('?').as_bytes()) {
        let key = key.as_ref();
        let is_told_elsewhere =
            FILTER_KEYS.contains(&key) || [Switches::TRUTH, Switches::NOTES].contains(&key);
        if !PAGE_KEYS.contains(&key) || is_told_elsewhere || given.is_empty() {
            continue;
        }
        if seen.iter().any(|other| other == key) {
            notices.push(Notice::new(key, &given, Reason::Repeated, "the first"));
            continue;
        }
        seen.push(key.to_owned());
        let known = own.iter().find(|own| own.key == key);
        match known {
            Some(known) => notices.extend(fault(known, &given)),
            None if SHARED_KEYS.contains(&key) => {}
            None => {
                let pages = pages_with(key, names);
                let reason = Reason::OtherPage { pages };
                notices.push(Notice::new(key, &given, reason, ""));
            }
        }
    }
    notices
}

fn fault(known: &OwnKey, given: &str) -> Option<Notice> {
    let value = plain_case(known.key, given);
    let unreadable = |expected: String, given: &str| {
        let reason = Reason::Unreadable { expected };
        Some(Notice::new(known.key, given, reason, known.usual))
    };
    match &known.holds {
        Holds::Text => None,
        Holds::Words(words) if words.contains(&value) => None,
        Holds::Words(words) => unreadable(one_of(words), given),
        Holds::Number(least, most) => match value.parse::<f64>() {
            Ok(number) if number.is_finite() => {
                let range = format!("{least} to {most}");
                let is_within = (*least..=*most).contains(&number);
                (!is_within).then(|| {
                    Notice::new(known.key, given, Reason::OutOfRange { range }, known.usual)
                })
            }
            _ => unreadable("a number".to_owned(), given),
        },
        Holds::Panels(panels) => {
            let ids = value.split(',').filter(|id| !id.is_empty());
            let unknown: Vec<&str> = ids
                .filter(|id| panels.iter().all(|panel| panel != id))
                .collect();
            if unknown.is_empty() {
                return None;
            }
            unreadable("a panel of this page".to_owned(), &unknown.join(", "))
        }
        Holds::PanelView(panels) => {
            let is_known = |panel: &String| PanelView::of_panel(panel, &value).is_some();
            if panels.iter().any(is_known) {
                return None;
            }
            unreadable("a panel of this page".to_owned(), given)
        }
    }
}

/// A list of words for a sentence; a long one is not written out.
fn one_of(words: &[String]) -> String {
    const MOST_NAMED: usize = 12;
    if words.len() > MOST_NAMED {
        "a name of this project".to_owned()
    } else {
        format!("one of {}", words.join(", "))
    }
}

/// The pages that have a key, by name.
fn pages_with(key: &str, names: &Names) -> String {
    let having: Vec<&str> = pages::all()
        .filter(|page| own_keys(page.route, names).iter().any(|own| own.key == key))
        .map(|page| page.name)
        .collect();
    if having.is_empty() {
        "another page".to_owned()
    } else {
        having.join(", ")
    }
}

fn own_keys(route: &str, names: &Names) -> Vec<OwnKey> {
    let words = |key: &'static str, words: &[&str], usual: &'static str| OwnKey {
        key,
        holds: Holds::Words(words.iter().map(|word| (*word).to_owned()).collect()),
        usual,
    };
    let names_of = |key: &'static str, known: &std::collections::BTreeSet<String>, usual| OwnKey {
        key,
        holds: Holds::Words(known.iter().cloned().collect()),
        usual,
    };
    let number = |key: &'static str, least: f64, most: f64, usual: &'static str| OwnKey {
        key,
        holds: Holds::Number(least, most),
        usual,
    };
    let text = |key: &'static str| OwnKey {
        key,
        holds: Holds::Text,
        usual: "",
    };
    let themes = [ThemeName::Light.key(), ThemeName::Dark.key()];
    let mut keys = vec![
        words("theme", &themes, "the theme chosen before or the system’s"),
        number(
            "workers",
            1.0,
            MOST_WORKERS as f64,
            "the machine’s own number",
        ),
    ];
    let dimensions = Dimension::ALL.map(Dimension::key);
    if let Some(page) = Page::ALL.into_iter().find(|page| page.route() == route) {
        let panels: Vec<String> = page
            .panels()
            .iter()
            .map(|spec| spec.id.to_owned())
            .collect();
        keys.push(OwnKey {
            key: "panel",
            holds: Holds::PanelView(panels.clone()),
            usual: "the page itself",
        });
        keys.push(OwnKey {
            key: "table",
            holds: Holds::Panels(panels),
            usual: "the chart",
        });
    }
    match route {
        "retention/" => {
            use retention::options::{Grain, Mode, RetentionOptions, Revenue};
            let usual = RetentionOptions::default();
            keys.push(words(
                "grain",
                &Grain::ALL.map(Grain::key),
                usual.grain.key(),
            ));
            keys.push(words("mode", &Mode::ALL.map(Mode::key), usual.mode.key()));
            keys.push(words("by", &dimensions, usual.by.key()));
            let revenues = Revenue::ALL.map(Revenue::key);
            keys.push(words("revenue", &revenues, usual.revenue.key()));
        }
        "funnel/" => {
            use funnel::options::{FunnelOptions, Step, WINDOWS};
            let usual = FunnelOptions::default();
            let windows = WINDOWS.map(|days| days.to_string());
            keys.push(OwnKey {
                key: "window",
                holds: Holds::Words(windows.to_vec()),
                usual: "the usual window",
            });
            keys.push(words("by", &dimensions, usual.by.key()));
            let steps = Step::AFTER_SIGNUP.map(Step::key);
            keys.push(words("step", &steps, usual.step.key()));
        }
        "adoption/" => {
            use adoption::options::{Curve, GROUPS, WINDOWS};
            let curves = Curve::ALL.map(Curve::key);
            keys.push(words("curve", &curves, Curve::default().key()));
            keys.push(words("by", &GROUPS.map(Dimension::key), "segment"));
            let windows = WINDOWS.map(|days| days.to_string());
            keys.push(OwnKey {
                key: "within",
                holds: Holds::Words(windows.to_vec()),
                usual: "30",
            });
        }
        "churn/" => {
            let most = churn::options::MOST_DOLLARS;
            keys.push(number("threshold", 1.0, 99.0, "20"));
            keys.push(number("cost", 0.0, most, "50"));
            keys.push(number("save", 0.0, 100.0, "20"));
            keys.push(number("value", 0.0, most, "what leavers pay in a year"));
        }
        "lineage/" => {
            let hops = Reach::CHOICES.map(|(_, key, _)| key);
            keys.push(names_of("model", &names.nodes, "the usual table"));
            keys.push(words("hops", &hops, Reach::default().key()));
        }
        "models/" => {
            keys.push(names_of("model", &names.models, "the list of models"));
            keys.push(words(
                "tab",
                &["columns", "sql", "compiled", "rows", "tests"],
                "columns",
            ));
            keys.push(text("find"));
        }
        "quality/" => {
            let verdicts = Verdict::ALL.map(Verdict::word);
            keys.push(words("verdict", &verdicts, "every verdict"));
            keys.push(names_of("kind", &names.kinds, "every kind"));
            keys.push(names_of("layer", &names.layers, "every layer"));
            keys.push(names_of("test", &names.tests, "no open test"));
            keys.push(text("find"));
        }
        "truth/" => keys.push(words("judged", &VERDICT_KEYS, "all")),
        "definitions/" => keys.push(names_of("metric", &names.metrics, "the whole page")),
        _ => {}
    }
    keys
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::parameters::Scenario;
    use crate::state::filters::Filters;

    fn names() -> Names {
        let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Names {
            models: set(&["fct_mrr"]),
            nodes: set(&["fct_mrr", "users"]),
            tests: set(&["unique_fct_mrr"]),
            kinds: set(&["unique"]),
            layers: set(&["marts"]),
            metrics: set(&["mrr"]),
        }
    }

    fn told(path: &str, query: &str) -> Vec<String> {
        let notices = link_notices(path, query, &names());
        notices.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_bad_value_is_told_with_what_is_used() {
        let cases = [
            (
                "",
                "theme=purple",
                "theme = “purple” is not one of light, dark; shown now: the theme chosen before or the system’s.",
            ),
            (
                "",
                "panel=zzz",
                "panel = “zzz” is not a panel of this page; shown now: the page itself.",
            ),
            (
                "",
                "table=signups,zzz",
                "table = “zzz” is not a panel of this page; shown now: the chart.",
            ),
            (
                "models/",
                "model=fct_nothing",
                "model = “fct_nothing” is not one of fct_mrr; shown now: the list of models.",
            ),
            (
                "models/",
                "tab=zzz",
                "tab = “zzz” is not one of columns, sql, compiled, rows, tests; shown now: columns.",
            ),
            (
                "churn/",
                "threshold=120",
                "threshold = 120 lies outside 1 to 99; shown now: 20.",
            ),
            (
                "revenue/",
                "tab=sql",
                "“tab” belongs to Models; it was left out on this page.",
            ),
            (
                "retention/",
                "grain=week&grain=month",
                "“grain” is given more than once in the link; the first was used and “month” left out.",
            ),
        ];
        for (path, query, expected) in cases {
            assert_eq!(told(path, query), [expected], "{path}?{query}");
        }
    }

    #[test]
    fn good_values_pass_in_whatever_case() {
        for (path, query) in [
            ("", "theme=DARK&panel=Signups&table=MRR,signups"),
            ("", "panel=signups.rows.US"),
            ("retention/", "grain=Week&mode=N-Day&by=Plan&revenue=GROSS"),
            ("funnel/", "window=7&step=Paid&truth=shown"),
            ("adoption/", "within=90&by=size"),
            ("models/", "model=FCT_MRR&tab=SQL&find=X&plan=starter"),
            ("lineage/", "model=users&hops=ALL"),
            (
                "quality/",
                "verdict=Failed&kind=unique&layer=marts&test=unique_fct_mrr",
            ),
            ("truth/", "judged=Biased"),
            ("definitions/", "metric=MRR"),
            ("nowhere/", "tab=x"),
        ] {
            assert_eq!(told(path, query), Vec::<String>::new(), "{path}?{query}");
        }
    }

    #[test]
    fn every_page_key_belongs_somewhere() {
        let names = names();
        for key in PAGE_KEYS {
            let has_page = pages::all().any(|page| {
                own_keys(page.route, &names)
                    .iter()
                    .any(|own| own.key == *key)
            });
            assert!(has_page || SHARED_KEYS.contains(key), "{key}");
        }
    }

    proptest! {
        #[test]
        fn no_link_panics(
            pairs in proptest::collection::vec((0..PAGE_KEYS.len() + 2, ".{0,40}"), 0..8),
            raw in ".{0,80}",
            page in 0..13_usize,
        ) {
            let mut query = form_urlencoded::Serializer::new(String::new());
            for (key, value) in &pairs {
                let key = PAGE_KEYS.get(*key).copied().unwrap_or("preset");
                query.append_pair(key, value);
            }
            let path = pages::all().nth(page).map_or("", |page| page.route);
            for query in [query.finish(), raw] {
                let (scenario, told) = Scenario::from_query(&query);
                let (filters, of_filters) =
                    Filters::from_query(&query, scenario.starts_on(), scenario.as_of());
                let (_, of_switches) = Switches::from_query(&query);
                let of_page = link_notices(path, &query, &names());
                prop_assert!(filters.from <= filters.to);
                for notice in told.iter().chain(&of_filters).chain(&of_switches).chain(&of_page) {
                    prop_assert!(notice.to_string().chars().all(|letter| !letter.is_control()));
                }
            }
        }
    }
}
