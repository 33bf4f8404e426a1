//! Rows of what learned models score, from their cards.

use crate::ml::anomalies::Evaluation;
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
    if let Evidence::Anomalies(evaluation) = &card.evidence {
        rows.extend(anomalies(evaluation));
    }
    rows
}

/// Recall of planted days, all and by kind, and precision; a perfect detector's values are the planted
/// ones. Few days have no verdict.
fn anomalies(evaluation: &Evaluation) -> Vec<TruthRow> {
    let row = |key: String, name: String, hits: usize, days: usize, note: Option<&str>| {
        let rate = hits as f64 / days as f64;
        (days > 0).then(|| TruthRow {
            topic: TOPIC.to_owned(),
            key,
            name,
            unit: TruthUnit::Share,
            planted: 1.0,
            estimate: rate,
            interval: Some(wilson(rate, days as f64)),
            sample: days as i64,
            note: note.map(str::to_owned),
        })
    };
    let forest = &evaluation.forest;
    let mut rows = vec![
        row(
            "anomaly_precision".to_owned(),
            "Days called anomalous that were planted".to_owned(),
            forest.hits,
            forest.flagged,
            Some("A day whose few bills fail by chance looks like a planted one."),
        ),
        row(
            "anomaly_recall".to_owned(),
            "Planted revenue anomalies that are found".to_owned(),
            forest.hits,
            forest.planted,
            Some("The fewer bills fall due on a planted day, the less it stands out."),
        ),
    ];
    // A scenario has twelve to fifteen days of a kind at most: too few for a verdict, and so for a note.
    rows.extend(evaluation.by_kind.iter().map(|kind| {
        row(
            format!("anomaly_recall_{}", kind.kind),
            format!("Planted {} that are found", kind.label()),
            kind.forest,
            kind.planted,
            None,
        )
    }));
    rows.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ml::anomalies::{Detection, KindDetection};
    use crate::results::truth::Verdict;

    fn found(hits: usize, planted: usize) -> Evaluation {
        let detection = Detection {
            flagged: hits,
            hits,
            planted,
            precision: None,
            recall: None,
        };
        Evaluation {
            days: 1_461,
            threshold: 0.5,
            trees: 200,
            residuals: Vec::new(),
            forest: detection.clone(),
            robust_z: detection,
            by_kind: vec![KindDetection {
                kind: "outage".to_owned(),
                planted: 3,
                forest: 2,
                robust_z: 1,
            }],
            average_precision: None,
            curve: Vec::new(),
            planted: Vec::new(),
        }
    }

    #[test]
    fn anomalies_are_told_by_kind_and_few_days_support_no_verdict() {
        let rows = anomalies(&found(18, 30));
        let told: Vec<_> = rows
            .iter()
            .map(|row| (row.key.as_str(), row.sample, row.verdict()))
            .collect();
        assert_eq!(
            told,
            [
                ("anomaly_precision", 18, Verdict::Few),
                ("anomaly_recall", 30, Verdict::Biased),
                ("anomaly_recall_outage", 3, Verdict::Few),
            ]
        );
        assert_eq!(rows[2].name, "Planted billing outages that are found");
        assert_eq!(rows[2].interval, Some(wilson(2.0 / 3.0, 3.0)));
    }

    #[test]
    fn nothing_called_has_no_precision() {
        let rows = anomalies(&found(0, 30));
        assert!(rows.iter().all(|row| row.key != "anomaly_precision"));
    }
}
