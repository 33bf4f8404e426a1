//! The maximum of the posterior.

use super::design::Design;
use super::features::{Features, Holiday};
use super::hyperparameters::Checked;
use super::lbfgs::descend;
use crate::LearnError;

/// Days below which nothing can be told from noise.
pub(super) const LEAST_DAYS: usize = 60;
/// Share of the history in which the trend may bend.
const CHANGEPOINT_RANGE: f64 = 0.8;
/// Scale of the normal priors on slope and level, and of the half-normal one on the noise.
const TREND_SCALE: f64 = 5.0;
const NOISE_SCALE: f64 = 0.5;
/// `|δ|` has a kink that quasi-Newton steps can't pass; it is rounded off, ever less.
const ROUNDINGS: [f64; 3] = [1e-2, 1e-3, 1e-4];
const MOST_STEPS: usize = 2_000;

/// A fitted model: it alone forecasts.
#[derive(Debug, Clone, PartialEq)]
pub struct Fitted {
    pub(super) choices: Checked,
    pub(super) design: Design,
    pub(super) first_day: i64,
    pub(super) days: usize,
    /// What the largest value was divided by.
    pub(super) scale: f64,
    pub(super) slope: f64,
    pub(super) level: f64,
    /// Standard deviation of the noise, scaled.
    pub(super) noise: f64,
    /// Positions of the bends, 0 to 1 over the history, and their size.
    pub(super) changepoints: Vec<f64>,
    pub(super) bends: Vec<f64>,
    pub(super) effects: Vec<f64>,
    /// Log of the posterior density at the estimate, without its constant.
    pub log_posterior: f64,
}

/// Fits the model to a history.
///
/// # Errors
/// [`LearnError`] when there are too few days, a value is no number, nobody was ever active, or
/// the search for the maximum fails.
///
/// # Source
/// Taylor and Letham (2018), Forecasting at scale: piecewise linear trend, Laplace prior on
/// bends, Fourier seasons, maximum a posteriori. Priors and defaults are those of Prophet 1.1.
pub fn fit(
    features: &Features,
    holidays: &[Holiday],
    choices: &Checked,
) -> Result<Fitted, LearnError> {
    let days = features.active_users.len();
    if days < LEAST_DAYS {
        return Err(LearnError::TooFewRows {
            part: "the history of active users".to_owned(),
            found: days,
            needed: LEAST_DAYS,
        });
    }
    if let Some(row) = features
        .active_users
        .iter()
        .position(|value| !value.is_finite())
    {
        return Err(LearnError::NotANumber {
            column: "dau".to_owned(),
            row,
        });
    }
    let scale = features
        .active_users
        .iter()
        .fold(0.0_f64, |most, value| most.max(value.abs()));
    if scale <= 0.0 {
        return Err(LearnError::ConstantFeatures { columns: 1 });
    }
    let fitted_value = |value: f64| {
        if choices.is_root {
            value.max(0.0).sqrt()
        } else {
            value
        }
    };
    let scale = fitted_value(scale);
    let design = Design::new(choices, holidays, features.first_day, days);
    let changepoints = changepoints(days, choices.changepoints);
    let posterior = Posterior {
        target: features
            .active_users
            .iter()
            .map(|&value| fitted_value(value) / scale)
            .collect(),
        columns: design.rows(features.first_day..features.first_day + days as i64),
        width: design.width,
        changepoints: &changepoints,
        is_multiplicative: choices.is_multiplicative,
        flexibility: choices.flexibility,
        season_scale: choices.season_scale,
    };
    let first = posterior.target[0];
    let last = posterior.target[days - 1];
    let mut parameters = vec![0.0; 3 + changepoints.len() + design.width];
    (parameters[0], parameters[1]) = (last - first, first);
    for rounding in ROUNDINGS {
        descend(&mut parameters, MOST_STEPS, |at, slope| {
            posterior.cost(at, slope, rounding)
        });
    }
    if !parameters.iter().all(|value| value.is_finite()) {
        return Err(LearnError::Algorithm {
            algorithm: "the forecast",
            message: "the search for the most likely trend left the numbers".to_owned(),
        });
    }
    let (bends, effects) = parameters[3..].split_at(changepoints.len());
    let mut unused = vec![0.0; parameters.len()];
    let log_posterior = -posterior.cost(&parameters, &mut unused, 0.0);
    Ok(Fitted {
        choices: *choices,
        first_day: features.first_day,
        days,
        scale,
        slope: parameters[0],
        level: parameters[1],
        noise: libm::exp(parameters[2]),
        bends: bends.to_vec(),
        effects: effects.to_vec(),
        changepoints,
        design,
        log_posterior,
    })
}

