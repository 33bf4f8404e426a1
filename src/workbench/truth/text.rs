//! Values and verdicts in words.

use crate::results::truth::{TruthRow, TruthUnit, Verdict};
use crate::results::{Column, ColumnKind, TextTable};

/// A value with its unit, to the digits that mean something.
#[must_use]
pub fn value(unit: TruthUnit, value: f64) -> String {
    let text = match unit {
        TruthUnit::Share | TruthUnit::Distance => {
            let percent = 100.0 * value;
            if percent.abs() < 9.995 {
                format!("{percent:.2}%")
            } else {
                format!("{percent:.1}%")
            }
        }
        TruthUnit::Points => format!("{:.2} pp", 100.0 * value),
        TruthUnit::Times => format!("{value:.2}×"),
        TruthUnit::Days => format!("{value:.1} d"),
        TruthUnit::Money => format!("${:.2}", value / 100.0),
        TruthUnit::Index => format!("{value:.3}"),
        TruthUnit::Number if value.fract() == 0.0 || value.abs() >= 99.5 => format!("{value:.0}"),
        TruthUnit::Number => format!("{value:.2}"),
    };
    text.replace('-', "−")
}

/// The interval, or a dash.
#[must_use]
pub fn interval(row: &TruthRow) -> String {
    row.interval.map_or_else(
        || "—".to_owned(),
        |[lower, upper]| format!("{} to {}", value(row.unit, lower), value(row.unit, upper)),
    )
}

/// The verdict in a word.
#[must_use]
pub const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Inside => "Inside",
        Verdict::Biased => "Biased",
        Verdict::Outside => "Outside",
        Verdict::Compared => "Compared",
        Verdict::Few => "Too few",
    }
}

/// All names of verdicts in links.
pub const VERDICT_KEYS: [&str; 5] = ["inside", "biased", "outside", "compared", "few"];

/// The verdict's name in links, test ids and classes.
#[must_use]
pub const fn verdict_key(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Inside => "inside",
        Verdict::Biased => "biased",
        Verdict::Outside => "outside",
        Verdict::Compared => "compared",
        Verdict::Few => "few",
    }
}

/// All rows with full figures, for a file.
#[must_use]
pub fn table(rows: &[TruthRow]) -> TextTable {
    use ColumnKind::{Number, Text};
    let columns = [
        ("topic", Text),
        ("key", Text),
        ("name", Text),
        ("planted", Number),
        ("estimate", Number),
        ("lower", Number),
        ("upper", Number),
        ("sample", Number),
        ("verdict", Text),
        ("note", Text),
    ];
    let cells = |row: &TruthRow| {
        let [lower, upper] = row
            .interval
            .map_or([None, None], |ends| ends.map(|end| Some(end.to_string())));
        vec![
            Some(row.topic.clone()),
            Some(row.key.clone()),
            Some(row.name.clone()),
            Some(row.planted.to_string()),
            Some(row.estimate.to_string()),
            lower,
            upper,
            Some(row.sample.to_string()),
            Some(verdict_key(row.verdict()).to_owned()),
            row.note.clone(),
        ]
    };
    TextTable {
        columns: columns
            .map(|(name, kind)| Column {
                name: name.to_owned(),
                kind,
            })
            .to_vec(),
        rows: rows.iter().map(cells).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_the_digits_that_mean_something() {
        let cases = [
            (TruthUnit::Share, 0.0403, "4.03%"),
            (TruthUnit::Share, 0.3, "30.0%"),
            (TruthUnit::Share, -0.1, "−10.0%"),
            (TruthUnit::Times, 1.0, "1.00×"),
            (TruthUnit::Days, 14.02, "14.0 d"),
            (TruthUnit::Money, 712.4, "$7.12"),
            (TruthUnit::Number, 200.0, "200"),
            (TruthUnit::Number, 202.8, "203"),
            (TruthUnit::Number, 3.006, "3.01"),
            (TruthUnit::Index, 0.8788, "0.879"),
        ];
        for (unit, number, expected) in cases {
            assert_eq!(value(unit, number), expected);
        }
    }

    #[test]
    fn csv_quotes_what_must_be_quoted() {
        let row = TruthRow {
            topic: "Funnel".to_owned(),
            key: "a".to_owned(),
            name: "Say \"when\", please".to_owned(),
            unit: TruthUnit::Share,
            planted: 0.25,
            estimate: 0.5,
            interval: None,
            sample: 7,
            note: None,
        };
        let csv = table(&[row]).to_csv();
        let lines: Vec<&str> = csv.lines().collect();
        assert_eq!(
            lines[1],
            "Funnel,a,\"Say \"\"when\"\", please\",0.25,0.5,,,7,compared,"
        );
    }
}
