//! Rows of the Truth page: what was planted beside what was estimated.

use super::shares::FEWEST_FOR_A_CLAIM;
use super::{Columns, DecodeError, Row};

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TruthUnit {
    /// A share, in percent.
    Share,
    /// A difference of shares, in percentage points.
    Points,
    /// A multiple of something usual.
    Times,
    /// Days.
    Days,
    /// Cents, written as dollars.
    Money,
    /// A plain number.
    Number,
    /// A score from 0 to 1.
    Index,
    /// A distance from 0 to 1, where less is better.
    Distance,
}

/// What became of a planted value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It lies within the estimate's interval.
    Inside,
    /// It lies outside, and it is known why.
    Biased,
    /// It lies outside.
    Outside,
    /// There is no interval to judge by.
    Compared,
    /// Too few rows stand behind the estimate to judge it.
    Few,
}

/// A planted value and its estimate.
#[derive(Debug, Clone, PartialEq)]
pub struct TruthRow {
    /// The group it stands in.
    pub topic: String,
    /// Its name in test ids and files.
    pub key: String,
    /// Its name for readers.
    pub name: String,
    /// How its values are written.
    pub unit: TruthUnit,
    /// What was planted.
    pub planted: f64,
    /// What was estimated.
    pub estimate: f64,
    /// The estimate's 95% interval, where there is one.
    pub interval: Option<[f64; 2]>,
    /// Rows behind the estimate.
    pub sample: i64,
    /// Why the estimate may miss, where that is known.
    pub note: Option<String>,
}

impl TruthRow {
    /// What became of the planted value.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        // What was planted is a decimal that went through arithmetic: the ends count as inside.
        let slack = 1e-9 * self.planted.abs().max(1e-3);
        match (self.interval, &self.note) {
            (None, _) => Verdict::Compared,
            _ if self.sample < FEWEST_FOR_A_CLAIM => Verdict::Few,
            (Some([lower, upper]), _)
                if self.planted >= lower - slack && self.planted <= upper + slack =>
            {
                Verdict::Inside
            }
            (Some(_), Some(_)) => Verdict::Biased,
            (Some(_), None) => Verdict::Outside,
        }
    }

    /// Where the planted value lies, in reaches of the interval: 0 is the estimate, ±1 its ends.
    /// `None` without an interval, or with one that reaches nowhere on that side.
    #[must_use]
    pub fn planted_in_reaches(&self) -> Option<f64> {
        let [lower, upper] = self.interval?;
        let off = self.planted - self.estimate;
        let reach = if off >= 0.0 {
            upper - self.estimate
        } else {
            self.estimate - lower
        };
        if reach > 0.0 {
            Some(off / reach)
        } else {
            (off == 0.0).then_some(0.0)
        }
    }
}

impl Row for TruthRow {
    fn read(columns: &Columns<'_>) -> Result<Vec<Self>, DecodeError> {
        let topics = Columns::required("topic", columns.texts("topic")?)?;
        let keys = Columns::required("key", columns.texts("key")?)?;
        let names = Columns::required("name", columns.texts("name")?)?;
        let units = Columns::required("unit", columns.texts("unit")?)?;
        let planted = columns.numbers("planted")?;
        let estimates = columns.numbers("estimate")?;
        let lower = columns.numbers("lower")?;
        let upper = columns.numbers("upper")?;
        let samples = columns.integers("sample")?;
        let notes = columns.texts("note")?;
        let finite = |value: Option<f64>| value.filter(|value| value.is_finite());
        Ok((0..keys.len())
            .filter_map(|row| {
                // Nothing to compare: this scenario planted or showed nothing of the kind.
                let planted = finite(planted[row])?;
                let estimate = finite(estimates[row])?;
                Some(Self {
                    topic: topics[row].clone(),
                    key: keys[row].clone(),
                    name: names[row].clone(),
                    unit: unit_of(&units[row]),
                    planted,
                    estimate,
                    interval: finite(lower[row])
                        .zip(finite(upper[row]))
                        .map(|(lower, upper)| [lower, upper]),
                    sample: samples[row].unwrap_or_default(),
                    note: notes[row].clone(),
                })
            })
            .collect())
    }
}

