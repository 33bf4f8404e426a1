//! Fits, scores on the hold-out, and predicts.

use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, Date32Array, Int64Array, RecordBatch};

use super::PREDICTIONS;
use super::algorithm::Fitted;
use super::conformal::Conformal;
use super::design::{Split, Users};
use super::evaluation::{Evaluation, scores};
use super::hyperparameters::{Hyperparameters, SETTINGS};
use crate::scores::deciles;
use crate::split::are_among;
use crate::{Card, Evidence, LearnError, Learned, Model, Part, Progress, Report, Score, Task};

/// Rows that a part needs.
const FEWEST_ROWS: usize = 60;

/// As [`crate::Learner::learn`].
pub(crate) fn learn(task: &Task, report: &mut Report<'_>) -> Result<Learned, LearnError> {
    let seed = task.scenario.seed();
    let checked = Hyperparameters(task.settings.clone()).check(seed)?;
    let mut tell = |step: &str, done: usize, total: usize| report(Progress::new(step, done, total));
    tell("Reading the features", 0, 1);
    let mut users = Users::new(task, false)?;
    let split = Split::new(&users, seed);
    users.expect(&split.training);
    for (name, rows) in [
        ("training", &split.training),
        ("the calibration set", &split.conformal),
        ("the hold-out", &split.holdout),
    ] {
        if rows.len() < FEWEST_ROWS {
            return Err(LearnError::TooFewRows {
                part: name.to_owned(),
                found: rows.len(),
                needed: FEWEST_ROWS,
            });
        }
    }
    // Five folds and all rows, at most.
    let most = 6 * checked.boosting.trees;
    let mut grown = 0;
    let fitted = checked.fit(&users, &split.training, |trees| {
        grown += trees;
        if grown % 50 == 0 {
            tell("Training trees", grown, most);
        }
    })?;
    tell("Scoring the oracle", 0, 1);
    let oracle = {
        let mut knowing = Users::new(task, true)?;
        knowing.expect(&split.training);
        let fitted = checked.fit(&knowing, &split.training, |_| {})?;
        fitted.cents(&knowing, &split.holdout)
    };

    tell("Scoring the hold-out", 0, 1);
    let actual_of = |rows: &[usize]| -> Vec<f64> {
        rows.iter()
            .map(|&row| users.actual_cents[row].unwrap_or_default())
            .collect()
    };
    let paying_of =
        |rows: &[usize]| -> Vec<bool> { rows.iter().map(|&row| users.is_paying[row]).collect() };
    let conformal = Conformal::fit(
        &fitted.cents(&users, &split.conformal),
        &actual_of(&split.conformal),
        &paying_of(&split.conformal),
        checked.coverage,
    );
    let predicted = fitted.cents(&users, &split.holdout);
    let actual = actual_of(&split.holdout);
    let paying = paying_of(&split.holdout);
    let covered: Vec<bool> = (0..predicted.len())
        .map(|row| {
            let [low, high] = conformal.interval(predicted[row], paying[row]);
            (low..=high).contains(&actual[row])
        })
        .collect();
    let share = |among: &dyn Fn(usize) -> bool| {
        let rows: Vec<usize> = (0..covered.len()).filter(|&row| among(row)).collect();
        let inside = rows.iter().filter(|&&row| covered[row]).count();
        (!rows.is_empty()).then(|| inside as f64 / rows.len() as f64)
    };
    let coverage = share(&|_| true).unwrap_or_default();
    let evaluation = Evaluation {
        deciles: deciles(&actual, &predicted),
        sample: (0..predicted.len())
            .step_by((predicted.len() / 400).max(1))
            .map(|row| [predicted[row], actual[row]])
            .collect(),
        asked_coverage: checked.coverage,
        coverage,
        paying_coverage: share(&|row| paying[row]),
        trees: fitted.trees(),
        history: fitted.history().to_vec(),
    };
    // Whoever pays today pays on, and nobody else begins.
    let baseline: Vec<f64> = split
        .holdout
        .iter()
        .map(|&row| {
            if users.is_paying[row] {
                users.year_cents[row]
            } else {
                0.0
            }
        })
        .collect();
    let scores = scores(&actual, &predicted, &baseline, &oracle, &evaluation);

    tell("Predicting", 0, 1);
    let rows = predictions(&fitted, &conformal, &users, &split)?;
    Ok(Learned {
        card: card(task, &fitted, &users, &split, scores, evaluation),
        tables: vec![(&PREDICTIONS, rows)],
    })
}

fn predictions(
    fitted: &Fitted,
    conformal: &Conformal,
    users: &Users,
    split: &Split,
) -> Result<RecordBatch, LearnError> {
    let rows: Vec<usize> = (0..users.user.len()).collect();
    let is_holdout = are_among(rows.len(), &split.holdout);
    let predicted = fitted.cents(users, &rows);
    let whole = |cents: f64| cents.round() as i64;
    let intervals: Vec<[f64; 2]> = rows
        .iter()
        .map(|&row| conformal.interval(predicted[row], users.is_paying[row]))
        .collect();
    let bound = |side: usize| intervals.iter().map(move |bounds| whole(bounds[side]));
    let columns: Vec<ArrayRef> = vec![
        Arc::new(Int64Array::from(users.user.clone())),
        Arc::new(Date32Array::from(users.day.clone())),
        Arc::new(BooleanArray::from(is_holdout)),
        Arc::new(Int64Array::from_iter_values(
            predicted.iter().map(|&cents| whole(cents)),
        )),
        Arc::new(Int64Array::from_iter_values(bound(0))),
        Arc::new(Int64Array::from_iter_values(bound(1))),
        Arc::new(
            users
                .actual_cents
                .iter()
                .map(|cents| cents.map(whole))
                .collect::<Int64Array>(),
        ),
    ];
    Ok(RecordBatch::try_new(PREDICTIONS.schema(), columns)?)
}

fn card(
    task: &Task,
    fitted: &Fitted,
    users: &Users,
    split: &Split,
    scores: Vec<Score>,
    evaluation: Evaluation,
) -> Card {
    let part =
        |name: &str, rows: &[usize]| Part::of_days(name, rows.iter().map(|&row| users.day[row]));
    Card {
        model: Model::Ltv,
        question: "What does a user pay in the year after the first 30 days?".to_owned(),
        method: format!(
            "{} gradient-boosted regression trees on {} features of the first 30 days; they predict the share of a \
             year at today's price, and split-conformal intervals come with it.",
            fitted.trees(),
            users.design.names.len()
        ),
        split: "Each user is in one part: 55% for training (in five folds, to choose the number of trees), 15% for the intervals and 30% for scoring."
            .to_owned(),
        parts: vec![
            part("Training", &split.training),
            part("Intervals", &split.conformal),
            part("Hold-out", &split.holdout),
        ],
        seed: task.scenario.seed(),
        settings: task.settings.filled(SETTINGS),
        scores,
        importances: fitted.importances(),
        limits: vec![
            "A few large customers pay most of the revenue, so R² depends on them and varies by seed.".to_owned(),
            "Only users with a complete year can be scored. Later users may behave differently.".to_owned(),
            "The oracle is the same model with two more features: who will ever pay, and the planted churn hazard.".to_owned(),
        ],
        evidence: Evidence::Ltv(evaluation),
    }
}
