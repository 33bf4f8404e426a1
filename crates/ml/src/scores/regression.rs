//! How near numbers come to the truth.

use serde::{Deserialize, Serialize};

use super::bins_of_equals;

/// About a tenth of the rows, by rising prediction.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Decile {
    /// Its place, from 1 for the lowest predictions; a tenth that no row falls in is left out.
    pub decile: usize,
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

/// About ten bins of equal size by rising prediction; rows of one prediction share a bin.
#[must_use]
pub fn deciles(actual: &[f64], predicted: &[f64]) -> Vec<Decile> {
    let bins = predicted.len().min(10);
    let binned = bins_of_equals(predicted, bins).into_iter().rev();
    binned
        .map(|(place, members)| {
            let mean = |values: &[f64]| {
                members.iter().map(|&row| values[row]).sum::<f64>() / members.len() as f64
            };
            Decile {
                decile: bins - place,
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
