//! Sums and results as readers see them.

use crate::components::format::count;
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
        ResultUnit::Months => format!("{number} months"),
        ResultUnit::Number => number,
    }
}

#[cfg(test)]
mod tests {
    use minijinja::Environment;
    use minijinja::value::Value;

    use super::*;
    use crate::transformation::Manifest;

    #[test]
    fn sums_and_results_read_as_in_a_book() {
        assert_eq!(sum("50 + 1200 / 12"), "50 + 1,200 ÷ 12");
        assert_eq!(sum("0.4 * (100 - 10)"), "0.4 × (100 − 10)");
        assert_eq!(result(1330.0, ResultUnit::Usd), "$1,330");
        assert_eq!(result(44.4, ResultUnit::Percent), "44.4%");
        assert_eq!(result(2.2, ResultUnit::Number), "2.2");
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

    #[test]
    fn every_decision_is_written_down() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/decisions");
        for definition in &Manifest::embedded().unwrap().definitions {
            let record = folder.join(format!("{}.md", definition.decision));
            assert!(
                record.exists(),
                "{}: {}",
                definition.id,
                definition.decision
            );
        }
    }
}