/// Spread evenly over the days of the range, as Prophet does it.
fn changepoints(days: usize, count: usize) -> Vec<f64> {
    let within = (days as f64 * CHANGEPOINT_RANGE) as usize;
    let count = count.min(within.saturating_sub(1));
    (1..=count)
        .map(|index| {
            let day = libm::rint(index as f64 * (within - 1) as f64 / count as f64);
            day / (days - 1) as f64
        })
        .collect()
}

/// What the data and the priors say of parameters: slope, level, log of the noise, bends, effects.
struct Posterior<'a> {
    target: Vec<f64>,
    columns: Vec<f64>,
    width: usize,
    changepoints: &'a [f64],
    is_multiplicative: bool,
    flexibility: f64,
    season_scale: f64,
}

impl Posterior<'_> {
    /// Minus the log of the posterior density, and its gradient. `|δ|` counts as
    /// `√(δ² + rounding²)`.
    fn cost(&self, parameters: &[f64], gradient: &mut [f64], rounding: f64) -> f64 {
        let days = self.target.len();
        let bend_count = self.changepoints.len();
        let (trend_part, effects) = parameters.split_at(3 + bend_count);
        let (slope, level, log_noise, bends) = (
            trend_part[0],
            trend_part[1],
            trend_part[2],
            &trend_part[3..],
        );
        let precision = libm::exp(-2.0 * log_noise);
        gradient.fill(0.0);

        let mut squares = 0.0;
        // Of the cost by the trend of each day; bends gather it from their day on.
        let mut by_trend = vec![0.0; days];
        let (mut rate, mut offset, mut next) = (slope, level, 0);
        for (day, target) in self.target.iter().enumerate() {
            let time = day as f64 / (days - 1) as f64;
            while next < bend_count && self.changepoints[next] <= time {
                rate += bends[next];
                offset -= bends[next] * self.changepoints[next];
                next += 1;
            }
            let trend = rate * time + offset;
            let row = &self.columns[day * self.width..(day + 1) * self.width];
            let season: f64 = row.iter().zip(effects).map(|(x, effect)| x * effect).sum();
            let fitted = if self.is_multiplicative {
                trend * (1.0 + season)
            } else {
                trend + season
            };
            let error = fitted - target;
            squares += error * error;
            let by_fitted = error * precision;
            by_trend[day] = if self.is_multiplicative {
                by_fitted * (1.0 + season)
            } else {
                by_fitted
            };
            let by_season = if self.is_multiplicative {
                by_fitted * trend
            } else {
                by_fitted
            };
            for (slot, x) in gradient[3 + bend_count..].iter_mut().zip(row) {
                *slot += by_season * x;
            }
        }
        let (mut by_rate, mut by_offset) = (0.0, 0.0);
        let mut bend = bend_count;
        for day in (0..days).rev() {
            let time = day as f64 / (days - 1) as f64;
            while bend > 0 && self.changepoints[bend - 1] > time {
                bend -= 1;
                gradient[3 + bend] = by_rate - by_offset * self.changepoints[bend];
            }
            by_rate += by_trend[day] * time;
            by_offset += by_trend[day];
        }
        while bend > 0 {
            bend -= 1;
            gradient[3 + bend] = by_rate - by_offset * self.changepoints[bend];
        }

        let square = |scale: f64| scale * scale;
        gradient[0] = by_rate + slope / square(TREND_SCALE);
        gradient[1] = by_offset + level / square(TREND_SCALE);
        let noise_squared = 1.0 / precision;
        gradient[2] = days as f64 - squares * precision + noise_squared / square(NOISE_SCALE);
        let mut cost = days as f64 * log_noise
            + 0.5 * squares * precision
            + 0.5 * (square(slope) + square(level)) / square(TREND_SCALE)
            + 0.5 * noise_squared / square(NOISE_SCALE);
        for (slot, bend) in gradient[3..].iter_mut().zip(bends) {
            let size = (bend * bend + rounding * rounding).sqrt();
            cost += size / self.flexibility;
            if size > 0.0 {
                *slot += bend / size / self.flexibility;
            }
        }
        for (slot, effect) in gradient[3 + bend_count..].iter_mut().zip(effects) {
            cost += 0.5 * square(effect / self.season_scale);
            *slot += effect / square(self.season_scale);
        }
        cost
    }
}