fn unit_of(word: &str) -> TruthUnit {
    match word {
        "share" => TruthUnit::Share,
        "points" => TruthUnit::Points,
        "times" => TruthUnit::Times,
        "days" => TruthUnit::Days,
        "money" => TruthUnit::Money,
        "index" => TruthUnit::Index,
        "distance" => TruthUnit::Distance,
        _ => TruthUnit::Number,
    }
}

/// The page's sentence: how many planted values lie within their interval, and what of the rest.
#[must_use]
pub fn summary(rows: &[TruthRow]) -> String {
    let count = |verdict| rows.iter().filter(|row| row.verdict() == verdict).count();
    let (inside, biased, outside) = (
        count(Verdict::Inside),
        count(Verdict::Biased),
        count(Verdict::Outside),
    );
    let judged = inside + biased + outside;
    if judged == 0 {
        return "This scenario has no estimate with an interval to judge.".to_owned();
    }
    let missed = match (biased, outside) {
        (0, 0) => "none misses".to_owned(),
        (biased, 0) => format!("{biased} {} for a known reason", miss(biased)),
        (0, outside) => format!("{outside} {}", miss(outside)),
        (biased, outside) => {
            format!(
                "{biased} {} for a known reason and {outside} {} without one",
                miss(biased),
                miss(outside)
            )
        }
    };
    format!(
        "{inside} of {judged} planted values lie within their estimate’s 95% interval; {missed}."
    )
}

const fn miss(count: usize) -> &'static str {
    if count == 1 { "misses" } else { "miss" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(planted: f64, interval: Option<[f64; 2]>, note: Option<&str>) -> TruthRow {
        TruthRow {
            topic: "Topic".to_owned(),
            key: "key".to_owned(),
            name: "Name".to_owned(),
            unit: TruthUnit::Share,
            planted,
            estimate: 0.5,
            interval,
            sample: 20,
            note: note.map(str::to_owned),
        }
    }

    #[test]
    fn verdicts_follow_the_interval_and_the_note() {
        let interval = Some([0.4, 0.7]);
        let cases = [
            (row(0.4, interval, Some("why")), Verdict::Inside, Some(-1.0)),
            (row(0.9, interval, None), Verdict::Outside, Some(2.0)),
            (row(0.3, interval, Some("why")), Verdict::Biased, Some(-2.0)),
            (row(0.9, None, Some("why")), Verdict::Compared, None),
            (row(0.5, Some([0.5, 0.5]), None), Verdict::Inside, Some(0.0)),
            (row(0.9, Some([0.5, 0.5]), None), Verdict::Outside, None),
        ];
        for (row, verdict, reaches) in cases {
            assert_eq!(row.verdict(), verdict, "{row:?}");
            match (row.planted_in_reaches(), reaches) {
                (Some(found), Some(expected)) => {
                    assert!((found - expected).abs() < 1e-9, "{row:?}: {found}");
                }
                (found, expected) => assert_eq!(found, expected),
            }
        }
    }

    #[test]
    fn a_handful_is_not_judged() {
        let judged = row(0.9, Some([0.4, 0.7]), Some("why"));
        let few = TruthRow {
            sample: 19,
            ..judged.clone()
        };
        assert_eq!(few.verdict(), Verdict::Few);
        assert_eq!(
            summary(&[judged, few]),
            "0 of 1 planted values lie within their estimate’s 95% interval; 1 misses for a known reason."
        );
    }

    #[test]
    fn the_sentence_counts_what_was_judged() {
        let interval = Some([0.4, 0.7]);
        let inside = row(0.5, interval, None);
        let biased = row(0.9, interval, Some("why"));
        let outside = row(0.9, interval, None);
        let compared = row(0.9, None, None);
        let cases: [(&[TruthRow], &str); 3] = [
            (
                &[inside.clone(), compared.clone()],
                "1 of 1 planted values lie within their estimate’s 95% interval; none misses.",
            ),
            (
                &[inside, biased.clone(), biased, outside],
                "1 of 4 planted values lie within their estimate’s 95% interval; 2 miss for a known reason and 1 misses without one.",
            ),
            (
                &[compared],
                "This scenario has no estimate with an interval to judge.",
            ),
        ];
        for (rows, expected) in cases {
            assert_eq!(summary(rows), expected);
        }
    }
}
