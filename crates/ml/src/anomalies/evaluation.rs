//! How well the planted days are found.

use serde::{Deserialize, Serialize};

use super::algorithm::Fitted;
use super::features::{Features, RESIDUALS};
use crate::scores::{CurvePoint, average_precision, precision_recall_curve};
use crate::{Frame, LearnError};

/// Kinds of planted days, in the order in which they are told, and what each is called.
pub const KINDS: [(&str, &str); 5] = [
    ("double_charge", "double charges"),
    ("processor_failure", "processor failures"),
    ("wrong_price", "wrong prices"),
    ("campaign", "unannounced offers"),
    ("outage", "billing outages"),
];
/// The kind whose bills are all collected on the day after.
const OUTAGE: &str = "outage";

/// A planted day, as the truth has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Planted {
    /// The day, since 1970-01-01.
    pub day: i64,
    /// The last day on which it is felt or put right.
    pub last_day: i64,
    /// What befell the day's bills: one of [`KINDS`].
    pub kind: String,
    /// What they were charged, times what was agreed.
    pub factor: f64,
    /// Bills that it could befall.
    pub bills: f64,
}

impl Planted {
    /// Reads the rows of the query.
    ///
    /// # Errors
    /// [`LearnError`] when a column or a value is missing.
    pub fn read(frame: &Frame) -> Result<Vec<Self>, LearnError> {
        // A scenario may plant nothing.
        if frame.rows() == 0 {
            return Ok(Vec::new());
        }
        let kinds = frame.texts("kind")?;
        let last_days = frame.required("last_date")?;
        let factors = frame.required("factor")?;
        let bills = frame.required("bills")?;
        let days = frame.required("date")?.iter().enumerate();
        Ok(days
            .map(|(row, &day)| Self {
                day: day as i64,
                last_day: last_days[row] as i64,
                kind: kinds.word(row).to_owned(),
                factor: factors[row],
                bills: bills[row],
            })
            .collect())
    }
}

/// A planted day and its score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlantedDay {
    /// The day, ISO.
    pub date: String,
    /// What befell the day's bills.
    pub kind: String,
    /// What they were charged, times what was agreed.
    pub factor: f64,
    /// Score of the forest.
    pub score: f64,
    /// Bills that it could befall; without one there was nothing to see.
    pub bills: f64,
}

/// How well one rule finds the planted days.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Detection {
    /// Days called anomalous.
    pub flagged: usize,
    /// Of them, planted ones.
    pub hits: usize,
    /// Planted days.
    pub planted: usize,
    /// Share of called days that were planted; `None` when none was called.
    pub precision: Option<f64>,
    /// Share of planted days that were called; `None` when none was planted.
    pub recall: Option<f64>,
}

/// How well both rules find the days of one kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KindDetection {
    /// One of [`KINDS`].
    pub kind: String,
    /// Planted days of the kind that befell a bill.
    pub planted: usize,
    /// Of them, days that the forest calls.
    pub forest: usize,
    /// Of them, days that the robust z-scores flag.
    pub robust_z: usize,
}

impl KindDetection {
    /// What the kind is called.
    #[must_use]
    pub fn label(&self) -> &'static str {
        let named = KINDS.iter().find(|(kind, _)| *kind == self.kind);
        named.map_or("others", |(_, label)| label)
    }
}

/// What stands behind the scores of the anomalies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Days scored.
    pub days: usize,
    /// Score from which a day is called anomalous.
    pub threshold: f64,
    /// Trees.
    pub trees: usize,
    /// What the residuals are.
    pub residuals: Vec<String>,
    /// The forest at its threshold.
    pub forest: Detection,
    /// The robust z-score of the SQL model beside it.
    pub robust_z: Detection,
    /// Both by kind, for kinds that befell a bill.
    pub by_kind: Vec<KindDetection>,
    /// Area under the precision-recall curve, in steps; `None` when no day was planted.
    pub average_precision: Option<f64>,
    /// The precision-recall curve of the forest, by falling score.
    pub curve: Vec<CurvePoint>,
    /// The planted days.
    pub planted: Vec<PlantedDay>,
}

/// A day that a rule is judged by.
struct Judged<'a> {
    score: f64,
    is_called: bool,
    is_flagged: bool,
    kind: Option<&'a str>,
}

