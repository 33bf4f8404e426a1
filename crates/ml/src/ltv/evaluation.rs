//! Scores of the hold-out, beside today's price and the model that knows more.

use serde::{Deserialize, Serialize};

use crate::card::Score;
use crate::scores::{Decile, mean_absolute_error, r2};

/// What stands behind the LTV model's scores, all measured on the hold-out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Tenths of the users by rising prediction, in cents.
    pub deciles: Vec<Decile>,
    /// Predicted and actual cents of some users, for a picture.
    pub sample: Vec<[f64; 2]>,
    /// The coverage that was asked for.
    pub asked_coverage: f64,
    /// The share of the hold-out within its interval.
    pub coverage: f64,
    /// The same among users who pay at the snapshot.
    pub paying_coverage: Option<f64>,
    /// Trees that were kept.
    pub trees: usize,
    /// Mean loss on the folds after each tree.
    pub history: Vec<f64>,
}

/// The scores of the hold-out, the most telling first.
pub(super) fn scores(
    actual: &[f64],
    predicted: &[f64],
    baseline: &[f64],
    oracle: &[f64],
    evaluation: &Evaluation,
) -> Vec<Score> {
    let baseline_name = Some("Today's price for a year".to_owned());
    let coverage = format!(
        "Share of users whose revenue lies within an interval designed to contain {:.0}%.",
        100.0 * evaluation.asked_coverage
    );
    let dollars = |values: &[f64]| mean_absolute_error(actual, values) / 100.0;
    vec![
        Score {
            baseline: Some(r2(actual, baseline)),
            baseline_name: baseline_name.clone(),
            oracle: Some(r2(actual, oracle)),
            ..Score::of(
                "r2",
                "R²",
                "Share of the variance in revenue between users that the model explains.",
                r2(actual, predicted),
            )
        },
        Score {
            baseline: Some(dollars(baseline)),
            baseline_name,
            oracle: Some(dollars(oracle)),
            is_more_better: false,
            ..Score::of(
                "mae_dollars",
                "Mean error, $",
                "Mean absolute difference between predicted and actual revenue, in dollars.",
                dollars(predicted),
            )
        },
        Score {
            is_share: true,
            ..Score::of(
                "coverage",
                "Interval coverage",
                coverage,
                evaluation.coverage,
            )
        },
    ]
}
