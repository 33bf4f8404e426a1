//! From scores to probabilities.

use crate::boosting::logistic;

/// `log-odds = slope × score + shift`.
///
/// Rising, so that it changes no ranking, and linear, so that contributions still add up.
///
/// # Source
/// Platt (1999), with his smoothed targets; Newton's method with step halving as in Lin, Lin and
/// Weng (2007), "A note on Platt's probabilistic outputs": a whole step can overshoot for ever.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Platt {
    pub(super) slope: f64,
    pub(super) shift: f64,
}

impl Platt {
    /// Fits both numbers on scores that the trees were not grown on.
    pub(super) fn fit(scores: &[f64], labels: &[bool]) -> Self {
        let positives = labels.iter().filter(|&&label| label).count() as f64;
        let negatives = labels.len() as f64 - positives;
        let target = |label: bool| {
            if label {
                (positives + 1.0) / (positives + 2.0)
            } else {
                1.0 / (negatives + 2.0)
            }
        };
        let mut platt = Self {
            slope: 1.0,
            shift: 0.0,
        };
        let loss = |platt: Self| -> f64 {
            let rows = scores.iter().zip(labels);
            rows.map(|(&score, &label)| {
                let odds = platt.log_odds(score);
                // log(1 + e^odds) without overflow.
                let softplus = odds.max(0.0) + libm::log1p(libm::exp(-odds.abs()));
                softplus - target(label) * odds
            })
            .sum()
        };
        let mut standing = loss(platt);
        for _ in 0..50 {
            let (mut by_slope, mut by_shift) = (0.0, 0.0);
            let (mut slopes, mut both, mut shifts) = (1e-9, 0.0, 1e-9);
            for (&score, &label) in scores.iter().zip(labels) {
                let p = logistic(platt.log_odds(score));
                let (error, weight) = (p - target(label), p * (1.0 - p));
                by_slope += error * score;
                by_shift += error;
                slopes += weight * score * score;
                both += weight * score;
                shifts += weight;
            }
            let determinant = slopes * shifts - both * both;
            if determinant.abs() < 1e-12 {
                break;
            }
            let slope_step = (shifts * by_slope - both * by_shift) / determinant;
            let shift_step = (slopes * by_shift - both * by_slope) / determinant;
            let mut share = 1.0;
            let next = loop {
                let next = Self {
                    slope: platt.slope - share * slope_step,
                    shift: platt.shift - share * shift_step,
                };
                let next_loss = loss(next);
                if next_loss < standing {
                    standing = next_loss;
                    break Some(next);
                }
                share /= 2.0;
                if share < 1e-10 {
                    break None;
                }
            };
            let Some(next) = next else {
                break;
            };
            platt = next;
            if share * (slope_step.abs() + shift_step.abs()) < 1e-10 {
                break;
            }
        }
        // A part too small to tell the direction must not turn the ranking round.
        if platt.slope.is_finite() && platt.shift.is_finite() && platt.slope > 0.05 {
            platt
        } else {
            Self {
                slope: 1.0,
                shift: 0.0,
            }
        }
    }

    pub(super) fn log_odds(&self, score: f64) -> f64 {
        self.slope * score + self.shift
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_that_are_too_sure_are_pulled_back() {
        let scores: Vec<f64> = (0..4_000).map(|row| f64::from(row % 9 - 4) * 2.0).collect();
        // The truth is half as sure, and lower.
        let labels: Vec<bool> = scores
            .iter()
            .enumerate()
            .map(|(row, score)| {
                let p = logistic(0.5 * score - 1.0);
                (row / 9 * 37 % 400) as f64 / 400.0 < p
            })
            .collect();
        let platt = Platt::fit(&scores, &labels);
        assert!((platt.slope - 0.5).abs() < 0.05, "{platt:?}");
        assert!((platt.shift + 1.0).abs() < 0.1, "{platt:?}");
    }
}
