//! Sums and results as readers see them.

use crate::components::format::{THIN_SPACE, count};
use crate::transformation::ResultUnit;

/// A sum with the field's signs: `50 + 1,200 ÷ 12`.
#[must_use]
pub fn sum(text: &str) -> String {
    let mut shown = String::new();
    let mut digits = String::new();
    for letter in text.chars().chain([' ']) {
        if letter.is_ascii_digit() || letter == '.' {
            digits.push(letter);
            continue;
        }
        shown.push_str(&grouped(&digits));
        digits.clear();
        shown.push(match letter {
            '*' => '×',
            '/' => '÷',
            '-' => '−',
            other => other,
        });
    }
    shown.trim_end().to_owned()
}

/// A decision's record as a reader sees it: `0021, “The MRR of a month is its end”`.
#[must_use]
pub fn decision(record: &str) -> String {
    match record.split_once(' ') {
        Some((number, title)) => format!("{number}, “{title}”"),
        None => record.to_owned(),
    }
}

/// A number with commas between thousands; fractions stay as they are.
fn grouped(digits: &str) -> String {
    digits
        .parse::<u64>()
        .map_or_else(|_| digits.to_owned(), count)
}

/// A result with its unit: `$150`, `44.4%`, `2.2`.
#[must_use]
pub fn result(value: f64, unit: ResultUnit) -> String {
    let number = if value.fract() == 0.0 {
        grouped(&format!("{value:.0}"))
    } else {
        format!("{value:.1}")
    };
    match unit {
        ResultUnit::Usd => format!("${number}"),
        ResultUnit::Percent => format!("{number}%"),
        ResultUnit::Points => format!("{number}{THIN_SPACE}pp"),
        ResultUnit::Months => format!("{number} months"),
        ResultUnit::Number => number,
    }
}

#[cfg(test)]
mod tests {
    use minijinja::Environment;
    use minijinja::value::Value;

    use super::*;
    use crate::components::panel_text::plain_words;
    use crate::transformation::Manifest;

    #[test]
    fn sums_and_results_read_as_in_a_book() {
        assert_eq!(sum("50 + 1200 / 12"), "50 + 1,200 ÷ 12");
        assert_eq!(sum("0.4 * (100 - 10)"), "0.4 × (100 − 10)");
        assert_eq!(result(1330.0, ResultUnit::Usd), "$1,330");
        assert_eq!(result(44.4, ResultUnit::Percent), "44.4%");
        assert_eq!(result(4.5, ResultUnit::Points), "4.5\u{202f}pp");
        assert_eq!(result(2.2, ResultUnit::Number), "2.2");
        assert_eq!(decision("0024 Quick ratio"), "0024, “Quick ratio”");
        assert_eq!(result(16.0, ResultUnit::Months), "16 months");
    }

    /// What another program makes of a sum, rounded as the page rounds.
    fn reckoned(sum: &str) -> f64 {
        let environment = Environment::new();
        let value: Value = environment
            .compile_expression(sum)
            .unwrap()
            .eval(())
            .unwrap();
        let value = f64::try_from(value).unwrap();
        (value * 10.0).round() / 10.0
    }

    #[test]
    fn every_sum_gives_its_result() {
        let manifest = Manifest::embedded().unwrap();
        assert!(manifest.definitions.len() > 10);
        for definition in &manifest.definitions {
            let is_equal = |sum: &str, result: f64| (reckoned(sum) - result).abs() < 1e-9;
            assert!(
                is_equal(&definition.sum, definition.result),
                "{}: {} is not {}",
                definition.id,
                definition.sum,
                definition.result
            );
            for other in &definition.others {
                assert_eq!(
                    other.sum.is_empty(),
                    other.result.is_none(),
                    "{}",
                    other.who
                );
                if let Some(result) = other.result {
                    assert!(
                        is_equal(&other.sum, result),
                        "{}: {}",
                        definition.id,
                        other.who
                    );
                }
            }
        }
    }

    /// A record's number and title, as a reader should see them: `0021 The MRR of a month is its end`.
    fn records() -> Vec<String> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/decisions");
        let files = std::fs::read_dir(folder).unwrap().flatten();
        files
            .filter_map(|file| {
                let name = file.file_name().into_string().ok()?;
                let text = std::fs::read_to_string(file.path()).ok()?;
                let number = name.get(..4)?;
                let heading = text.lines().next()?.trim_start_matches(['#', ' ']);
                let title = heading.trim_start_matches(|letter: char| letter.is_ascii_digit());
                Some(format!(
                    "{number} {}",
                    title.trim_start_matches(['.', ':', ' '])
                ))
            })
            .collect()
    }

    #[test]
    fn every_decision_is_written_down() {
        let records = records();
        for definition in &Manifest::embedded().unwrap().definitions {
            assert!(
                records.contains(&definition.decision),
                "{}: {}",
                definition.id,
                definition.decision
            );
        }
    }

    /// "MRR churn rate" showed the text of a flag, and "Customer churn rate" none.
    #[test]
    fn every_definition_is_worded_by_a_block_of_its_own() {
        let manifest = Manifest::embedded().unwrap();
        let mut seen = std::collections::BTreeSet::new();
        for definition in &manifest.definitions {
            let id = &definition.id;
            let first = definition
                .docs
                .first()
                .unwrap_or_else(|| panic!("{id}: no doc"));
            let text = manifest.docs.get(first);
            let text = text.unwrap_or_else(|| panic!("{id}: {first} is no doc block"));
            assert!(text.trim().len() > 40, "{id}: {first} says nothing");
            assert!(
                seen.insert(first.clone()),
                "{id}: {first} words two metrics"
            );
            // A record's title may hold what the block does not say.
            let text = plain_words(text).to_lowercase();
            let name = definition.name.to_lowercase();
            let mut words = name.split(|letter: char| !letter.is_alphabetic());
            let is_about = words.any(|word| word.len() > 2 && word != "and" && text.contains(word));
            assert!(
                is_about,
                "{id}: {first} names nothing of “{}”",
                definition.name
            );
        }
    }

    /// Readers of the site have no folder of records: they see numbers and titles.
    #[test]
    fn no_text_of_the_project_shows_a_path_of_the_repository() {
        let manifest = Manifest::embedded().unwrap();
        let records = records();
        let mut texts: Vec<String> = manifest.docs.values().cloned().collect();
        for model in &manifest.models {
            texts.push(model.description.clone());
            texts.push(model.raw_sql.clone());
            texts.extend(
                model
                    .columns
                    .iter()
                    .map(|column| column.description.clone()),
            );
        }
        texts.extend(
            manifest
                .sources
                .iter()
                .map(|source| source.description.clone()),
        );
        texts.extend(manifest.tests.iter().map(|test| test.description.clone()));
        for text in texts {
            assert!(!text.contains("docs/"), "{text}");
            for named in text
                .split("decision ")
                .skip(1)
                .filter(|named| named.contains('“'))
            {
                let number: String = named.chars().take(4).collect();
                let title = named.split(['“', '”']).nth(1).unwrap_or_default();
                let record = format!("{number} {title}");
                assert!(records.contains(&record), "{record}");
            }
        }
    }
}
