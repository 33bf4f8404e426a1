//! How true probabilities are.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::bins_of_equals;
use statistics::Clustered;

/// Rows of similar probability: what was said and what came.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CalibrationBin {
    /// Rows in it.
    pub rows: u64,
    /// Their mean probability.
    pub predicted: f64,
    /// Their share of positives.
    pub observed: f64,
    /// Its 95% interval, which knows that a user has several rows.
    pub interval: [f64; 2],
}

/// What acting from a threshold on would have done.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Confusion {
    /// Rows count as positive from this probability on.
    pub threshold: f64,
    /// Positives above it.
    pub true_positives: u64,
    /// Negatives above it.
    pub false_positives: u64,
    /// Positives below it.
    pub false_negatives: u64,
    /// Negatives below it.
    pub true_negatives: u64,
}

/// Mean squared difference between probability and outcome.
///
/// # Source
/// Brier (1950).
#[must_use]
pub fn brier(labels: &[bool], probabilities: &[f64]) -> f64 {
    mean(labels.iter().zip(probabilities).map(|(&label, p)| {
        let error = p - f64::from(label);
        error * error
    }))
}

/// Mean negative log-likelihood, with probabilities kept off 0 and 1.
#[must_use]
pub fn log_loss(labels: &[bool], probabilities: &[f64]) -> f64 {
    mean(labels.iter().zip(probabilities).map(|(&label, &p)| {
        let p = p.clamp(1e-12, 1.0 - 1e-12);
        -libm::log(if label { p } else { 1.0 - p })
    }))
}

/// About `bins` bins of equal size by rising probability; rows of one probability share a bin.
/// `users` says whose row each is.
#[must_use]
pub fn calibration_bins(
    labels: &[bool],
    probabilities: &[f64],
    users: &[i64],
    bins: usize,
) -> Vec<CalibrationBin> {
    let binned = bins_of_equals(probabilities, bins.min(labels.len()));
    let bins = binned.into_iter().rev().map(|(_, members)| {
        let count = members.len() as f64;
        let observed = members.iter().filter(|&&row| labels[row]).count() as f64 / count;
        CalibrationBin {
            rows: members.len() as u64,
            predicted: mean(members.iter().map(|&row| probabilities[row])),
            observed,
            interval: clustered(labels, users, &members).interval(),
        }
    });
    bins.collect()
}

fn clustered(labels: &[bool], users: &[i64], members: &[usize]) -> Clustered {
    let mut by_user: BTreeMap<i64, [f64; 2]> = BTreeMap::new();
    for &row in members {
        let [rows, hits] = by_user.entry(users[row]).or_default();
        *rows += 1.0;
        *hits += f64::from(labels[row]);
    }
    by_user
        .into_values()
        .fold(Clustered::default(), |all, [rows, hits]| {
            all.and(rows, hits)
        })
}

/// Expected calibration error: the mean distance between what bins predict and what came, by rows.
///
/// # Source
/// Naeini, Cooper & Hauskrecht (2015); with bins of equal size.
#[must_use]
pub fn calibration_error(bins: &[CalibrationBin]) -> f64 {
    let rows: u64 = bins.iter().map(|bin| bin.rows).sum();
    bins.iter()
        .map(|bin| bin.rows as f64 / rows as f64 * (bin.predicted - bin.observed).abs())
        .sum()
}

/// Confusion at thresholds of every hundredth from 0 to 1.
#[must_use]
pub fn confusions(labels: &[bool], probabilities: &[f64]) -> Vec<Confusion> {
    (0..=100_u32)
        .map(|percent| {
            let threshold = f64::from(percent) / 100.0;
            let mut counts = [[0_u64; 2]; 2];
            for (&label, &p) in labels.iter().zip(probabilities) {
                counts[usize::from(label)][usize::from(p >= threshold)] += 1;
            }
            Confusion {
                threshold,
                true_positives: counts[1][1],
                false_positives: counts[0][1],
                false_negatives: counts[1][0],
                true_negatives: counts[0][0],
            }
        })
        .collect()
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = values.len().max(1) as f64;
    values.sum::<f64>() / count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_of_known_probabilities() {
        let labels = [true, false, false, true];
        let probabilities = [0.9, 0.2, 0.4, 0.5];
        assert!((brier(&labels, &probabilities) - 0.115).abs() < 1e-12);
        let expected = -libm::log(0.9 * 0.8 * 0.6 * 0.5) / 4.0;
        assert!((log_loss(&labels, &probabilities) - expected).abs() < 1e-12);
        let at_half = confusions(&labels, &probabilities)[50];
        assert_eq!((at_half.true_positives, at_half.false_positives), (2, 0));
        assert_eq!((at_half.false_negatives, at_half.true_negatives), (0, 2));
    }

    #[test]
    fn the_calibration_error_is_the_mean_distance_of_the_bins() {
        let labels: Vec<bool> = (0..1_000).map(|row| row % 10 < 3).collect();
        let users: Vec<i64> = (0..1_000).collect();
        let right = vec![0.3; 1_000];
        let wrong = vec![0.5; 1_000];
        assert!(calibration_error(&calibration_bins(&labels, &right, &users, 10)) < 1e-9);
        let error = calibration_error(&calibration_bins(&labels, &wrong, &users, 10));
        assert!((error - 0.2).abs() < 1e-9);
        let bin = calibration_bins(&labels, &right, &users, 1)[0];
        assert!(bin.interval[0] < 0.3 && 0.3 < bin.interval[1]);
        // Two hundred users with five rows each tell less than a thousand users.
        let users: Vec<i64> = (0..1_000).map(|row| row / 10 % 200).collect();
        let few = calibration_bins(&labels, &right, &users, 1)[0];
        assert!(few.interval[0] <= bin.interval[0] && bin.interval[1] <= few.interval[1]);
    }
}
