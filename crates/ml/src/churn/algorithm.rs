//! Boosted trees with calibrated probabilities, and the logistic regression beside them.

use smartcore::linalg::basic::arrays::Array;
use smartcore::linalg::basic::matrix::DenseMatrix;
use smartcore::linear::logistic_regression::{LogisticRegression, LogisticRegressionParameters};

use super::calibration::Platt;
use super::hyperparameters::Checked;
use crate::boosting::{Boosted, Design, logistic};
use crate::libm_float::LibmFloat;
use crate::{Importance, LearnError};

/// A churn model that predicts.
pub struct Fitted {
    boosted: Boosted,
    platt: Platt,
}

impl Checked {
    /// Grows the trees on one part, stops and calibrates them on the other.
    pub(super) fn fit(
        &self,
        training: (&Design, &[bool]),
        validation: (&Design, &[bool]),
        progress: impl FnMut(usize),
    ) -> Result<Fitted, LearnError> {
        let numbers = |labels: &[bool]| -> Vec<f64> {
            labels.iter().map(|&label| f64::from(label)).collect()
        };
        let boosted = self.boosting.fit(
            (training.0, &numbers(training.1)),
            (validation.0, &numbers(validation.1)),
            progress,
        )?;
        let platt = Platt::fit(&boosted.scores(validation.0), validation.1);
        Ok(Fitted { boosted, platt })
    }
}

impl Fitted {
    /// The probability of leaving of each row.
    pub(super) fn probabilities(&self, design: &Design) -> Vec<f64> {
        let scores = self.boosted.scores(design).into_iter();
        scores
            .map(|score| logistic(self.platt.log_odds(score)))
            .collect()
    }

    /// What each feature adds to each row's log-odds, what is common to all rows last.
    pub(super) fn contributions(&self, design: &Design) -> Vec<Vec<f64>> {
        let mut rows = self.boosted.contributions(design);
        for row in &mut rows {
            for part in row.iter_mut() {
                *part *= self.platt.slope;
            }
            if let Some(common) = row.last_mut() {
                *common += self.platt.shift;
            }
        }
        rows
    }

    pub(super) fn importances(&self) -> Vec<Importance> {
        self.boosted.importances()
    }

    pub(super) fn trees(&self) -> usize {
        self.boosted.trees()
    }

    /// Mean loss on the validation part after each tree.
    pub(super) fn history(&self) -> &[f64] {
        &self.boosted.history
    }
}

/// Scores of a logistic regression on standardised features, gaps filled with the mean.
///
/// # Errors
/// [`LearnError::Algorithm`] when smartcore gives up.
pub(super) fn logistic_baseline(
    training: (&Design, &[bool]),
    others: &Design,
) -> Result<Vec<f64>, LearnError> {
    let failed = |message: String| LearnError::Algorithm {
        algorithm: "logistic regression",
        message,
    };
    let (design, labels) = training;
    let scales: Vec<(f64, f64)> = (0..design.names.len())
        .map(|column| scale(design.column(column)))
        .collect();
    let matrix = standardised(design, &scales).map_err(|error| failed(error.to_string()))?;
    let classes: Vec<u32> = labels.iter().map(|&label| u32::from(label)).collect();
    let parameters = LogisticRegressionParameters::default().with_alpha(LibmFloat(1.0));
    let fitted = LogisticRegression::fit(&matrix, &classes, parameters)
        .map_err(|error| failed(error.to_string()))?;
    let (weights, shift) = (fitted.coefficients(), fitted.intercept());
    let mut scores = vec![shift.get((0, 0)).0; others.rows];
    for (column, &(mean, deviation)) in scales.iter().enumerate() {
        let weight = weights.get((0, column)).0;
        for (score, value) in scores.iter_mut().zip(others.column(column)) {
            if !value.is_nan() {
                *score += weight * (value - mean) / deviation;
            }
        }
    }
    Ok(scores)
}

/// Mean and standard deviation of what is there.
fn scale(values: &[f64]) -> (f64, f64) {
    let present: Vec<f64> = values
        .iter()
        .copied()
        .filter(|value| !value.is_nan())
        .collect();
    let count = present.len().max(1) as f64;
    let mean = present.iter().sum::<f64>() / count;
    let variance = present
        .iter()
        .map(|value| (value - mean) * (value - mean))
        .sum::<f64>()
        / count;
    (mean, if variance > 0.0 { variance.sqrt() } else { 1.0 })
}

fn standardised(
    design: &Design,
    scales: &[(f64, f64)],
) -> Result<DenseMatrix<LibmFloat>, smartcore::error::Failed> {
    let mut values = Vec::with_capacity(design.rows * scales.len());
    for (column, &(mean, deviation)) in scales.iter().enumerate() {
        values.extend(design.column(column).iter().map(|value| {
            LibmFloat(if value.is_nan() {
                0.0
            } else {
                (value - mean) / deviation
            })
        }));
    }
    DenseMatrix::new(design.rows, scales.len(), values, true)
}

#[cfg(test)]
mod tests {
    use super::super::hyperparameters::Hyperparameters;
    use super::*;
    use crate::draws::Draws;

    /// Rows with three features, gaps among them, of which two decide the label.
    fn rows(stream: u64, count: usize) -> (Design, Vec<bool>) {
        let mut draws = Draws::new(3, "churn rows", stream);
        let mut columns = [(); 3].map(|()| Vec::with_capacity(count));
        let mut labels = Vec::with_capacity(count);
        for _ in 0..count {
            let [a, b, c] = [(); 3].map(|()| draws.normal());
            labels.push(draws.uniform() < logistic(1.5 * a - a * b - 1.0));
            let gap = draws.uniform() < 0.1;
            for (column, value) in columns
                .iter_mut()
                .zip([a, if gap { f64::NAN } else { b }, c])
            {
                column.push(value);
            }
        }
        let mut design = Design::default();
        for (name, column) in ["a", "b", "c"].into_iter().zip(columns) {
            design.push(name, column);
        }
        (design, labels)
    }

    #[test]
    fn contributions_sum_to_the_log_odds() {
        let ((training, labels), (validation, known)) = (rows(0, 2_000), rows(1, 600));
        let checked = Hyperparameters::default().check(7).unwrap();
        let fitted = checked
            .fit((&training, &labels), (&validation, &known), |_| {})
            .unwrap();
        assert!(fitted.trees() > 10, "{}", fitted.trees());
        let (others, _) = rows(2, 1_000);
        let probabilities = fitted.probabilities(&others);
        for (parts, p) in fitted.contributions(&others).iter().zip(probabilities) {
            let sum: f64 = parts.iter().sum();
            let log_odds = libm::log(p / (1.0 - p));
            assert!((sum - log_odds).abs() < 1e-6, "{sum} for {log_odds}");
        }
    }
}
