//! Rows of what learned models score, from their cards.

use crate::ml::{Card, Evidence};
use crate::results::truth::{TruthRow, TruthUnit};
use crate::statistics::wilson;

const TOPIC: &str = "Learned models";

/// What a score is held against: the same score of an oracle that knows the planted values.
const SCORES: [(&str, &str, &str, &str); 2] = [
    (
        "churn_auc",
        "auc",
        "Churn: AUC on the hold-out",
        "The planted value is the AUC of an oracle that knows every customer’s hazard. Part of the hazard leaves no trace in customers’ behaviour.",
    ),
    (
        "ltv_r2",
        "r2",
        "Lifetime value in a year: R² on the hold-out",
        "The planted value is the R² of the same model when it also knows who will ever pay and the planted hazard.",
    ),
];

/// Scores of a card beside what could be had, and the coverage of its intervals.
#[must_use]
pub fn rows(card: &Card) -> Vec<TruthRow> {
    let size = |name: &str| {
        let part = card.parts.iter().find(|part| part.name == name);
        part.map_or(0, |part| part.rows)
    };
    let mut rows: Vec<TruthRow> = SCORES
        .iter()
        .filter_map(|(key, score, name, note)| {
            let score = card.score(score)?;
            Some(TruthRow {
                topic: TOPIC.to_owned(),
                key: (*key).to_owned(),
                name: (*name).to_owned(),
                unit: TruthUnit::Index,
                planted: score.oracle?,
                estimate: score.value,
                interval: score.interval,
                sample: size("Hold-out") as i64,
                note: Some((*note).to_owned()),
            })
        })
        .collect();
    if let Evidence::Ltv(evaluation) = &card.evidence {
        let (held_out, set_on) = (size("Hold-out") as f64, size("Intervals") as f64);
        // The intervals were set on a sample, too, whose own error comes on top.
        let trials = 1.0 / (1.0 / held_out.max(1.0) + 1.0 / set_on.max(1.0));
        rows.push(TruthRow {
            topic: TOPIC.to_owned(),
            key: "ltv_coverage".to_owned(),
            name: "Users whose revenue lies within its interval".to_owned(),
            unit: TruthUnit::Share,
            planted: evaluation.asked_coverage,
            estimate: evaluation.coverage,
            interval: Some(wilson(evaluation.coverage, trials.max(1.0))),
            sample: held_out as i64,
            note: None,
        });
    }
    rows
}
