//! Scores: what a model is worth, measured on rows it did not see.
//!
//! R², mean absolute error and the like are smartcore's; what it has no form of is here, each with
//! its source, and tested against smartcore or by hand.

mod auc_interval;
mod clusters;
mod probability;
mod ranking;
mod regression;

pub use auc_interval::auc_interval;
pub use clusters::{adjusted_rand_index, silhouette};
pub use probability::{
    CalibrationBin, Confusion, brier, calibration_bins, calibration_error, confusions, log_loss,
};
pub use ranking::{
    CurvePoint, LiftBin, auc, average_precision, lift_bins, precision_recall_curve, roc_curve,
};
pub use regression::{Decile, deciles, mean_absolute_error, r2};

/// Indices of `scores` from the highest to the lowest; ties stay in the order of the rows.
fn descending(scores: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|&first, &second| scores[second].total_cmp(&scores[first]));
    order
}

/// Rows in about `bins` bins of equal size by falling score, each with its place from 0.
///
/// Rows of one score share the bin that holds the middle of them, whatever order they come in. So bins
/// are uneven where many rows are equal, and a bin that no middle falls in is left out.
///
/// # Source
/// docs/decisions/0119-equal-scores.md
fn bins_of_equals(scores: &[f64], bins: usize) -> Vec<(usize, Vec<usize>)> {
    let order = descending(scores);
    let mut binned: Vec<(usize, Vec<usize>)> = Vec::new();
    let mut before = 0;
    for equals in order.chunk_by(|&first, &second| scores[first] == scores[second]) {
        let twice_the_middle = 2 * before + equals.len();
        let place = twice_the_middle * bins / (2 * order.len());
        before += equals.len();
        match binned.last_mut() {
            Some((last, rows)) if *last == place => rows.extend(equals),
            _ => binned.push((place, equals.to_vec())),
        }
    }
    binned
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A model that knows nothing gives everyone the same score; two orders of the same rows.
    fn orders(labels: &[bool], scores: &[f64]) -> [(Vec<bool>, Vec<f64>); 2] {
        let there = (labels.to_vec(), scores.to_vec());
        let back = (
            labels.iter().rev().copied().collect(),
            scores.iter().rev().copied().collect(),
        );
        [there, back]
    }

    #[test]
    fn scores_of_equals_do_not_depend_on_the_order_of_rows() {
        // Positives come first: cut by their order, the first tenth would be all positive.
        let labels: Vec<bool> = (0..100).map(|row| row < 30).collect();
        let coarse: Vec<f64> = (0..100).map(|row| f64::from(row % 3)).collect();
        let users: Vec<i64> = (0..100).collect();
        for scores in [vec![0.3; 100], coarse] {
            let [there, back] = orders(&labels, &scores);
            assert_eq!(lift_bins(&there.0, &there.1), lift_bins(&back.0, &back.1));
            assert_eq!(
                calibration_bins(&there.0, &there.1, &users, 10),
                calibration_bins(&back.0, &back.1, &users, 10)
            );
            let numbers = |labels: &[bool]| -> Vec<f64> {
                labels.iter().map(|&label| f64::from(label)).collect()
            };
            assert_eq!(
                deciles(&numbers(&there.0), &there.1),
                deciles(&numbers(&back.0), &back.1)
            );
        }
    }

    #[test]
    fn a_model_that_knows_nothing_has_no_lift() {
        let labels: Vec<bool> = (0..100).map(|row| row < 30).collect();
        let users: Vec<i64> = (0..100).collect();
        let bins = lift_bins(&labels, &[0.3; 100]);
        assert_eq!(bins.len(), 1);
        let only = bins[0];
        assert_eq!((only.tenth, only.rows, only.positives), (6, 100, 30));
        assert_eq!((only.lift, only.captured), (1.0, 1.0));
        assert!(calibration_error(&calibration_bins(&labels, &[0.3; 100], &users, 10)) < 1e-12);
    }
}
