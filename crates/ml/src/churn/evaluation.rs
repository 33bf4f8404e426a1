//! Scores of the hold-out, beside the logistic regression and whoever knows the planted hazard.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::design::Snapshots;
use crate::boosting::logistic;
use crate::card::Score;
use crate::scores::{
    CalibrationBin, Confusion, CurvePoint, LiftBin, auc, auc_interval, average_precision, brier,
    calibration_bins, calibration_error, log_loss,
};
use crate::{LearnError, Task};

/// Bins of the calibration curve and its error.
pub(super) const CALIBRATION_BINS: usize = 10;

/// The curves behind the churn model's scores, all measured on the hold-out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Whether leaky features were let in.
    pub leaks: bool,
    /// ROC curve of the model.
    pub roc: Vec<CurvePoint>,
    /// ROC curve of the logistic regression.
    pub baseline_roc: Vec<CurvePoint>,
    /// ROC curve of whoever knows the planted hazard.
    pub oracle_roc: Vec<CurvePoint>,
    /// Precision by recall.
    pub precision_recall: Vec<CurvePoint>,
    /// Tenths of the customers by falling risk.
    pub lift: Vec<LiftBin>,
    /// What was predicted and what came.
    pub calibration: Vec<CalibrationBin>,
    /// What acting from each threshold on would have done.
    pub confusions: Vec<Confusion>,
    /// Trees that were kept.
    pub trees: usize,
    /// Mean loss on the validation part after each tree.
    pub history: Vec<f64>,
}

/// The planted probability of each row; `None` when any is unknown.
pub(super) fn oracle_scores(
    task: &Task,
    snapshots: &Snapshots,
    rows: &[usize],
) -> Result<Option<Vec<f64>>, LearnError> {
    let frame = task.input("churn_oracle")?;
    if frame.rows() == 0 {
        return Ok(None);
    }
    let (users, days) = (frame.required("user_id")?, frame.required("snapshot_date")?);
    let probabilities = frame.required("churn_probability")?;
    let known: BTreeMap<(i64, i32), f64> = users
        .iter()
        .zip(days)
        .zip(probabilities)
        .map(|((user, day), p)| ((*user as i64, *day as i32), *p))
        .collect();
    // Rows of somebody's own data may lack their truth: they rank in the middle.
    let middle = {
        let mut sorted: Vec<f64> = known.values().copied().collect();
        sorted.sort_by(f64::total_cmp);
        sorted.get(sorted.len() / 2).copied().unwrap_or_default()
    };
    Ok(Some(
        rows.iter()
            .map(|&row| {
                let key = (snapshots.user[row], snapshots.day[row]);
                known.get(&key).copied().unwrap_or(middle)
            })
            .collect(),
    ))
}

/// The scores of the hold-out, the most telling first.
pub(super) fn scores(
    truth: &[bool],
    predicted: &[f64],
    baseline: &[f64],
    oracle: Option<&[f64]>,
    users: &[i64],
) -> Vec<Score> {
    let chances: Vec<f64> = baseline.iter().map(|score| logistic(*score)).collect();
    let of_baseline = |value: Option<f64>| (value, Some("Logistic regression".to_owned()));
    let mut all = Vec::new();
    if let Some(value) = auc(truth, predicted) {
        let (baseline, baseline_name) = of_baseline(auc(truth, baseline));
        all.push(Score {
            interval: auc_interval(truth, predicted, users),
            baseline,
            baseline_name,
            oracle: oracle.and_then(|oracle| auc(truth, oracle)),
            ..Score::of(
                "auc",
                "AUC",
                "Probability that a customer who left ranks above one who stayed. 0.5 is chance.",
                value,
            )
        });
    }
    if let Some(value) = average_precision(truth, predicted) {
        let (baseline, baseline_name) = of_baseline(average_precision(truth, baseline));
        all.push(Score {
            baseline,
            baseline_name,
            oracle: oracle.and_then(|oracle| average_precision(truth, oracle)),
            ..Score::of(
                "pr_auc",
                "PR-AUC",
                "Mean precision over all recalls. Chance level is the churn rate.",
                value,
            )
        });
    }
    let (on_baseline, baseline_name) = of_baseline(Some(brier(truth, &chances)));
    all.push(Score {
        baseline: on_baseline,
        baseline_name,
        oracle: oracle.map(|oracle| brier(truth, oracle)),
        is_more_better: false,
        ..Score::of(
            "brier",
            "Brier score",
            "Mean squared difference between probability and outcome. 0 is perfect.",
            brier(truth, predicted),
        )
    });
    let (on_baseline, baseline_name) = of_baseline(Some(log_loss(truth, &chances)));
    all.push(Score {
        baseline: on_baseline,
        baseline_name,
        oracle: oracle.map(|oracle| log_loss(truth, oracle)),
        is_more_better: false,
        ..Score::of(
            "log_loss",
            "Log loss",
            "Mean negative log-likelihood. Confident errors cost the most.",
            log_loss(truth, predicted),
        )
    });
    let error = |values: &[f64]| {
        calibration_error(&calibration_bins(truth, values, users, CALIBRATION_BINS))
    };
    let (on_baseline, baseline_name) = of_baseline(Some(error(&chances)));
    all.push(Score {
        baseline: on_baseline,
        baseline_name,
        oracle: oracle.map(error),
        is_more_better: false,
        ..Score::of(
            "ece",
            "Calibration error",
            "Mean difference between predicted and actual churn over deciles of customers.",
            error(predicted),
        )
    });
    all
}
