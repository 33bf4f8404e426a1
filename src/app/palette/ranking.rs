//! Which entries a few typed letters mean, best first.
//!
//! Letters are matched by `code-fuzzy-match` (decision 0101). Here it is only decided what a word
//! is matched against and from which score on it counts.

use code_fuzzy_match::FuzzyMatcher;

use super::entries::Entry;

/// More lines than this are not useful.
pub const MOST: usize = 50;

/// A word must reach this share of what it would score if its letters stood together: without it,
/// five letters are found in any long enough text.
const LEAST_SHARE: f64 = 0.45;

/// Finding a word whole in the name counts more than in what stands around it; letters scattered
/// over the name do not.
const NAME_WEIGHT: usize = 3;

/// Positions of the entries that hold every word of `query`, in whatever order, best first; what
/// is listed before anything is typed for an empty one.
#[must_use]
pub fn ranked(entries: &[Entry], query: &str) -> Vec<usize> {
    let words: Vec<&str> = query.split_whitespace().collect();
    if words.is_empty() {
        let first = entries.iter().enumerate();
        return first
            .filter(|(_, entry)| entry.is_first)
            .map(|(index, _)| index)
            .collect();
    }
    let mut matcher = FuzzyMatcher::new();
    let mut found: Vec<(usize, usize)> = entries
        .iter()
        .enumerate()
        .filter_map(|(index, entry)| Some((score(&mut matcher, entry, &words)?, index)))
        .collect();
    // Of equals, what stands first: it is nearest to the page one is on.
    found.sort_by_key(|(score, index)| (std::cmp::Reverse(*score), *index));
    found
        .into_iter()
        .take(MOST)
        .map(|(_, index)| index)
        .collect()
}

fn score(matcher: &mut FuzzyMatcher, entry: &Entry, words: &[&str]) -> Option<usize> {
    let around = format!("{} {}", entry.hint, entry.also).to_lowercase();
    let of_words = words.iter().map(|word| {
        let in_name = name_score(matcher, &entry.name, word);
        // Hidden words must match exactly: otherwise the reader could not see why it was found.
        let is_around = around.contains(&word.to_lowercase());
        in_name.max(is_around.then(|| together(word)))
    });
    let total = of_words.sum::<Option<usize>>()?;
    // A name that is little more than what was typed is what was meant.
    let typed: usize = words.iter().map(|word| word.chars().count()).sum();
    let closeness = 20 * typed / entry.name.chars().count().max(typed);
    Some(total + closeness)
}

fn name_score(matcher: &mut FuzzyMatcher, name: &str, word: &str) -> Option<usize> {
    let score = matcher.fuzzy_match(name, word)?;
    let is_whole = name.to_lowercase().contains(&word.to_lowercase());
    let weight = if is_whole { NAME_WEIGHT } else { 1 };
    (score as f64 >= LEAST_SHARE * together(word) as f64).then_some(score * weight)
}

/// What the matcher gives letters that stand together, five more for each before.
fn together(word: &str) -> usize {
    let letters = word.chars().count();
    2 * letters + 5 * letters * letters.saturating_sub(1) / 2
}

#[cfg(test)]
mod tests {
    use super::super::entries::{Here, entries};
    use super::*;
    use crate::dashboards::pages::Page;
    use crate::parameters::Scenario;
    use crate::state::filters::Filters;

    fn found(query: &str) -> Vec<String> {
        let scenario = Scenario::default();
        let filters = Filters::new(scenario.starts_on(), scenario.as_of());
        let list = entries(&Here {
            dashboard: Some(Page::Executive),
            filters: &filters,
            scenario: &scenario,
            is_truth_shown: false,
        });
        ranked(&list, query)
            .into_iter()
            .map(|index| list[index].name.clone())
            .collect()
    }

    #[test]
    fn what_is_meant_comes_first() {
        for (query, expected) in [
            ("churn", "Churn early warning"),
            ("ret", "Retention intelligence"),
            ("dark", "Dark theme"),
            ("germ", "Country: Germany"),
            ("starter", "Plan: Starter"),
            ("leaky", "Leaky bucket"),
            ("cohorts", "Do people come back?"),
            ("csv moved", "Export CSV: What moved it?"),
            ("moved csv", "Export CSV: What moved it?"),
            (
                "png refunds",
                "Export PNG: How much is refunded or disputed?",
            ),
            ("last 90", "Last 90 days"),
            ("share", "Share this page"),
            ("print", "Print this page"),
            ("dag", "Lineage"),
        ] {
            assert_eq!(
                found(query).first().map(String::as_str),
                Some(expected),
                "{query}"
            );
        }
    }

    #[test]
    fn letters_that_lie_about_are_no_match() {
        assert_eq!(found("zzz"), Vec::<String>::new());
        assert_eq!(found("quarterly"), Vec::<String>::new());
        assert_eq!(found("germany"), ["Country: Germany"]);
    }

    #[test]
    fn nothing_typed_lists_what_is_near() {
        let names = found("  ");
        assert!(names.contains(&"What moved it?".to_owned()));
        assert!(names.contains(&"Truth".to_owned()));
        assert!(!names.contains(&"Plan: Starter".to_owned()));
    }
}
