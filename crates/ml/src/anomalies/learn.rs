//! From the warehouse's rows to anomalies and their card.

use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, Date32Array, Float64Array, RecordBatch};

use super::algorithm::fit;
use super::evaluation::{Evaluation, KindDetection, Planted, evaluate};
use super::features::{DAYS, Features, PLANTED, RESIDUALS};
use super::hyperparameters::{Hyperparameters, SETTINGS};
use crate::tables::column;
use crate::{
    Card, Evidence, Kind, LearnError, Learned, Learner, Model, Part, Report, Score, Table, Task,
};
use statistics::{FEWEST_FOR_A_CLAIM, wilson};

/// Revenue anomalies for those who run models.
pub const LEARNER: Learner = Learner {
    model: Model::Anomalies,
    inputs: &[DAYS, PLANTED],
    tables: &[REVENUE_ANOMALIES],
    settings: SETTINGS,
};

static REVENUE_ANOMALIES: Table = Table {
    name: "revenue_anomalies",
    columns: &[
        column("date", Kind::Day),
        column("score", Kind::Number),
        column("is_anomaly", Kind::Flag),
    ],
};

pub(crate) fn learn(task: &Task, report: &mut Report<'_>) -> Result<Learned, LearnError> {
    let hyperparameters = Hyperparameters {
        settings: task.settings.clone(),
        seed: task.scenario.seed(),
    };
    let checked = hyperparameters.check()?;
    let features = Features::read(task.input(DAYS.name)?)?;
    let planted = Planted::read(task.input(PLANTED.name)?)?;
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
    let scores = scores(&evaluation);
    let days = [features.days.first(), features.days.last()]
        .map(|day| day.map(|&day| super::evaluation::date_of(day)));
    let names: Vec<&str> = RESIDUALS.iter().map(|(_, name)| *name).collect();
    Card {
        model: Model::Anomalies,
        question: "On which days is revenue anomalous?".to_owned(),
        method: format!(
            "Isolation Forest of {} trees with {} days each, on residuals of each day's first attempts against the bills that fell due: {}.",
            checked.trees,
            checked.sample.min(evaluation.days),
            names.join("; "),
        ),
        split: "It is unsupervised and uses all days. The planted days are used only for scoring.".to_owned(),
        parts: vec![Part {
            days: match days {
                [Some(first), Some(last)] => Some([first, last]),
                _ => None,
            },
            positives: Some(evaluation.forest.planted as u64),
            ..Part::of("Days", evaluation.days)
        }],
        seed: task.scenario.seed(),
        settings: task.settings.filled(SETTINGS),
        scores,
        importances: Vec::new(),
        limits: vec![
            "Days on which no bill fell due cannot be judged, and are not counted. Nor is the day after a billing outage, when its bills are collected.".to_owned(),
            "Days with few bills look alike, whatever befalls them.".to_owned(),
            "Annual plans that expand within their year are charged between two bills; those charges are excluded.".to_owned(),
        ],
        evidence: Evidence::Anomalies(evaluation),
    }
}

/// Recall, precision, how days rank, and recall by kind.
fn scores(evaluation: &Evaluation) -> Vec<Score> {
    let (forest, robust_z) = (&evaluation.forest, &evaluation.robust_z);
    let overall = [
        score(
            "recall",
            "Recall",
            "Share of planted days that are flagged.",
            forest.recall,
            robust_z.recall,
            forest.planted,
        ),
        score(
            "precision",
            "Precision",
            "Share of flagged days that were planted.",
            forest.precision,
            robust_z.precision,
            forest.flagged,
        ),
        score(
            "average_precision",
            "Average precision",
            "Area under the precision-recall curve: how high planted days rank by score.",
            evaluation.average_precision,
            None,
            0,
        ),
    ];
    let by_kind = evaluation.by_kind.iter().map(of_kind);
    overall.into_iter().chain(by_kind).flatten().collect()
}

fn of_kind(found: &KindDetection) -> Option<Score> {
    let planted = found.planted as f64;
    let few = if (found.planted as i64) < FEWEST_FOR_A_CLAIM {
        ", too few to judge"
    } else {
        ""
    };
    score(
        &format!("recall_{}", found.kind),
        &format!("Recall of {}{few}", found.label()),
        &format!(
            "{} of {} planted days are flagged.",
            found.forest, found.planted
        ),
        Some(found.forest as f64 / planted),
        Some(found.robust_z as f64 / planted),
        found.planted,
    )
}

/// A share of so many days, with Wilson's interval; no days, no interval.
fn score(
    key: &str,
    label: &str,
    meaning: &str,
    value: Option<f64>,
    baseline: Option<f64>,
    days: usize,
) -> Option<Score> {
    value.map(|value| Score {
        interval: (days > 0).then(|| wilson(value, days as f64)),
        baseline,
        baseline_name: baseline.map(|_| "The SQL model's robust z-scores".to_owned()),
        is_share: true,
        ..Score::of(key, label, meaning, value)
    })
}

#[cfg(test)]
mod tests {
    use super::super::evaluation::Detection;
    use super::*;

    #[test]
    fn recall_is_told_by_kind_with_how_sure_it_is() {
        let detection = |hits, flagged| Detection {
            flagged,
            hits,
            planted: 30,
            precision: Some(hits as f64 / flagged as f64),
            recall: Some(hits as f64 / 30.0),
        };
        let kind = |kind: &str, planted, forest| KindDetection {
            kind: kind.to_owned(),
            planted,
            forest,
            robust_z: 0,
        };
        let told = scores(&Evaluation {
            days: 1_461,
            threshold: 0.6,
            trees: 200,
            residuals: Vec::new(),
            forest: detection(24, 25),
            robust_z: detection(15, 30),
            by_kind: vec![kind("outage", 20, 18), kind("double_charge", 10, 6)],
            average_precision: Some(0.9),
            curve: Vec::new(),
            planted: Vec::new(),
        });
        let labels: Vec<_> = told.iter().map(|score| score.label.as_str()).collect();
        assert_eq!(
            labels,
            [
                "Recall",
                "Precision",
                "Average precision",
                "Recall of billing outages",
                "Recall of double charges, too few to judge",
            ]
        );
        assert_eq!((told[0].value, told[0].baseline), (0.8, Some(0.5)));
        assert_eq!(told[1].interval, Some(wilson(0.96, 25.0)));
        assert_eq!(told[2].interval, None, "no share of days");
        assert_eq!(told[3].interval, Some(wilson(0.9, 20.0)));
        assert_eq!(told[4].key, "recall_double_charge");
        assert!(told[4].meaning.starts_with("6 of 10 planted days"));
    }
}
