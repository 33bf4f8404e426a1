//! Fits, scores on the hold-out, and predicts.

use std::sync::Arc;

use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray,
};

use super::algorithm::{Fitted, logistic_baseline};
use super::design::{Snapshots, Split, is_log_ratio};
use super::evaluation::{CALIBRATION_BINS, Evaluation, oracle_scores, scores};
use super::hyperparameters::{Checked, Hyperparameters, SETTINGS};
use super::{CONTRIBUTIONS, PREDICTIONS};
use crate::scores::{calibration_bins, confusions, lift_bins, precision_recall_curve, roc_curve};
use crate::split::are_among;
use crate::{Card, Evidence, LearnError, Learned, Model, Part, Progress, Report, Score, Task};

/// Rows that a part needs.
const FEWEST_ROWS: usize = 60;
/// Reasons kept of a customer.
const REASONS: usize = 5;

/// As [`crate::Learner::learn`].
pub(crate) fn learn(task: &Task, report: &mut Report<'_>) -> Result<Learned, LearnError> {
    let seed = task.scenario.seed();
    let checked = Hyperparameters(task.settings.clone()).check(seed)?;
    let mut tell = |step: &str, done: usize, total: usize| report(Progress::new(step, done, total));
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

fn predictions(
    fitted: &Fitted,
    snapshots: &Snapshots,
    split: &Split,
) -> Result<RecordBatch, LearnError> {
    let is_holdout = are_among(snapshots.user.len(), &split.holdout);
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
    let part = |name: &str, rows: &[usize]| {
        let left = snapshots.labels(rows).into_iter().filter(|left| *left);
        Part {
            positives: Some(left.count() as u64),
            ..Part::of_days(name, rows.iter().map(|&row| snapshots.day[row]))
        }
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
        settings: task.settings.filled(SETTINGS),
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
