//! How much wider than the model's own an interval must be, by what earlier forecasts missed.
//!
//! Prophet's interval counts bends of the trend and the noise of single days. It leaves out that
//! seasons and the trend's last slope are estimates, so it holds too few days.
//!
//! # Source
//! Vovk, Gammerman and Shafer (2005), conformal prediction, with errors in units of the model's own
//! interval; Dunn, Wasserman and Ramdas (2023) for groups that are pooled: the days of one origin
//! err together.

use super::Prediction;
use super::predict::INTERVAL;

/// The newest origins that are asked.
const ASKED: usize = 6;

/// What a past forecast missed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Missed {
    /// The first day after those it was judged on.
    until: usize,
    /// Distance from the forecast of each day, in units of its interval's half on that side; rising.
    distances: Vec<f64>,
}

impl Missed {
    /// Of a forecast whose first day has the number `first`, once it is known what came.
    pub(super) fn new(
        predictions: &[Prediction],
        came: &[f64],
        first: usize,
        is_root: bool,
    ) -> Self {
        let scale = |value: f64| if is_root { value.sqrt() } else { value };
        let mut distances: Vec<f64> = predictions
            .iter()
            .zip(came)
            .map(|(prediction, &actual)| {
                let bound = if actual > prediction.value {
                    prediction.upper
                } else {
                    prediction.lower
                };
                let half = (scale(bound) - scale(prediction.value)).abs();
                (scale(actual) - scale(prediction.value)).abs() / half.max(1e-9)
            })
            .collect();
        distances.sort_by(f64::total_cmp);
        Self {
            until: first + came.len(),
            distances,
        }
    }
}

/// The factor with which intervals would have held what they promise at the newest origins that
/// are over by day number `known`; 1 without any.
pub(super) fn widening(missed: &[Missed], known: usize) -> f64 {
    let over: Vec<&Missed> = missed
        .iter()
        .filter(|origin| origin.until <= known && !origin.distances.is_empty())
        .collect();
    let asked = &over[over.len().saturating_sub(ASKED)..];
    if asked.is_empty() {
        return 1.0;
    }
    let mut distances: Vec<f64> = asked
        .iter()
        .flat_map(|origin| origin.distances.iter().copied())
        .collect();
    distances.sort_by(f64::total_cmp);
    let rank = (INTERVAL * distances.len() as f64).ceil() as usize;
    distances[rank.clamp(1, distances.len()) - 1]
}

impl Prediction {
    /// The same with each side of the interval `factor` times as wide, on the scale of the fit.
    #[must_use]
    pub(super) fn widened(&self, factor: f64, is_root: bool) -> Self {
        let side = |bound: f64| {
            if is_root {
                let middle = self.value.sqrt();
                let root = (middle + factor * (bound.sqrt() - middle)).max(0.0);
                root * root
            } else {
                (self.value + factor * (bound - self.value)).max(0.0)
            }
        };
        Self {
            lower: side(self.lower),
            upper: side(self.upper),
            ..*self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PREDICTION: Prediction = Prediction {
        day: 0,
        value: 100.0,
        lower: 81.0,
        upper: 144.0,
    };

    #[test]
    fn intervals_widen_to_what_was_missed_before_and_to_nothing_later() {
        let predictions = [PREDICTION; 5];
        // Distances 0, 1, 1, 1.5, 3 on the scale of the root.
        let missed = Missed::new(&predictions, &[100.0, 144.0, 81.0, 169.0, 49.0], 10, true);
        assert_eq!(missed.distances, [0.0, 1.0, 1.0, 1.5, 3.0]);
        assert_eq!(widening(core::slice::from_ref(&missed), 15), 1.5);
        // It is not over yet.
        assert_eq!(widening(core::slice::from_ref(&missed), 14), 1.0);
        assert_eq!(widening(&[], 100), 1.0);
    }

    #[test]
    fn a_widened_interval_holds_the_same_forecast() {
        let wide = PREDICTION.widened(2.0, true);
        assert_eq!([wide.lower, wide.value, wide.upper], [64.0, 100.0, 196.0]);
        let wide = PREDICTION.widened(2.0, false);
        assert_eq!([wide.lower, wide.upper], [62.0, 188.0]);
        assert_eq!(PREDICTION.widened(20.0, false).lower, 0.0);
    }
}
