//! How well the planted days are found.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::algorithm::Fitted;
use super::features::{Features, RESIDUALS};
use crate::ml::scores::{CurvePoint, average_precision, precision_recall_curve};

/// A planted day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlantedDay {
    /// The day, ISO.
    pub date: String,
    /// What its charges were multiplied by.
    pub factor: f64,
    /// Score of the forest.
    pub score: f64,
    /// Charges there were to see it in.
    pub charges: f64,
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
    /// Area under the precision-recall curve, in steps; `None` when no day was planted.
    pub average_precision: Option<f64>,
    /// The precision-recall curve of the forest, by falling score.
    pub curve: Vec<CurvePoint>,
    /// The planted days.
    pub planted: Vec<PlantedDay>,
}

/// Scores the forest; `planted` gives planted days and their factors, which only score.
#[must_use]
pub fn evaluate(
    features: &Features,
    fitted: &Fitted,
    trees: usize,
    planted: &BTreeMap<i64, f64>,
) -> Evaluation {
    let is_planted: Vec<bool> = features
        .days
        .iter()
        .map(|day| planted.contains_key(day))
        .collect();
    let is_called: Vec<bool> = fitted
        .scores
        .iter()
        .map(|&score| fitted.is_anomaly(score))
        .collect();
    let curve = precision_recall_curve(&is_planted, &fitted.scores);
    Evaluation {
        days: features.days.len(),
        threshold: fitted.threshold,
        trees,
        residuals: RESIDUALS
            .iter()
            .map(|(_, name)| (*name).to_owned())
            .collect(),
        forest: detection(&is_called, &is_planted),
        robust_z: detection(&features.is_flagged, &is_planted),
        average_precision: average_precision(&is_planted, &fitted.scores),
        curve,
        planted: features
            .days
            .iter()
            .zip(&fitted.scores)
            .zip(&features.compared_charges)
            .filter_map(|((day, &score), &charges)| {
                planted.get(day).map(|&factor| PlantedDay {
                    date: date_of(*day),
                    factor,
                    score,
                    charges,
                })
            })
            .collect(),
    }
}

fn detection(is_called: &[bool], is_planted: &[bool]) -> Detection {
    let flagged = is_called.iter().filter(|called| **called).count();
    let planted = is_planted.iter().filter(|planted| **planted).count();
    let hits = is_called
        .iter()
        .zip(is_planted)
        .filter(|(called, planted)| **called && **planted)
        .count();
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
    use super::*;

    #[test]
    fn a_rule_that_calls_nothing_has_no_precision() {
        let found = detection(&[false, false], &[true, false]);
        assert_eq!((found.precision, found.recall), (None, Some(0.0)));
    }
}
