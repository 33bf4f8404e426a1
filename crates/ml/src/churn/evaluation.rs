//! Fits, scores on the hold-out, and predicts.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray,
};
use serde::{Deserialize, Serialize};

use super::algorithm::{Fitted, logistic_baseline};
use super::design::{Snapshots, Split, is_log_ratio};
use super::hyperparameters::{Checked, Hyperparameters, SETTINGS};
use super::{CONTRIBUTIONS, PREDICTIONS};
use crate::card::{days_of, settings_of};
use crate::scores::{
    CalibrationBin, Confusion, CurvePoint, LiftBin, auc, auc_interval, average_precision, brier,
    calibration_bins, calibration_error, confusions, lift_bins, log_loss, precision_recall_curve,
    roc_curve,
};
use crate::{Card, Evidence, LearnError, Learned, Model, Part, Progress, Report, Score, Task};

/// Bins of the calibration curve and its error.
const CALIBRATION_BINS: usize = 10;
/// Rows that a part needs.
const FEWEST_ROWS: usize = 60;
/// Reasons kept of a customer.
const REASONS: usize = 5;

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

/// As [`crate::Learner::learn`].
pub(crate) fn learn(task: &Task, report: &mut Report<'_>) -> Result<Learned, LearnError> {
    let seed = task.scenario.seed();
    let checked = Hyperparameters(task.settings.clone()).check(seed)?;
    let mut tell = |step: &str, done: usize, total: usize| {
        report(Progress {
            step: step.to_owned(),
            done: done as u64,
            total: total as u64,
        });
    };
    tell("Reading the features", 0, 1);
    let snapshots = Snapshots::new(task)?;
    let split = Split::new(&snapshots, seed);
    let most = checked.boosting.trees;
    let fitted = fit(&checked, &snapshots, &split, |tree| {
        if tree % 10 == 0 {
            tell("Training trees", tree, most);
        }
    })?;

    tell("Scoring the hold-out", 0, 1);
    let training = snapshots.design.rows_of(&split.training);
    let training_labels = snapshots.labels(&split.training);
    let holdout = snapshots.design.rows_of(&split.holdout);
    let truth = snapshots.labels(&split.holdout);
    let predicted = fitted.probabilities(&holdout);
    let users: Vec<i64> = split
        .holdout
        .iter()
        .map(|&row| snapshots.user[row])
        .collect();
    let baseline = logistic_baseline((&training, &training_labels), &holdout)?;
    let oracle = oracle_scores(task, &snapshots, &split.holdout)?;
    let calibration = calibration_bins(&truth, &predicted, &users, CALIBRATION_BINS);
    let scores = scores(&truth, &predicted, &baseline, oracle.as_deref(), &users);
    let evaluation = Evaluation {
        leaks: task.leaks,
        roc: roc_curve(&truth, &predicted),
        baseline_roc: roc_curve(&truth, &baseline),
        oracle_roc: oracle.map_or_else(Vec::new, |oracle| roc_curve(&truth, &oracle)),
        precision_recall: precision_recall_curve(&truth, &predicted),
        lift: lift_bins(&truth, &predicted),
        calibration,
        confusions: confusions(&truth, &predicted),
        trees: fitted.trees(),
        history: fitted.history().to_vec(),
    };

    tell("Predicting", 0, 1);
    let tables = vec![
        (&PREDICTIONS, predictions(&fitted, &snapshots, &split)?),
        (&CONTRIBUTIONS, contributions(&fitted, &snapshots)?),
    ];
    Ok(Learned {
        card: card(task, &fitted, &snapshots, &split, scores, evaluation),
        tables,
    })
}

/// Trees and probabilities, once each part is large enough.
pub(super) fn fit(
    checked: &Checked,
    snapshots: &Snapshots,
    split: &Split,
    progress: impl FnMut(usize),
) -> Result<Fitted, LearnError> {
    let training = snapshots.labels(&split.training);
    let validation = snapshots.labels(&split.validation);
    check_part("training", &training)?;
    check_part("validation", &validation)?;
    check_part("the hold-out", &snapshots.labels(&split.holdout))?;
    checked.fit(
        (&snapshots.design.rows_of(&split.training), &training),
        (&snapshots.design.rows_of(&split.validation), &validation),
        progress,
    )
}

fn check_part(name: &str, labels: &[bool]) -> Result<(), LearnError> {
    if labels.len() < FEWEST_ROWS {
        return Err(LearnError::TooFewRows {
            part: name.to_owned(),
            found: labels.len(),
            needed: FEWEST_ROWS,
        });
    }
    if labels.iter().all(|label| *label == labels[0]) {
        return Err(LearnError::OneClass {
            part: name.to_owned(),
            rows: labels.len(),
        });
    }
    Ok(())
}

