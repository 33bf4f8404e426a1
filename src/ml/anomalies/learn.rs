//! From the warehouse's rows to anomalies and their card.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, Date32Array, Float64Array, RecordBatch};

use super::algorithm::fit;
use super::evaluation::{Evaluation, evaluate};
use super::features::{DAYS, Features, PLANTED, RESIDUALS};
use super::hyperparameters::{Hyperparameters, SETTINGS};
use crate::ml::{
    Card, Column, Evidence, Kind, LearnError, Learned, Learner, Model, Part, Report, Score,
    Settings, Table, Task,
};

/// Revenue anomalies for those who run models.
pub const LEARNER: Learner = Learner {
    model: Model::Anomalies,
    inputs: &[DAYS, PLANTED],
    tables: &[REVENUE_ANOMALIES],
    settings: SETTINGS,
    learn,
};

const fn column(name: &'static str, kind: Kind) -> Column {
    Column { name, kind }
}

static REVENUE_ANOMALIES: Table = Table {
    name: "revenue_anomalies",
    columns: &[
        column("date", Kind::Day),
        column("score", Kind::Number),
        column("is_anomaly", Kind::Flag),
    ],
};

fn learn(task: &Task, report: &mut Report<'_>) -> Result<Learned, LearnError> {
    let hyperparameters = Hyperparameters {
        settings: task.settings.clone(),
        seed: task.scenario.seed(),
    };
    let checked = hyperparameters.check()?;
    let features = Features::read(task.input(DAYS.name)?)?;
    let truth = task.input(PLANTED.name)?;
    // A scenario may plant nothing.
    let planted: BTreeMap<i64, f64> = if truth.rows() == 0 {
        BTreeMap::new()
    } else {
        let days = truth.required("date")?.iter().map(|&day| day as i64);
        days.zip(truth.required("factor")?.iter().copied())
            .collect()
    };
    let fitted = fit(&features, &checked, report)?;
    let evaluation = evaluate(&features, &fitted, checked.trees, &planted);
    let columns: Vec<ArrayRef> = vec![
        Arc::new(Date32Array::from_iter_values(
            features.days.iter().map(|&day| day as i32),
        )),
        Arc::new(Float64Array::from(fitted.scores.clone())),
        Arc::new(BooleanArray::from_iter(
            fitted
                .scores
                .iter()
                .map(|&score| Some(fitted.is_anomaly(score))),
        )),
    ];
    let batch = RecordBatch::try_new(REVENUE_ANOMALIES.schema(), columns)?;
    Ok(Learned {
        card: card(task, &features, evaluation, &checked),
        tables: vec![(&REVENUE_ANOMALIES, batch)],
    })
}

fn card(
    task: &Task,
    features: &Features,
    evaluation: Evaluation,
    checked: &super::Checked,
) -> Card {
    let score =
        |key: &str, label: &str, meaning: &str, value: Option<f64>, baseline: Option<f64>| {
            value.map(|value| Score {
                key: key.to_owned(),
                label: label.to_owned(),
                meaning: meaning.to_owned(),
                value,
                interval: None,
                baseline,
                baseline_name: baseline.map(|_| "The SQL model's robust z-scores".to_owned()),
                oracle: None,
                is_more_better: true,
                is_share: true,
            })
        };
    let scores = [
        score(
            "recall",
            "Recall",
            "Share of planted days that are flagged.",
            evaluation.forest.recall,
            evaluation.robust_z.recall,
        ),
        score(
            "precision",
            "Precision",
            "Share of flagged days that were planted.",
            evaluation.forest.precision,
            evaluation.robust_z.precision,
        ),
        score(
            "average_precision",
            "Average precision",
            "Area under the precision-recall curve: how high planted days rank by score.",
            evaluation.average_precision,
            None,
        ),
    ];
    let days = [features.days.first(), features.days.last()]
        .map(|day| day.map(|&day| super::evaluation::date_of(day)));
    let filled = SETTINGS
        .iter()
        .map(|setting| (setting.key.to_owned(), task.settings.value(setting)))
        .collect();
    let names: Vec<&str> = RESIDUALS.iter().map(|(_, name)| *name).collect();
    Card {
        model: Model::Anomalies,
        question: "On which days is revenue anomalous?".to_owned(),
        method: format!(
            "Isolation Forest of {} trees with {} days each, on residuals of each day's charges against contracts: {}.",
            checked.trees, checked.sample, names.join("; "),
        ),
        split: "It is unsupervised and uses all days. The planted days are used only for scoring.".to_owned(),
        parts: vec![Part {
            name: "Days".to_owned(),
            rows: evaluation.days as u64,
            days: match days {
                [Some(first), Some(last)] => Some([first, last]),
                _ => None,
            },
            positives: Some(evaluation.forest.planted as u64),
        }],
        seed: task.scenario.seed(),
        settings: Settings(filled),
        scores: scores.into_iter().flatten().collect(),
        importances: Vec::new(),
        limits: vec![
            "A planted day without charges cannot be detected.".to_owned(),
            "It finds charges that differ from contracts. Days with missing charges are left to the robust z-score.".to_owned(),
            "Annual plans that expand within their year are charged pro rata and excluded.".to_owned(),
        ],
        evidence: Evidence::Anomalies(evaluation),
    }
}