/// Scores the forest; `planted` only scores. Two sorts of days are judged neither way: planted ones on
/// which nothing fell due, and the day after an outage, when its bills are collected.
#[must_use]
pub fn evaluate(
    features: &Features,
    fitted: &Fitted,
    trees: usize,
    planted: &[Planted],
) -> Evaluation {
    let on = |day: i64| planted.iter().find(|one| one.day == day);
    let is_after_outage = |day: i64| {
        planted
            .iter()
            .any(|one| one.kind == OUTAGE && one.day < day && day <= one.last_day)
    };
    let judged: Vec<Judged<'_>> = (features.days.iter().enumerate())
        .filter(|(_, day)| match on(**day) {
            Some(one) => one.bills > 0.0,
            None => !is_after_outage(**day),
        })
        .map(|(row, day)| Judged {
            score: fitted.scores[row],
            is_called: fitted.is_anomaly(fitted.scores[row]),
            is_flagged: features.is_flagged[row],
            kind: on(*day).map(|one| one.kind.as_str()),
        })
        .collect();
    let is_planted: Vec<bool> = judged.iter().map(|day| day.kind.is_some()).collect();
    let scores: Vec<f64> = judged.iter().map(|day| day.score).collect();
    Evaluation {
        days: features.days.len(),
        threshold: fitted.threshold,
        trees,
        residuals: RESIDUALS
            .iter()
            .map(|(_, name)| (*name).to_owned())
            .collect(),
        forest: detection(judged.iter().map(|day| day.is_called), &is_planted),
        robust_z: detection(judged.iter().map(|day| day.is_flagged), &is_planted),
        by_kind: by_kind(&judged),
        average_precision: average_precision(&is_planted, &scores),
        curve: precision_recall_curve(&is_planted, &scores),
        planted: features
            .days
            .iter()
            .zip(&fitted.scores)
            .filter_map(|(day, &score)| {
                on(*day).map(|one| PlantedDay {
                    date: date_of(*day),
                    kind: one.kind.clone(),
                    factor: one.factor,
                    score,
                    bills: one.bills,
                })
            })
            .collect(),
    }
}

fn by_kind(judged: &[Judged<'_>]) -> Vec<KindDetection> {
    let of_kind = |kind: &str| {
        let days = || judged.iter().filter(|day| day.kind == Some(kind));
        KindDetection {
            kind: kind.to_owned(),
            planted: days().count(),
            forest: days().filter(|day| day.is_called).count(),
            robust_z: days().filter(|day| day.is_flagged).count(),
        }
    };
    let kinds = KINDS.iter().map(|(kind, _)| of_kind(kind));
    kinds.filter(|found| found.planted > 0).collect()
}

fn detection(is_called: impl Iterator<Item = bool>, is_planted: &[bool]) -> Detection {
    let (mut flagged, mut hits) = (0, 0);
    for (called, planted) in is_called.zip(is_planted) {
        flagged += usize::from(called);
        hits += usize::from(called && *planted);
    }
    let planted = is_planted.iter().filter(|planted| **planted).count();
    let share = |of: usize| (of > 0).then(|| hits as f64 / of as f64);
    Detection {
        flagged,
        hits,
        planted,
        precision: share(flagged),
        recall: share(planted),
    }
}

pub(super) fn date_of(day: i64) -> String {
    chrono::DateTime::from_timestamp(day * 86_400, 0)
        .unwrap_or_default()
        .date_naive()
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::super::algorithm::fit;
    use super::super::hyperparameters::Hyperparameters;
    use super::*;

    #[test]
    fn a_rule_that_calls_nothing_has_no_precision() {
        let found = detection([false, false].into_iter(), &[true, false]);
        assert_eq!((found.precision, found.recall), (None, Some(0.0)));
    }

    fn planted(day: i64, kind: &str, bills: f64) -> Planted {
        Planted {
            day,
            last_day: day + 1,
            kind: kind.to_owned(),
            factor: 1.0,
            bills,
        }
    }

    /// Usual days, and one on which nothing was attempted, followed by one with twice the bills.
    fn days() -> Features {
        let mut features = Features::default();
        for day in 0..100 {
            let attempted = match day {
                50 => 0.1,
                51 => 2.0,
                70 => 1.9,
                _ => 1.0,
            };
            let failed = 0.05 + 0.001 * (day % 7) as f64;
            features
                .push(day, 1_000.0, day == 50, [attempted, failed, 0.0, 1.0])
                .unwrap();
        }
        features
    }

    #[test]
    fn the_day_after_an_outage_and_a_day_without_bills_count_neither_way() {
        let checked = Hyperparameters::default().check().unwrap();
        let mut fitted = fit(&days(), &checked, &mut |_| {}).unwrap();
        fitted.threshold = 0.6;
        let truth = [
            planted(20, "wrong_price", 0.0),
            planted(30, "campaign", 3.0),
            planted(50, "outage", 9.0),
            planted(70, "double_charge", 9.0),
        ];
        let found = evaluate(&days(), &fitted, 200, &truth);
        for (day, score) in fitted.scores.iter().enumerate() {
            assert_eq!(*score >= 0.6, [50, 51, 70].contains(&day), "day {day}");
        }
        // Three are called: the day after the outage is no false alarm, and no hit.
        assert_eq!((found.forest.flagged, found.forest.hits), (2, 2));
        assert_eq!((found.forest.planted, found.robust_z.hits), (3, 1));
        let kinds: Vec<_> = found
            .by_kind
            .iter()
            .map(|kind| kind.kind.as_str())
            .collect();
        assert_eq!(kinds, ["double_charge", "campaign", "outage"]);
        let counts = found
            .by_kind
            .iter()
            .map(|kind| (kind.planted, kind.forest, kind.robust_z));
        assert_eq!(
            counts.collect::<Vec<_>>(),
            [(1, 1, 0), (1, 0, 0), (1, 1, 1)]
        );
        assert_eq!(found.planted.len(), 4, "all are told");
    }
}