/// The planted probability of each row; `None` when any is unknown.
fn oracle_scores(
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

fn scores(
    truth: &[bool],
    predicted: &[f64],
    baseline: &[f64],
    oracle: Option<&[f64]>,
    users: &[i64],
) -> Vec<Score> {
    let chances: Vec<f64> = baseline
        .iter()
        .map(|score| crate::boosting::logistic(*score))
        .collect();
    let of_baseline = |value: Option<f64>| (value, Some("Logistic regression".to_owned()));
    let score = |key: &str, label: &str, meaning: &str, value: f64| Score {
        key: key.to_owned(),
        label: label.to_owned(),
        meaning: meaning.to_owned(),
        value,
        interval: None,
        baseline: None,
        baseline_name: None,
        oracle: None,
        is_more_better: true,
        is_share: false,
    };
    let mut all = Vec::new();
    if let Some(value) = auc(truth, predicted) {
        let (baseline, baseline_name) = of_baseline(auc(truth, baseline));
        all.push(Score {
            interval: auc_interval(truth, predicted, users),
            baseline,
            baseline_name,
            oracle: oracle.and_then(|oracle| auc(truth, oracle)),
            ..score(
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
            ..score(
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
        ..score(
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
        ..score(
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
        ..score(
            "ece",
            "Calibration error",
            "Mean difference between predicted and actual churn over deciles of customers.",
            error(predicted),
        )
    });
    all
}

fn predictions(
    fitted: &Fitted,
    snapshots: &Snapshots,
    split: &Split,
) -> Result<RecordBatch, LearnError> {
    let mut is_holdout = vec![false; snapshots.user.len()];
    for &row in &split.holdout {
        is_holdout[row] = true;
    }
    let columns: Vec<ArrayRef> = vec![
        Arc::new(Int64Array::from(snapshots.user.clone())),
        Arc::new(Date32Array::from(snapshots.day.clone())),
        Arc::new(BooleanArray::from(is_holdout)),
        Arc::new(Float64Array::from(fitted.probabilities(&snapshots.design))),
        Arc::new(BooleanArray::from(snapshots.label.clone())),
    ];
    Ok(RecordBatch::try_new(PREDICTIONS.schema(), columns)?)
}

/// The largest contributions of those who are customers at the last snapshot.
fn contributions(fitted: &Fitted, snapshots: &Snapshots) -> Result<RecordBatch, LearnError> {
    let last = snapshots.day.iter().max();
    let rows: Vec<usize> = (0..snapshots.day.len())
        .filter(|&row| Some(&snapshots.day[row]) == last)
        .collect();
    let design = snapshots.design.rows_of(&rows);
    let (mut users, mut names, mut values, mut parts) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (index, of_row) in fitted.contributions(&design).into_iter().enumerate() {
        let mut order: Vec<usize> = (0..design.names.len()).collect();
        order.sort_by(|&a, &b| of_row[b].abs().total_cmp(&of_row[a].abs()));
        for &column in order.iter().take(REASONS) {
            users.push(snapshots.user[rows[index]]);
            let name = &design.names[column];
            let value = design.column(column)[index];
            // The trees see logs of ratios, readers the ratios.
            values.push(if is_log_ratio(name) {
                libm::exp(value)
            } else {
                value
            });
            names.push(name.clone());
            parts.push(of_row[column]);
        }
    }
    let columns: Vec<ArrayRef> = vec![
        Arc::new(Int64Array::from(users)),
        Arc::new(StringArray::from(names)),
        Arc::new(Float64Array::from(values)),
        Arc::new(Float64Array::from(parts)),
    ];
    Ok(RecordBatch::try_new(CONTRIBUTIONS.schema(), columns)?)
}

fn card(
    task: &Task,
    fitted: &Fitted,
    snapshots: &Snapshots,
    split: &Split,
    scores: Vec<Score>,
    evaluation: Evaluation,
) -> Card {
    let part = |name: &str, rows: &[usize]| Part {
        name: name.to_owned(),
        rows: rows.len() as u64,
        days: days_of(rows.iter().map(|&row| snapshots.day[row])),
        positives: Some(
            rows.iter()
                .filter(|&&row| snapshots.label[row] == Some(true))
                .count() as u64,
        ),
    };
    Card {
        model: Model::Churn,
        question: "Which customers leave within 90 days?".to_owned(),
        method: format!(
            "{} gradient-boosted trees with logistic loss on {} features, with early stopping and Platt calibration on the last \
             three training snapshots.",
            fitted.trees(),
            snapshots.design.names.len()
        ),
        split: "Snapshots every 30 days. The hold-out is 35% of the users, at the last four labelled snapshots; \
                the other users train on snapshots whose 90 days ended before those."
            .to_owned(),
        parts: vec![
            part("Training", &split.training),
            part("Validation", &split.validation),
            part("Hold-out", &split.holdout),
        ],
        seed: task.scenario.seed(),
        settings: settings_of(SETTINGS, &task.settings),
        scores,
        importances: fitted.importances(),
        limits: vec![
            "It predicts who may leave, not who can be retained.".to_owned(),
            "Country, industry and channel are excluded on purpose.".to_owned(),
            "The oracle knows every planted state up to the snapshot, but not who will leave.".to_owned(),
        ],
        evidence: Evidence::Churn(evaluation),
    }
}
