//! Scores: what a model is worth, measured on rows it did not see.
//!
//! R², mean absolute error and the like are smartcore's; what it has no form of is here, each with
//! its source, and tested against smartcore or by hand.

mod bootstrap;
mod clusters;
mod probability;
mod ranking;
mod regression;

pub use bootstrap::auc_interval;
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
