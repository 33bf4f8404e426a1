//! Rows of the Truth page: what was planted beside what was estimated.

use super::row;
use super::shares::FEWEST_FOR_A_CLAIM;

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

impl TruthUnit {
    fn of(word: String) -> Self {
        match word.as_str() {
            "share" => Self::Share,
            "points" => Self::Points,
            "times" => Self::Times,
            "days" => Self::Days,
            "money" => Self::Money,
            "index" => Self::Index,
            "distance" => Self::Distance,
            _ => Self::Number,
        }
    }
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

row! {
    /// A planted value and its estimate.
    pub struct TruthRow {
        /// The group it stands in.
        pub topic: String,
        /// Its name in test ids and files.
        pub key: String,
        /// Its name for readers.
        pub name: String,
        /// How its values are written.
        pub unit: TruthUnit = "unit" via TruthUnit::of,
        /// What was planted; not a number where nothing was (see [`comparable`]).
        pub planted: f64 = "planted" via or_nan,
        /// What was estimated; likewise.
        pub estimate: f64 = "estimate" via or_nan,
        /// The estimate's 95% interval, where there is one.
        pub interval: Option<[f64; 2]> = ["lower", "upper"] via both_ends,
        /// Rows behind the estimate.
        pub sample: i64 = "sample" via Option::unwrap_or_default,
        /// Why the estimate may miss, where that is known.
        pub note: Option<String>,
    }
}

fn or_nan(value: Option<f64>) -> f64 {
    value.unwrap_or(f64::NAN)
}

fn both_ends([lower, upper]: [Option<f64>; 2]) -> Option<[f64; 2]> {
    let is_finite = |end: &f64| end.is_finite();
    Some([lower.filter(is_finite)?, upper.filter(is_finite)?])
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

/// The rows that planted and showed something: some scenarios do neither.
#[must_use]
pub fn comparable(mut rows: Vec<TruthRow>) -> Vec<TruthRow> {
    rows.retain(|row| row.planted.is_finite() && row.estimate.is_finite());
    rows
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
    use std::sync::Arc;

    use arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};

    use super::*;
    use crate::results::Row;

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
    fn rows_that_planted_or_showed_nothing_are_left_out() {
        let numbers = |values: [Option<f64>; 4]| -> ArrayRef {
            Arc::new(Float64Array::from(values.to_vec()))
        };
        let texts = |values: [Option<&str>; 4]| -> ArrayRef {
            Arc::new(StringArray::from(values.to_vec()))
        };
        let word = texts([Some("points"); 4]);
        let columns = [
            ("topic", Arc::clone(&word)),
            ("key", Arc::clone(&word)),
            ("name", Arc::clone(&word)),
            ("unit", word),
            ("planted", numbers([Some(0.1), None, Some(0.1), Some(0.1)])),
            (
                "estimate",
                numbers([Some(0.2), Some(0.2), Some(f64::NAN), Some(0.2)]),
            ),
            ("lower", numbers([Some(0.1); 4])),
            (
                "upper",
                numbers([Some(0.3), None, None, Some(f64::INFINITY)]),
            ),
            (
                "sample",
                Arc::new(Int64Array::from(vec![Some(40), None, None, None])),
            ),
            ("note", texts([None; 4])),
        ];
        let batch = RecordBatch::try_from_iter(columns).unwrap();
        let rows = comparable(TruthRow::read_all(&[batch]).unwrap());
        let read: Vec<_> = rows
            .iter()
            .map(|row| (row.unit, row.interval, row.sample))
            .collect();
        let points = TruthUnit::Points;
        assert_eq!(read, [(points, Some([0.1, 0.3]), 40), (points, None, 0)]);
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
