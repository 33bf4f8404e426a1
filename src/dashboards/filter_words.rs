//! Filters in words.

use crate::components::format::{day, words};
use crate::state::filters::{Dimension, Filters, Range};

/// A value of a dimension as readers know it.
#[must_use]
pub fn value_label(dimension: Dimension, value: &str) -> String {
    match dimension {
        Dimension::Country => country(value).unwrap_or(value).to_owned(),
        Dimension::Size => format!("{} people", value.replace('-', "–")),
        Dimension::Plan | Dimension::Channel | Dimension::Segment => words(value),
    }
}

/// A range as a chip shows it.
#[must_use]
pub fn range_label(filters: &Filters) -> String {
    match filters.range {
        Range::Custom(..) => format!("{} – {}", day(filters.from), day(filters.to)),
        range => range.label().to_owned(),
    }
}

/// The chosen users, to stand behind a sentence: `; plan Starter, Enterprise`.
#[must_use]
pub fn of_users(filters: &Filters) -> String {
    let parts = Dimension::ALL.into_iter().filter_map(|dimension| {
        let values = filters.values(dimension);
        let labels: Vec<String> = values
            .iter()
            .map(|value| value_label(dimension, value))
            .collect();
        let name = dimension.label().to_lowercase();
        (!labels.is_empty()).then(|| format!("; {name} {}", labels.join(", ")))
    });
    parts.collect()
}

fn country(code: &str) -> Option<&'static str> {
    Some(match code {
        "US" => "United States",
        "GB" => "United Kingdom",
        "DE" => "Germany",
        "CA" => "Canada",
        "FR" => "France",
        "IN" => "India",
        "AU" => "Australia",
        "BR" => "Brazil",
        "NL" => "Netherlands",
        "ES" => "Spain",
        "SE" => "Sweden",
        "JP" => "Japan",
        "PL" => "Poland",
        "SG" => "Singapore",
        "MX" => "Mexico",
        "IE" => "Ireland",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_country_has_a_name() {
        for code in Dimension::Country.values() {
            assert!(country(code).is_some(), "{code}");
        }
    }

    #[test]
    fn the_chosen_users_are_told() {
        let day = |text: &str| text.parse().unwrap();
        let filters = Filters::new(day("2024-01-01"), day("2025-12-31"))
            .toggled(Dimension::Plan, "starter")
            .toggled(Dimension::Country, "DE");
        assert_eq!(of_users(&filters), "; plan Starter; country Germany");
    }
}
