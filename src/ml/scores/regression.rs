//! How near numbers come to the truth.

use serde::{Deserialize, Serialize};

use super::descending;

/// A tenth of the rows, by rising prediction.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Decile {
    /// Rows in it.
    pub rows: u64,
    /// Mean of what was predicted.
    pub predicted: f64,
    /// Mean of what came.
    pub actual: f64,
}

/// Share of the variance that predictions explain; below 0 when the mean would do better.
#[must_use]
pub fn r2(actual: &[f64], predicted: &[f64]) -> f64 {
    smartcore::metrics::r2(&actual.to_vec(), &predicted.to_vec())
}

/// Mean distance between prediction and truth.
#[must_use]
pub fn mean_absolute_error(actual: &[f64], predicted: &[f64]) -> f64 {
    smartcore::metrics::mean_absolute_error(&actual.to_vec(), &predicted.to_vec())
}

/// Ten bins of equal size by rising prediction; fewer when there are fewer rows.
#[must_use]
pub fn deciles(actual: &[f64], predicted: &[f64]) -> Vec<Decile> {
    let mut order = descending(predicted);
    order.reverse();
    let rows = order.len();
    let bins = rows.min(10);
    (0..bins)
        .map(|bin| {
            let members = &order[rows * bin / bins..rows * (bin + 1) / bins];
            let mean = |values: &[f64]| {
                members.iter().map(|&row| values[row]).sum::<f64>() / members.len() as f64
            };
            Decile {
                rows: members.len() as u64,
                predicted: mean(predicted),
                actual: mean(actual),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_by_hand() {
        let actual = [1.0, 2.0, 3.0, 4.0];
        let predicted = [1.0, 2.0, 3.0, 6.0];
        assert!((r2(&actual, &predicted) - 0.2).abs() < 1e-12);
        assert!((mean_absolute_error(&actual, &predicted) - 0.5).abs() < 1e-12);
        let deciles = deciles(&actual, &predicted);
        assert_eq!(deciles.len(), 4);
        assert_eq!((deciles[3].predicted, deciles[3].actual), (6.0, 4.0));
    }
}
