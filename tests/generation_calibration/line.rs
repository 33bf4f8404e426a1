//! A line of the table: what is planted, what is observed, and how far apart they may lie.

use std::collections::BTreeMap;

/// Standard errors that an observation may lie from what is planted.
const SIGMAS: f64 = 3.5;

/// A line of the table.
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) planted: String,
    pub(crate) observed: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
}

impl Line {
    /// A planted value, the observed one and its standard error.
    pub(crate) fn estimate(name: &str, planted: f64, observed: f64, error: f64) -> Self {
        Self {
            name: name.to_owned(),
            planted: format!("{planted:.4}"),
            observed,
            low: planted - SIGMAS * error,
            high: planted + SIGMAS * error,
        }
    }

    /// A share of `total` trials; `slack` is the relative error the model allows itself.
    pub(crate) fn share(name: &str, planted: f64, hits: f64, total: f64, slack: f64) -> Self {
        let error = (planted * (1.0 - planted) / total.max(1.0)).sqrt();
        let mut line = Self::estimate(name, planted, hits / total.max(1.0), error);
        if planted.min(1.0 - planted) * total < FEWEST_FOR_NORMAL {
            [line.low, line.high] = exact_limits(planted, total);
        }
        line.low -= slack * planted;
        line.high += slack * planted;
        line
    }

    pub(crate) fn band(name: &str, low: f64, high: f64, observed: f64) -> Self {
        Self {
            name: name.to_owned(),
            planted: "band".to_owned(),
            observed,
            low,
            high,
        }
    }

    pub(crate) fn holds(&self) -> bool {
        self.low <= self.observed && self.observed <= self.high
    }
}

/// Hits expected, of the rarer kind, from which their share is as good as normal.
const FEWEST_FOR_NORMAL: f64 = 30.0;

/// The shares between which the binomial distribution has what a normal one has within [`SIGMAS`]: of
/// few trials and a rare hit it has a long tail on one side.
fn exact_limits(planted: f64, total: f64) -> [f64; 2] {
    if planted > 0.5 {
        let [low, high] = exact_limits(1.0 - planted, total);
        return [1.0 - high, 1.0 - low];
    }
    let tail = 0.5 * libm::erfc(SIGMAS / core::f64::consts::SQRT_2);
    let trials = total.round();
    let (mut hits, mut share, mut below) = (0.0, libm::pow(1.0 - planted, trials), 0.0);
    let mut low = None;
    loop {
        if low.is_none() && below + share > tail {
            low = Some(hits);
        }
        below += share;
        if 1.0 - below < tail || hits >= trials {
            return [
                low.unwrap_or_default() / total.max(1.0),
                hits / total.max(1.0),
            ];
        }
        share *= planted / (1.0 - planted) * (trials - hits) / (hits + 1.0);
        hits += 1.0;
    }
}

/// Sums over seeds.
#[derive(Default)]
pub(crate) struct Sums(pub(crate) BTreeMap<&'static str, (f64, f64)>);

impl Sums {
    pub(crate) fn add(&mut self, name: &'static str, hits: f64, total: f64) {
        let sum = self.0.entry(name).or_default();
        sum.0 += hits;
        sum.1 += total;
    }

    pub(crate) fn share(&self, name: &'static str) -> f64 {
        let (hits, total) = self.0.get(name).copied().unwrap_or_default();
        hits / total
    }

    pub(crate) fn line(&self, name: &'static str, planted: f64, slack: f64) -> Line {
        let (hits, total) = self.0.get(name).copied().unwrap_or_default();
        Line::share(name, planted, hits, total, slack)
    }
}