#[cfg(test)]
mod tests {
    use super::super::hyperparameters::Hyperparameters;
    use super::*;

    fn posterior<'a>(changepoints: &'a [f64], is_multiplicative: bool) -> Posterior<'a> {
        let days = 40;
        Posterior {
            target: (0..days)
                .map(|day| 0.2 + 0.02 * f64::from(day % 9))
                .collect(),
            columns: (0..days * 2).map(|at| libm::sin(f64::from(at))).collect(),
            width: 2,
            changepoints,
            is_multiplicative,
            flexibility: 0.05,
            season_scale: 10.0,
        }
    }

    #[test]
    fn the_gradient_is_the_slope_of_the_cost() {
        for is_multiplicative in [false, true] {
            let changepoints = [0.2, 0.4, 10.0 / 39.0 + 0.3];
            let posterior = posterior(&changepoints, is_multiplicative);
            let at = [0.3, 0.1, -0.7, 0.02, -0.3, 0.1, 0.2, -0.1];
            let mut gradient = [0.0; 8];
            posterior.cost(&at, &mut gradient, 1e-3);
            for index in 0..at.len() {
                let step = 1e-6;
                let moved = |by: f64| {
                    let mut moved = at;
                    moved[index] += by;
                    posterior.cost(&moved, &mut [0.0; 8], 1e-3)
                };
                let slope = (moved(step) - moved(-step)) / (2.0 * step);
                assert!(
                    (slope - gradient[index]).abs() < 1e-5 * slope.abs().max(1.0),
                    "{index}: {slope} {}",
                    gradient[index]
                );
            }
        }
    }

    #[test]
    fn changepoints_are_prophets() {
        // numpy.linspace(0, 79, 5).round()[1:] of 100 days.
        let expected = [20.0, 40.0, 59.0, 79.0].map(|day| day / 99.0);
        assert_eq!(changepoints(100, 4), expected);
    }

    #[test]
    fn what_cannot_be_fitted_says_so() {
        let choices = Hyperparameters::default().check().unwrap();
        let fit_of = |active_users: Vec<f64>| {
            fit(
                &Features {
                    first_day: 0,
                    active_users,
                },
                &[],
                &choices,
            )
        };
        assert!(matches!(
            fit_of(vec![1.0; 20]),
            Err(LearnError::TooFewRows { found: 20, .. })
        ));
        assert!(matches!(
            fit_of(vec![0.0; 90]),
            Err(LearnError::ConstantFeatures { .. })
        ));
        let mut gap = vec![1.0; 90];
        gap[7] = f64::NAN;
        assert!(matches!(
            fit_of(gap),
            Err(LearnError::NotANumber { row: 7, .. })
        ));
    }
}
